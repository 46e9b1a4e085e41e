import { agentsMessages } from '@apollo/contracts';
import { searchText } from './search.text.js';

/** Characters before the first word that was found. */
const BEFORE = 100;
/** Letters by which two forms of a word are taken for the same. */
const STEM = 5;

const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/**
 * What stands around the first word of a passage that a search asked for, or its beginning, as plain text.
 *
 * @returns at most as many characters as a snippet may have
 */
export function snippetOf(body: string, query: string, language: agentsMessages.DocumentLanguage): string {
  const asked = (searchText(query, language).match(WORD) ?? []).map(stem);
  const found = placeOf(body, (word) => asked.includes(stem(searchText(word, language))));
  const from = found === undefined ? 0 : wordAt(body, found - BEFORE);
  const end = Math.min(body.length, from + agentsMessages.LONGEST_SNIPPET - 2);
  const to = end === body.length ? end : Math.max(from + 1, body.lastIndexOf(' ', end));
  const words = body
    .slice(from, to > from + BEFORE ? to : end)
    .toWellFormed()
    .trim();
  return `${from > 0 ? '…' : ''}${words}${to < body.length ? '…' : ''}`;
}

/** Where the first word stands that is looked for. */
function placeOf(body: string, isAsked: (word: string) => boolean): number | undefined {
  for (const { 0: word, index } of body.matchAll(WORD)) if (isAsked(word)) return index;
  return undefined;
}

function stem(word: string): string {
  return word.slice(0, STEM);
}

/** Where the first word begins behind a place. */
function wordAt(body: string, place: number): number {
  if (place <= 0) return 0;
  const blank = body.indexOf(' ', place);
  return blank === -1 || blank > place + BEFORE / 2 ? place : blank + 1;
}
