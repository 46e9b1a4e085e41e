import type { Encoding } from './csv.encoding.js';

/** Encodings in which characters of East Asia are two bytes each. */
const TWO_BYTES = ['shift_jis', 'euc-jp', 'gb18030', 'euc-kr', 'big5'] as const satisfies readonly Encoding[];
type TwoByteEncoding = (typeof TWO_BYTES)[number];

/** Whether characters of an encoding may be cut in two. */
export function isTwoBytes(encoding: Encoding): encoding is TwoByteEncoding {
  return (TWO_BYTES as readonly Encoding[]).includes(encoding);
}

interface Script {
  readonly encoding: TwoByteEncoding;
  readonly language: string;
  /** Characters that are most of all text, by what their two bytes begin with, and by what they are. */
  readonly leads: readonly (readonly [from: number, to: number])[];
  readonly letters?: RegExp;
}

/** Where each has the characters that are usual; the others behind them hardly anybody writes. */
const SCRIPTS: readonly Script[] = [
  { encoding: 'euc-kr', language: 'Korean', leads: [[0xb0, 0xc8]], letters: /\p{sc=Hangul}/u },
  { encoding: 'gb18030', language: 'Chinese', leads: [[0xb0, 0xd7]], letters: /\p{sc=Han}/u },
  {
    encoding: 'euc-jp',
    language: 'Japanese',
    leads: [
      [0xa4, 0xa5],
      [0xb0, 0xcf],
    ],
    letters: /[\p{sc=Han}\p{sc=Hiragana}\u30a0-\u30ff]/u,
  },
  { encoding: 'big5', language: 'Chinese', leads: [[0xa4, 0xc6]], letters: /\p{sc=Han}/u },
];

/** Characters that stand by themselves. */
const WIDE = String.raw`[\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Han}\u30a0-\u30ff]`;
const wideRun = new RegExp(`${WIDE}+`, 'gu');
/** Such as stand within a word of Latin letters: those with an accent and the letter behind them make one. */
const withinWord = new RegExp(`[A-Za-z]${WIDE}+|(?<!${WIDE})${WIDE}+[A-Za-z]`, 'gu');

/** Words from which on they could hardly all have an even number of letters of one byte. */
const MANY_RUNS = 8;
/** Share of the usual characters from which on it may be the encoding, and by which it is outside of its country. */
const MAY_BE = 0.6;
const IS_ELSEWHERE = 0.9;

/**
 * What text of characters of two bytes seems to be in; undefined where it is none.
 *
 * @param sample some bytes of the file, from the first one beyond ASCII on
 * @param usual where the organization is: the others of East Asia have the same bytes
 */
export function twoBytes(sample: Buffer, usual: Encoding): { encoding: TwoByteEncoding; reason: string } | undefined {
  if (runsOf(sample, 'shift_jis')) return { encoding: 'shift_jis', reason: 'its characters are those of Japanese' };
  const isEast = isTwoBytes(usual);
  const isHome = (encoding: TwoByteEncoding): boolean =>
    encoding === usual || (usual === 'shift_jis' && encoding === 'euc-jp');
  const [best] = SCRIPTS.flatMap((script) => {
    const runs = runsOf(sample, script.encoding);
    const share = runs ? usualShare(sample, script, runs) : 0;
    const isSure = isEast || ((runs?.length ?? 0) >= MANY_RUNS && share >= IS_ELSEWHERE);
    return isSure && share >= MAY_BE ? [{ script, share: share + (isHome(script.encoding) ? 1 : 0) }] : [];
  }).toSorted((a, b) => b.share - a.share);
  return best && { encoding: best.script.encoding, reason: `its characters are those of ${best.script.language}` };
}

/** The runs of wide characters, where they are most of what is beyond ASCII, stand by themselves, and nothing is broken. */
function runsOf(sample: Buffer, encoding: TwoByteEncoding): readonly string[] | undefined {
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(sample, { stream: true });
  } catch {
    return undefined;
  }
  const runs: readonly string[] = text.match(wideRun) ?? [];
  const wide = runs.join('').length;
  const beyond = text.length - (text.match(/\p{ASCII}/gu)?.length ?? 0);
  const isWide = wide > 1 && wide * 2 > beyond && (text.match(withinWord)?.length ?? 0) * 5 < runs.length;
  return isWide ? runs : undefined;
}

/** The smaller one of two shares: characters that are of the language, and those among the usual ones by their bytes. */
function usualShare(sample: Buffer, { leads, letters }: Script, runs: readonly string[]): number {
  const characters = [...runs.join('')];
  const known = characters.filter((each) => letters?.test(each) ?? true).length;
  let [pairs, usual] = [0, 0];
  for (let at = 0; at + 1 < sample.length; at++) {
    const lead = sample[at] ?? 0;
    if (lead < 0x80) continue;
    pairs++;
    if (leads.some(([from, to]) => lead >= from && lead <= to)) usual++;
    at++;
  }
  return Math.min(known / characters.length, usual / Math.max(pairs, 1));
}
