import type { leadsMessages } from '@apollo/contracts';

type Encoding = (typeof leadsMessages.IMPORT_ENCODINGS)[number];

/** What text in bytes that are no UTF-8 seems to be. */
export interface EightBits {
  readonly encoding: 'windows-1252' | 'windows-1250' | 'windows-1251' | 'windows-1253' | 'windows-1254' | 'shift_jis';
  /** Why it is read so, where that is not Windows-1252 for sure. */
  readonly reason?: string;
}

/** The letters beside those of ASCII that a language is written in, in small, by the encoding that Windows has for it. */
const LETTERS: readonly (readonly [encoding: EightBits['encoding'], language: string, letters: string])[] = [
  ['windows-1252', 'German', 'äöüß'],
  ['windows-1252', 'French', 'àâæçéèêëîïôœùûüÿ'],
  ['windows-1252', 'Spanish', 'áéíñóúüçàèïòªº'],
  ['windows-1252', 'Portuguese', 'áâãàçéêíóôõúü'],
  ['windows-1252', 'Italian', 'àèéìíîòóùú'],
  ['windows-1252', 'a Nordic language', 'åäöæøé'],
  ['windows-1252', 'Icelandic', 'áðéíóúýþæö'],
  ['windows-1252', 'Dutch', 'áéëèïíóöúü'],
  ['windows-1250', 'Polish', 'ąćęłńóśźż'],
  ['windows-1250', 'Czech', 'áčďéěíňóřšťúůýž'],
  ['windows-1250', 'Slovak', 'áäčďéíĺľňóôŕšťúýž'],
  ['windows-1250', 'Hungarian', 'áéíóöőúüű'],
  ['windows-1250', 'Romanian', 'ăâîşţ'],
  ['windows-1250', 'a South Slavic language', 'čćđšž'],
  ['windows-1250', 'German', 'äöüß'],
  ['windows-1254', 'Turkish', 'çğıi̇öşüâîû'],
  ['windows-1254', 'German', 'äöüß'],
  ['windows-1251', 'Russian, Ukrainian or Bulgarian', 'абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўјљњћђџ'],
  ['windows-1253', 'Greek', 'αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ'],
];

/** Letters that are most of all text, where all letters of a language lie beyond ASCII. */
const COMMON: Readonly<Record<string, string>> = { 'windows-1251': 'оеаинтсрвл', 'windows-1253': 'αοιετνσηςρ' };

/** Languages of countries that are written otherwise than Windows-1252 has it. */
const LANGUAGES: Readonly<Record<string, EightBits['encoding']>> = {
  ...Object.fromEntries(['pl', 'cs', 'sk', 'hu', 'ro', 'hr', 'sl', 'bs', 'sq'].map((each) => [each, 'windows-1250'])),
  ...Object.fromEntries(['ru', 'uk', 'bg', 'be', 'mk', 'sr', 'kk', 'ky'].map((each) => [each, 'windows-1251'])),
  el: 'windows-1253',
  tr: 'windows-1254',
  ja: 'shift_jis',
};

/** The encoding that is usual where the organization is. @param country ISO 3166 */
function usualIn(country: string | undefined): EightBits['encoding'] {
  if (country === undefined) return 'windows-1252';
  return LANGUAGES[new Intl.Locale('und', { region: country }).maximize().language] ?? 'windows-1252';
}

/**
 * Finds out by what letters words are written in. Where two encodings fit alike and read them differently, the country
 * decides, which is told.
 *
 * @param words that have bytes beyond ASCII, each different, a character for each byte
 * @param sample some bytes of the file, from the first one beyond ASCII on
 * @param country ISO 3166 of the organization
 */
export function eightBits(words: readonly string[], sample: Buffer, country?: string): EightBits {
  if (isJapanese(sample)) return { encoding: 'shift_jis', reason: 'its characters are those of Japanese' };
  const usual = usualIn(country);
  const scored = [...new Set(LETTERS.map(([encoding]) => encoding))]
    .map((encoding) => scoreOf(encoding, words))
    .toSorted((a, b) => b.score - a.score || Number(b.encoding === usual) - Number(a.encoding === usual));
  const [best, ...others] = scored;
  if (!best || best.score === 0) return { encoding: 'windows-1252' };
  const alike = others.find(({ score, text }) => score === best.score && text !== best.text);
  if (alike)
    return {
      encoding: best.encoding,
      reason: `its letters would do for ${alike.encoding} as well, and what is usual in the country decides`,
    };
  // Where they read all words alike, it is what most files are in.
  const plain = others.find(({ encoding, text }) => encoding === 'windows-1252' && text === best.text);
  return plain || best.encoding === 'windows-1252'
    ? { encoding: 'windows-1252' }
    : { encoding: best.encoding, reason: `its letters are those of ${best.language}` };
}

interface Score {
  readonly encoding: EightBits['encoding'];
  readonly language: string;
  /** Words that one of its languages could have, and those of the language that could have most. */
  readonly score: number;
  readonly text: string;
}

function scoreOf(encoding: EightBits['encoding'], words: readonly string[]): Score {
  const decoder = new TextDecoder(encoding);
  const read = words.map((word) => decoder.decode(Buffer.from(word, 'latin1')));
  const languages = LETTERS.filter(([of]) => of === encoding).map(([, language, letters]) => {
    const known = new Set(letters);
    const fitting = read.filter((word) => isWordOf(word, known));
    return { language, fitting };
  });
  const any = new Set(languages.flatMap(({ fitting }) => fitting)).size;
  const [best] = languages.toSorted((a, b) => b.fitting.length - a.fitting.length);
  const most = best?.fitting.length ?? 0;
  const isUsual = COMMON[encoding] === undefined || hasCommon(read.join(''), COMMON[encoding]);
  return { encoding, language: best?.language ?? '', score: isUsual ? any + most : 0, text: read.join(' ') };
}

/** Whether the letters are of a language, and no capital stands within a word that is not all of them. */
function isWordOf(word: string, known: ReadonlySet<string>): boolean {
  if (/\p{Ll}\p{Lu}/u.test(word)) return false;
  return [...word.toLowerCase()].every((letter) => letter <= '\u007f' || known.has(letter));
}

/** Whether the letters that are common in a language are two fifths of all. */
function hasCommon(text: string, common: string): boolean {
  const letters = [...text.toLowerCase()];
  return letters.filter((letter) => common.includes(letter)).length * 5 >= letters.length * 2;
}

/** Characters of Japanese in two bytes. */
const WIDE = String.raw`[\p{sc=Hiragana}\p{sc=Han}\u30a0-\u30ff]`;
const wideRun = new RegExp(`${WIDE}+`, 'gu');
/** Such as stand within a word of Latin letters: those with an accent and the letter behind them make one. */
const withinWord = new RegExp(`[A-Za-z]${WIDE}+|(?<!${WIDE})${WIDE}+[A-Za-z]`, 'gu');

/** Whether most of what is beyond ASCII are characters of two bytes, which stand by themselves, and nothing is broken. */
function isJapanese(sample: Buffer): boolean {
  let text: string;
  try {
    text = new TextDecoder('shift_jis', { fatal: true }).decode(sample, { stream: true });
  } catch {
    return false;
  }
  const runs = text.match(wideRun) ?? [];
  const wide = runs.join('').length;
  const beyond = text.length - (text.match(/\p{ASCII}/gu)?.length ?? 0);
  return wide > 1 && wide * 2 > beyond && (text.match(withinWord)?.length ?? 0) * 5 < runs.length;
}

/** What a preview says of a file that is read so. */
export function encodingNote(encoding: Encoding, reason: string): string {
  return `The file is read as ${encoding}: ${reason}. Where its letters look wrong, say another one in encoding.`;
}
