import { folded, isMark, type Word } from './word.reader.js';

/** Words of what a person fills in, and where they may be more. */
const SLOT_WORDS = 6;
const LONGER: Readonly<Record<string, number>> = { topic: 20, document: 8, words: 40 };

/** Slots that end a phrase and take nothing: whoever asks reads the rest from there. */
export const TAILS: ReadonlySet<string> = new Set(['filter', 'details']);

/** Slots that take all that is left, marks included. */
export const OPEN: ReadonlySet<string> = new Set(['text', 'task']);

/** A part of a phrase: one of several runs of words, or a slot. */
export type PhrasePart =
  { readonly choices: readonly (readonly string[])[]; readonly optional: boolean } | { readonly slot: string };

export type Phrase = readonly PhrasePart[];

/** Where the slots of a phrase begin and end, and where the phrase does; in words. */
export interface PhraseMatch {
  readonly slots: Readonly<Record<string, readonly [number, number]>>;
  readonly end: number;
}

/** @returns a phrase as `LanguageWords` writes it, taken apart */
export function compilePhrase(text: string): Phrase {
  return [...text.matchAll(/\(([^()]*)\)|\[([^[\]]*)\]|\{(\w+)\}|(\S+)/g)].map(([, one, maybe, slot, word]) =>
    slot === undefined ? { choices: choicesOf(one ?? maybe ?? word ?? ''), optional: maybe !== undefined } : { slot },
  );
}

/**
 * @param at the word where it begins
 * @returns yields the ways in which the phrase fits there, with what is filled in as short as can be
 */
export function* matchesOf(phrase: Phrase, words: readonly Word[], at: number): Generator<PhraseMatch> {
  const [part, ...rest] = phrase;
  if (part === undefined) {
    yield { slots: {}, end: at };
    return;
  }
  if (!('slot' in part)) {
    for (const choice of part.choices) {
      if (choice.every((word, index) => words[at + index]?.folded === word)) {
        yield* matchesOf(rest, words, at + choice.length);
      }
    }
    if (part.optional) yield* matchesOf(rest, words, at);
    return;
  }
  for (const end of endsOf(part.slot, words, at)) {
    for (const match of matchesOf(rest, words, end)) {
      yield { ...match, slots: { ...match.slots, [part.slot]: [at, end] } };
    }
  }
}

function endsOf(slot: string, words: readonly Word[], at: number): number[] {
  if (TAILS.has(slot)) return [at];
  if (OPEN.has(slot)) return at < words.length ? [words.length] : [];
  const ends: number[] = [];
  const most = LONGER[slot] ?? SLOT_WORDS;
  for (let end = at; end < words.length && end - at < most; end += 1) {
    const word = words[end];
    if (!word || isMark(word)) break;
    ends.push(end + 1);
  }
  return ends;
}

function choicesOf(text: string): string[][] {
  return text.split('|').map((choice) => folded(choice).split(' ').filter(Boolean));
}
