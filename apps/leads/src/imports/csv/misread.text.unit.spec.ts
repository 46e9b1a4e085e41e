import { misreadNote } from './misread.text.js';

const windows = (bytes: string): string => new TextDecoder('windows-1252').decode(Buffer.from(bytes, 'latin1'));

describe('text that is read as Windows-1252', () => {
  it.each([
    ['of DOS', ['K\x94ln', 'Gro\xe1', 'B\x84cker']],
    ['of DOS, a word’s last letter', ['Jos\x82', 'Pel\x82']],
    ['of DOS, in capitals', ['K\x99LN']],
    ['of a Mac', ['M\x9fller', 'Stra\xa7e', 'Jos\x8e']],
    ['of a Mac, some of it', ['B\x8acker', 'Ada', 'Ulm']],
  ])('is told to be in another encoding where marks stand within words: %s', (_, cells) => {
    expect(misreadNote(cells.map(windows), 'windows-1252')).toMatch(/another encoding than windows-1252/);
    expect(misreadNote(cells.map(windows), 'iso-8859-1')).toMatch(/another encoding/);
    expect(misreadNote(cells.map(windows), 'utf-8')).toBeUndefined();
  });

  it('is told where some of it was saved as UTF-8 twice', () => {
    expect(misreadNote(['JosÃ©', 'Jürgen'], 'utf-8')).toMatch(/^Some of its letters .* utf-8-twice/);
    expect(misreadNote(['AÇÃO', 'Jürgen'], 'utf-8')).toBeUndefined();
  });

  it.each([
    ['what it is', ['M\xfcller', '\x84Ott\x93 \x96 KG', 'L\x92Or\xe9al', '5\x80', 'Rock\x92n\x92Roll', '12 m\xb2']],
    ['capitals', ['\x8ai\x9aka', '\x8eELJKO', '\x8cuvre']],
    ['a mark among many letters', ['Gro\xdf', 'J\xf6rg', 'A\xaeB']],
    ['nothing but ASCII', ['Ada', '']],
  ])('is left at that where it has %s', (_, cells) => {
    expect(misreadNote(cells.map(windows), 'windows-1252')).toBeUndefined();
  });
});
