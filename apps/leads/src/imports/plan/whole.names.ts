import { FOREIGN_HEADINGS } from './foreign.headings.js';
import { PERSON_HEADINGS } from './person.headings.js';
import { plainWords } from './plain.words.js';

const wordsOf = (target: string): string[] =>
  [PERSON_HEADINGS, FOREIGN_HEADINGS].flatMap((lists) => lists[target] ?? []).map(plainWords);

/** Parts of a name, and words for names that are the other part beside one. */
const FIRST: ReadonlySet<string> = new Set(wordsOf('first_name'));
const LAST: ReadonlySet<string> = new Set(wordsOf('last_name'));
const EITHER: ReadonlySet<string> = new Set(['name', 'nome', 'nom', 'naam', 'navn', 'namn', 'nume', 'nimi']);
/** Parts that are cut short for the other one behind them: `Vor- und Nachname`, `First & last name`, `Last, First`. */
const FIRST_CUT: ReadonlySet<string> = new Set(['first', 'given', 'vor', 'voor', 'for', 'prim']);
const LAST_CUT: ReadonlySet<string> = new Set(['last', 'family', 'nach', 'achter', 'etter', 'efter']);
const AND: ReadonlySet<string> = new Set(
  ['and', 'und', 'e', 'y', 'et', 'en', 'i', 'ed', 've', 'och', 'og', 'ja', 'a', 'si', 'es', 'ir', 'un', 'dhe'].concat(
    ['и', 'і', 'та', 'και', 'و', 'ו'].map(plainWords),
  ),
);
const MOST_WORDS = 8;

/** Which part of a name comes first in headings of both: `Prénom Nom` has the first name first, `Cognome e nome` the last. */
export type NameOrder = 'first name first' | 'last name first';

/** The order of both parts of a name that a heading names, however they are joined; undefined where it does not. */
export function nameOrder(words: string): NameOrder | undefined {
  const all = words.split(' ', MOST_WORDS + 1);
  if (all.length > MOST_WORDS) return undefined;
  for (let at = 1; at < all.length; at++) {
    const behind = all.slice(AND.has(all[at] ?? '') ? at + 1 : at).join(' ');
    const order =
      orderOf(all.slice(0, at).join(' '), behind) ?? orderOf(all.slice(0, at).join(' '), all.slice(at).join(' '));
    if (order) return order;
  }
  return undefined;
}

function orderOf(one: string, other: string): NameOrder | undefined {
  const isPair = (first: string, last: string): boolean =>
    (FIRST.has(first) && (LAST.has(last) || EITHER.has(last) || LAST_CUT.has(last))) ||
    ((EITHER.has(first) || FIRST_CUT.has(first)) && LAST.has(last)) ||
    (FIRST_CUT.has(first) && LAST_CUT.has(last));
  if (isPair(one, other)) return 'first name first';
  return isPair(other, one) ? 'last name first' : undefined;
}
