import { type Encoding, EncodingDetector } from './csv.encoding.js';
import { eightBits } from './eight.bits.js';
import { decoderOf } from './text.decoder.js';

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const TWO_BYTES = ['shift_jis', 'euc-jp', 'gb18030', 'euc-kr', 'big5'];

/** The bytes of a text, a character for each, in an encoding whose decoder is here. */
function written(text: string, encoding: Encoding): string {
  const isWide = TWO_BYTES.includes(encoding);
  const pairs = isWide ? range(0x81, 0xfe).flatMap((lead) => range(0x40, 0xfe).map((trail) => [lead, trail])) : [];
  const singles = range(0, isWide ? 0x7f : 0xff).map((byte) => [byte]);
  const decoder = decoderOf(encoding);
  const bytes = new Map(
    [...pairs, ...singles].map((each): [string, string] => [
      decoder.decode(Uint8Array.from(each)),
      String.fromCharCode(...each),
    ]),
  );
  return [...text].map((letter) => bytes.get(letter) ?? '?').join('');
}

/** What a text in an encoding is taken for. */
function found(text: string, encoding: Encoding, country?: string): ReturnType<typeof eightBits> {
  const bytes = written(text, encoding);
  return eightBits(
    bytes.split(/[ ,]+/).filter((word) => /[\x80-\xff]/.test(word)),
    Buffer.from(bytes, 'latin1'),
    country,
  );
}

describe('text of eight bits', () => {
  it('has the letters of Ukrainian where it is koi8-r, which has frames in their place', () => {
    const letters = Uint8Array.of(0xa4, 0xa6, 0xa7, 0xad, 0xb4, 0xb6, 0xb7, 0xbd);
    expect(decoderOf('koi8-r').decode(letters)).toBe('єіїґЄІЇҐ');
  });

  it.each<[Encoding, string, string]>([
    ['windows-1250', 'Zięba, Wójcik, Kamiński', 'Polish'],
    ['windows-1250', 'Łukasz Świątek', 'Polish'],
    ['windows-1250', 'Jiří Dvořák, Tomáš Němec', 'Czech'],
    ['windows-1250', 'Erdős Győző, Szűcs', 'Hungarian'],
    ['windows-1250', 'Müller, Łukasz, Bąk, Größe', 'Polish'],
    ['windows-1251', 'Иван Петров, Ольга Смирнова', 'Russian'],
    ['windows-1251', 'МОСКВА', 'Russian'],
    ['windows-1253', 'Ελένη Παπαδοπούλου', 'Greek'],
    ['windows-1254', 'Ayşe Yılmaz, İbrahim Çağlar', 'Turkish'],
    ['windows-1255', 'דוד כהן, שרה לוי, תל אביב', 'Hebrew'],
    ['windows-1256', 'محمد العلي, فاطمة الزهراء', 'Arabic'],
    ['windows-1257', 'Jūratė Žukauskienė, Šarūnas', 'Lithuanian'],
    ['windows-1257', 'Jānis Bērziņš, Līga Kalniņa', 'Latvian'],
    ['windows-874', 'สมชาย ใจดี, กรุงเทพ', 'Thai'],
    ['koi8-r', 'Иван Петров, Ольга Смирнова', 'Russian'],
    ['iso-8859-5', 'Иван Петров, Ольга Смирнова', 'Russian'],
    ['ibm866', 'Иван Петров, Ольга Смирнова', 'Russian'],
    ['koi8-u', 'Євген Їжакевич, Дмитрієнко, Київ', 'Ukrainian'],
    ['iso-8859-15', 'Œuvre Léo, Cœur Zoé', 'French'],
    ['iso-8859-15', 'Lebœuf', 'French'],
    ['iso-8859-15', 'Mäkelä, Saša', 'Finnish'],
    ['iso-8859-2', 'Jiří Dvořák, Tomáš Němec', 'Czech'],
    ['iso-8859-2', 'Łukasz Świątek, Grażyna Mąka', 'Polish'],
    ['cp852', 'Łukasz Świątek, Michał Zięba', 'Polish'],
    ['cp850', 'Müller, Größe, Jürgen', 'German'],
    ['cp850', 'José, João, Conceição', 'Portuguese'],
    ['gb18030', '王伟,李娜,张秀英,刘洋,上海,北京,陈静,杨光', 'Chinese'],
    ['euc-kr', '김민수,이서연,서울,부산,박지훈,최유진,대전,인천', 'Korean'],
    ['euc-jp', '山田太郎,鈴木花子,サトウ,たなか,東京都,大阪府,伊藤,高橋', 'Japanese'],
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

  it.each<[Encoding, string, string]>([
    ['gb18030', '王伟', 'CN'],
    ['big5', '陳大文,王小明', 'TW'],
    ['euc-kr', '김민수', 'KR'],
    ['euc-jp', '山田太郎', 'JP'],
    ['shift_jis', '山田太郎', 'CN'],
    ['windows-1251', 'Иван Петров', 'RU'],
    ['windows-1255', 'כהן', 'IL'],
    ['koi8-r', 'МОСКВА, САНКТ-ПЕТЕРБУРГ', 'RU'],
    ['windows-1256', 'علي', 'SA'],
    ['windows-1257', 'Žukauskas', 'LT'],
    ['windows-1252', 'Müller', 'JP'],
    ['windows-1252', 'Größe, Jürgen', 'KR'],
  ])('is %s in few words where that is usual: %s in %s', (encoding, text, country) => {
    expect(found(text, encoding, country).encoding).toBe(encoding);
  });

  it.each<[Encoding, string, string]>([
    ['iso-8859-15', '250 €', 'FI'],
    ['iso-8859-15', 'Mäkelä, Åkerblom, €', 'FI'],
    ['iso-8859-15', 'Straße, \u00a0€', 'DE'],
    ['iso-8859-16', 'Ștefan, Țară, Bălan, €', 'RO'],
  ])('is %s where a figure has the sign of the euro: %s', (encoding, text, country) => {
    const told = { encoding, reason: expect.stringContaining('that of the euro') as string };
    expect(found(text, encoding, country)).toEqual(told);
  });

  it.each([
    'D´Angelo, Müller',
    'D´ANGELO, O´NEILL, JOSÉ',
    'Gabi´s Café',
    '½ Müller',
    '½kg, José',
    'foo¦bar, José',
    'Müller, ¤, „Ott“',
  ])('keeps the signs that Windows-1252 has: %s', (text) => {
    expect(found(text, 'windows-1252', 'FR').encoding).toBe('windows-1252');
  });

  it.each([
    ...['1.250,00 €', '950 €', '£1,250.00', 'Value (£)', 'paid £50 deposit', '£5k', '¥500', '5¢', '12 T€', '5\u00a0€'],
    ...['don’t call', 'O’Neil', 'L’OREAL', 'JOHN’S', 'He said “call me” – it’s urgent', '“quoted”', 'wait…', '‘so’'],
    ...['20°C', '20 °', 'N° 5', '½ price', '½kg', '3 × 4', '3×4', '§ 5 BGB', '© Acme', 'Acme®', 'ACME™', '± 5', '5 µm'],
    ...['«oui»', '¿Que?', '¡Hola!', 'Nº 5', 'Mª José', '50 m²', '• one', '„gut“', 'Jane\u00a0Doe'],
    ...[
      'paid £50, café',
      '20°, Jörg Weiß',
      'don’t call Zoë',
      'Straße “x”',
      '§ 5, Größe',
      '„sehr dringend“ – bitte zurück',
    ],
  ])('has the signs of print and of amounts in any country, and nothing is told of it: %s', async (text) => {
    for (const country of ['DE', 'FR', 'US', 'GB', 'BR', 'PL', 'RU', 'TH', 'CN']) {
      const detector = new EncodingDetector();
      await detector.add(Buffer.from(written(`Name,Notes\nAl Bo,${text}\n`, 'windows-1252'), 'latin1'));
      const { encoding, note } = detector.result(true, country);
      expect([country, encoding.replace('iso-8859-1', 'windows-1252'), note]).toEqual([
        country,
        'windows-1252',
        undefined,
      ]);
    }
  });

  it.each<[Encoding, string, string]>([
    ['windows-1250', '“Łukasz” – Zięba', 'PL'],
    ['windows-1250', '1250 zł', 'PL'],
    ['windows-1250', 'don’t call Tomáš Dvořák', 'US'],
    ['windows-1251', '5 €, Иван Петров', 'RU'],
    ['cp850', 'Malmö, Göteborg', 'SE'],
    ['cp850', 'BJÆRG, KÆR', 'DK'],
    ['iso-8859-2', 'Šimek, © Tomáš', 'CZ'],
  ])('is %s where words beside signs are written so: %s', async (encoding, text, country) => {
    const detector = new EncodingDetector();
    await detector.add(Buffer.from(written(`Name,Notes\nAl Bo,${text}\n`, encoding), 'latin1'));
    expect(detector.result(true, country).encoding).toBe(encoding);
  });

  it('is no Cyrillic where a letter of it would stand within a word of Latin ones', () => {
    expect(eightBits(['ab\xd0'], Buffer.from('ab\xd0', 'latin1'), 'RU').encoding).toBe('windows-1252');
  });

  it('is Slovak where a word could be French as well, but in France', () => {
    expect(found('Ľubica', 'windows-1250', 'SK').encoding).toBe('windows-1250');
    expect(found('Ľudmila Kováčová', 'windows-1250', 'FR').encoding).toBe('windows-1250');
    expect(found('Œuvre', 'iso-8859-15', 'FR')).toEqual({
      encoding: 'iso-8859-15',
      reason: expect.stringContaining('windows-1250 as well') as string,
    });
  });

  it('has the letters of Ukrainian, also where it is said to be Russian', () => {
    expect(decoderOf('koi8-r').decode(Buffer.from(written('Євген', 'koi8-u'), 'latin1'))).toBe('Євген');
  });

  it('is told where it is of no language', () => {
    expect(found('Wßéñ, Xôýþ', 'windows-1252')).toEqual({
      encoding: 'windows-1252',
      reason: expect.stringContaining('no language') as string,
    });
  });

  it('is Japanese where its bytes are characters of two', () => {
    const bytes = Buffer.from('\x8eR\x93c\x91\xbe\x98Y', 'latin1');
    expect(eightBits([], bytes)).toMatchObject({ encoding: 'shift_jis' });
    const latin = Buffer.from('H\xe9l\xe8ne; Fran\xe7ois; J\xfcrgen', 'latin1');
    expect(eightBits(['H\xe9l\xe8ne'], latin)).toMatchObject({ encoding: 'windows-1252' });
    expect(eightBits(['K\xd6LN'], Buffer.from('K\xd6LN', 'latin1'))).toEqual({ encoding: 'windows-1252' });
  });
});
