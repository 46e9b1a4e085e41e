import { ALPHABETS, type EightBitEncoding, usualIn, WIDESPREAD } from './alphabets.js';
import type { Encoding } from './csv.encoding.js';
import { isPrinted } from './print.signs.js';
import { decoderOf } from './text.decoder.js';
import { twoBytes } from './two.bytes.js';

/** What text in bytes that are no UTF-8 seems to be. */
export interface EightBits {
  readonly encoding: Encoding;
  /** Why it is read so, where that is not Windows-1252 for sure. */
  readonly reason?: string;
}

/**
 * Finds out by what letters words are written in. Where two encodings fit alike and read them differently, the country
 * decides, which is told. Words that are plain but for signs say nothing, and a file of nothing else is in Windows-1252.
 *
 * @param given words that have bytes beyond ASCII, each different, a character for each byte
 * @param sample some bytes of the file, from the first one beyond ASCII on
 * @param country ISO 3166 of the organization
 * @param isWindows whether bytes stand somewhere that ISO 8859 has for controls
 */
export function eightBits(
  given: readonly string[],
  sample: Buffer,
  country?: string,
  isWindows = given.some((word) => /[\x80-\x9f]/.test(word)),
): EightBits {
  const usual = usualIn(country);
  const words = given.filter((word) => !isPrinted(word));
  if (given.length > 0 && words.length === 0) return western(words, 0);
  const wide = twoBytes(sample, usual);
  if (wide) return wide;
  const scored = encodingsOf(words, isWindows)
    .map((encoding) => scoreOf(encoding, words, usual))
    .toSorted((a, b) => b.score - a.score || rank(b, usual) - rank(a, usual));
  const [best, ...others] = scored;
  const euro = scored.find(({ encoding, score }) => WITH_EURO.has(encoding) && score === best?.score);
  if (euro && hasEuro(words) && (euro.score > 0 || !words.some(isLettered)))
    return { encoding: euro.encoding, reason: 'where iso-8859-1 has the sign of no currency, it has that of the euro' };
  if (!best || best.score === 0) return western(words, 0);
  const alike = others.find(
    ({ encoding, score, text }) =>
      score === best.score && text !== best.text && (WIDESPREAD.has(encoding) || encoding === usual),
  );
  if (alike)
    return {
      encoding: best.encoding,
      reason: `its letters would do for ${alike.encoding} as well, and what is usual in the country decides`,
    };
  // Where they read all words alike, it is what most files are in.
  const plain = others.find(({ encoding, text }) => encoding === 'windows-1252' && text === best.text);
  return plain || best.encoding === 'windows-1252'
    ? western(words, (plain ?? best).words)
    : { encoding: best.encoding, reason: `its letters are those of ${best.language}` };
}

/** A letter beyond ASCII beside another one, as Windows-1252 has them: signs alone are no words. */
const LETTERED = /[A-Za-z\xc0-\xff][\xc0-\xff]|[\xc0-\xff][A-Za-z]/;
const isLettered = (word: string): boolean => LETTERED.test(word);

/** Encodings of ISO 8859 that came with the euro, which lies in them where the elder ones have a sign that no list has. */
const WITH_EURO: ReadonlySet<Encoding> = new Set(['iso-8859-15', 'iso-8859-16']);
const EURO = /^\xa0?\xa4$/;
const hasEuro = (words: readonly string[]): boolean => words.some((word) => EURO.test(word));

/** Windows-1252, which is told where most words are of no language. @param known words that are of one */
function western(words: readonly string[], known: number): EightBits {
  const lettered = words.filter(isLettered).length;
  return known * 2 < lettered
    ? { encoding: 'windows-1252', reason: 'most of its words with such letters are of no language that is known here' }
    : { encoding: 'windows-1252' };
}

/** Accents as DOS has them lie where Windows has signs and controls: without any in words, it is none of DOS's. */
const LETTER_OF_DOS = /[A-Za-z][\x80-\x9f]|[\x80-\x9f][a-z]/;

function encodingsOf(words: readonly string[], isWindows: boolean): EightBitEncoding[] {
  const all = (Object.keys(ALPHABETS) as EightBitEncoding[]).filter((each) => !isWindows || !WITH_EURO.has(each));
  return words.some((word) => LETTER_OF_DOS.test(word)) ? all : all.filter((encoding) => !encoding.startsWith('cp'));
}

interface Score {
  readonly encoding: EightBitEncoding;
  readonly language: string;
  /** Words that one of its languages could have. */
  readonly words: number;
  /** Those, and the ones of the language that could have most. */
  readonly score: number;
  /** The share of letters that are common, where none are of ASCII. */
  readonly common: number;
  /** The share of words that do not begin in small. */
  readonly capitals: number;
  readonly text: string;
}

/** The share of letters that are common in a language beyond ASCII, at least, and where the language is that of the country. */
const LEAST_COMMON = 0.4;
const LEAST_AT_HOME = 0.25;
/** As much more of them as outweighs that another encoding is the one of the country. */
const OUTWEIGHS = 0.15;

/** How likely an encoding is among those that fit alike: names begin with a capital. */
function rank({ encoding, common, capitals }: Score, usual: Encoding): number {
  return (
    common +
    capitals * OUTWEIGHS +
    (encoding === usual || (encoding === 'iso-8859-15' && usual === 'windows-1252') ? OUTWEIGHS : 0) +
    (WIDESPREAD.has(encoding) ? OUTWEIGHS / 10 : 0)
  );
}

function scoreOf(encoding: EightBitEncoding, words: readonly string[], usual: Encoding): Score {
  const decoder = decoderOf(encoding);
  const read = words.map((word) => decoder.decode(Buffer.from(word, 'latin1')));
  const text = read.join(' ');
  const least = encoding.startsWith('cp') ? 2 : 0;
  const isMarked = (word: string): boolean => encoding === 'iso-8859-15' && MARKED.test(word);
  const leastCommon = encoding === usual ? LEAST_AT_HOME : LEAST_COMMON;
  const languages = ALPHABETS[encoding].map(({ language, letters, common }) => {
    const known = new Set(letters);
    const share = common === undefined ? LEAST_COMMON : commonShare(text, common);
    const isForeign = (word: string): boolean => common !== undefined && /[a-z]/i.test(word);
    const isFitting = (word: string): boolean => isWordOf(word, known, least) && !isMarked(word) && !isForeign(word);
    const fitting = share < leastCommon ? [] : read.filter(isFitting);
    return { language, fitting, share };
  });
  const any = new Set(languages.flatMap(({ fitting }) => fitting)).size;
  const [best] = languages.toSorted((a, b) => b.fitting.length - a.fitting.length);
  const { language = '', fitting = [], share = 0 } = best ?? {};
  const capitals = read.filter((word) => !/^\p{Ll}/u.test(word)).length / Math.max(read.length, 1);
  return { encoding, language, capitals, words: any, score: any + fitting.length, common: share, text };
}

/** Such as stand beside words in any language. */
const SIGNS: ReadonlySet<string> = new Set('\u00a0«»‘’“”„–—…€');

/**
 * Whether the letters are of a language, and no capital stands within a word that is not all of them.
 *
 * @param least letters of ASCII beside them: a sign alone is a letter in another encoding
 */
function isWordOf(word: string, known: ReadonlySet<string>, least: number): boolean {
  if (/\p{Ll}\p{Lu}/u.test(word) || (word.match(/[a-z]/gi)?.length ?? 0) < least) return false;
  const beyond = [...word.toLowerCase()].filter((letter) => letter > '\u007f' && !SIGNS.has(letter));
  return beyond.length > 0 && beyond.every((letter) => known.has(letter));
}

/**
 * What marks look like as letters of ISO 8859-15, which has eight of those where its elder has marks: `D´ANGELO` is no word
 * with a Ž, nor is the half of `½ kg` one with an œ.
 */
const MARKED = /[ŠŽŸ]|(?<!\p{L})(?:[šž]|[Œœ](?![Uu]|[Ii][Ll]|[Nn][Oo]|[DdÉé]))/u;

/** The share of a text's letters that are common in a language. */
function commonShare(text: string, common: string): number {
  const letters = [...text.toLowerCase().replaceAll(' ', '')];
  return letters.filter((letter) => common.includes(letter)).length / Math.max(letters.length, 1);
}

/** What a preview says of a file that is read so. */
export function encodingNote(encoding: Encoding, reason: string): string {
  return `The file is read as ${encoding}: ${reason}. Where its letters look wrong, say another one in encoding.`;
}
