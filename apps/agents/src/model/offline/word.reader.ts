import { inForm } from '@apollo/contracts';

/** A word, or a mark between words, and where it stands in the text. */
export interface Word {
  /** Without case and accents. */
  readonly folded: string;
  readonly from: number;
  readonly to: number;
}

/** Words of a text that are told apart; what is behind them is one more. */
const MOST = 300;

/** Characters of a run without blanks that is taken apart. */
const LONGEST_RUN = 100;

const BEFORE = /^["'“”‘«»([¿¡]/;
const AFTER = /(?:["”’»)\],;:!?]|['’]s|(?<=\S{4})\.|\.$)$/i;
const MARKS = new Set([',', ';', ':', '.', '!', '?', '¿', '¡']);

/** @returns a text of the same length, in which letters have no case and no accents */
export function folded(text: string): string {
  return [...text].map(foldedCharacter).join('');
}

/** @returns words and marks in the order of the text */
export function readWords(text: string): Word[] {
  const folds = folded(text);
  const words: Word[] = [];
  for (const { 0: run, index } of text.matchAll(/\S+/g)) {
    if (words.length >= MOST) {
      words.push({ from: index, to: text.trimEnd().length, folded: folds.slice(index).trimEnd() });
      break;
    }
    const pieces = run.length > LONGEST_RUN ? [[index, index + run.length] as const] : piecesOf(run, index);
    words.push(...pieces.map(([from, to]) => ({ from, to, folded: folds.slice(from, to) })));
  }
  return words;
}

/** @returns whether it is a mark and no word */
export function isMark(word: Word | undefined): boolean {
  return word !== undefined && MARKS.has(word.folded);
}

/** @returns what stands in the text from a word up to, and not including, another; without quotation marks around it */
export function textOf(text: string, words: readonly Word[], from: number, to: number): string {
  const [first, last] = [words[from], words[to - 1]];
  if (!first || !last || to <= from) return '';
  return text
    .slice(first.from, last.to)
    .replace(/^["'“”‘«»\s]+/, '')
    .replace(/["“”’»\s]$/, '');
}

function foldedCharacter(character: string): string {
  const bare = inForm(character, 'NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return bare.length === character.length ? bare : character;
}

/** Marks at either end of a run without blanks are pieces of their own. */
function piecesOf(run: string, at: number): [number, number][] {
  const before: [number, number][] = [];
  const after: [number, number][] = [];
  let [from, to] = [0, run.length];
  while (to - from > 1 && BEFORE.test(run.slice(from, from + 1))) before.push([at + from, at + ++from]);
  for (;;) {
    const mark = to - from > 1 ? AFTER.exec(run.slice(Math.max(from, to - 8), to))?.[0] : undefined;
    if (mark === undefined || mark.length >= to - from) break;
    after.unshift([at + to - mark.length, at + to]);
    to -= mark.length;
  }
  return [...before, [at + from, at + to], ...after];
}
