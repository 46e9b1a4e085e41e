import { eightBits } from './eight.bits.js';

/** The bytes of a text, a character for each, in an encoding whose decoder is here. */
function written(text: string, encoding: string): string {
  const decoder = new TextDecoder(encoding);
  const bytes = new Map(
    Array.from({ length: 256 }, (_, byte): [string, string] => [
      decoder.decode(Uint8Array.of(byte)),
      String.fromCharCode(byte),
    ]),
  );
  return [...text].map((letter) => bytes.get(letter) ?? '?').join('');
}

/** What a text in an encoding is taken for. */
function found(text: string, encoding: string, country?: string): ReturnType<typeof eightBits> {
  const bytes = written(text, encoding);
  return eightBits(
    bytes.split(/[ ,]+/).filter((word) => /[\x80-\xff]/.test(word)),
    Buffer.from(bytes, 'latin1'),
    country,
  );
}

describe('text of eight bits', () => {
  it.each([
    ['windows-1250', 'Zięba, Wójcik, Kamiński', 'Polish'],
    ['windows-1250', 'Łukasz Świątek', 'Polish'],
    ['windows-1250', 'Jiří Dvořák, Tomáš Němec', 'Czech'],
    ['windows-1250', 'Erdős Győző, Szűcs', 'Hungarian'],
    ['windows-1250', 'Müller, Łukasz, Bąk, Größe', 'Polish'],
    ['windows-1251', 'Иван Петров, Ольга Смирнова', 'Russian'],
    ['windows-1251', 'МОСКВА', 'Russian'],
    ['windows-1253', 'Ελένη Παπαδοπούλου', 'Greek'],
    ['windows-1254', 'Ayşe Yılmaz, İbrahim Çağlar', 'Turkish'],
  ])('is %s by its letters: %s', (encoding, text, language) => {
    const { encoding: is, reason } = found(text, encoding);
    expect([is, reason]).toEqual([encoding, expect.stringContaining(language)]);
  });

  it.each([
    'Müller, Größe, Jürgen',
    'José, João, Conceição',
    'Hélène Lefèvre, François',
    'Muñoz, García',
    'Bjørn Håkon, Ærø',
    'Guðrún, Þór',
    'L’Oréal – „Ott“ €',
  ])('is Windows-1252 and no more is told of it where its letters are those of the West: %s', (text) => {
    expect(found(text, 'windows-1252')).toEqual({ encoding: 'windows-1252' });
    expect(found(text, 'windows-1252', 'DE')).toEqual({ encoding: 'windows-1252' });
  });

  it('is by the country, which is told, where letters of two languages would do', () => {
    const told = expect.stringContaining('usual in the country decides') as string;
    expect(found('Zięba', 'windows-1250', 'PL')).toEqual({ encoding: 'windows-1250', reason: told });
    expect(found('Zięba', 'windows-1250', 'FR')).toEqual({ encoding: 'windows-1252', reason: told });
    expect(found('Perché, Nicolò', 'windows-1252', 'IT')).toEqual({ encoding: 'windows-1252', reason: told });
    expect(found('Zięba', 'windows-1250')).toEqual({ encoding: 'windows-1252', reason: told });
  });

  it('is Japanese where its bytes are characters of two', () => {
    const bytes = Buffer.from('\x8eR\x93c\x91\xbe\x98Y', 'latin1');
    expect(eightBits([], bytes)).toMatchObject({ encoding: 'shift_jis' });
    const latin = Buffer.from('H\xe9l\xe8ne; Fran\xe7ois; J\xfcrgen', 'latin1');
    expect(eightBits(['H\xe9l\xe8ne'], latin)).toMatchObject({ encoding: 'windows-1252' });
    expect(eightBits(['K\xd6LN'], Buffer.from('K\xd6LN', 'latin1'))).toEqual({ encoding: 'windows-1252' });
  });
});
