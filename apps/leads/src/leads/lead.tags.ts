import { inForm, trimmed } from '@apollo/contracts';
import { COLLATION } from './folded.text.js';

/** A tag as it is compared with others: without case, and without accents where those are no letters. */
export function tagKey(tag: string): string {
  return inForm(tag, 'NFKD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .toLowerCase();
}

/** Tags without blanks around them; of those that are alike but for case and accents, the first. */
export function distinctTags(tags: readonly string[]): string[] {
  const first = new Map<string, string>();
  for (const tag of tags.map(trimmed)) {
    const key = tagKey(tag);
    if (!first.has(key)) first.set(key, tag);
  }
  return [...first.values()];
}

/** Letters of Latin from which accents were taken apart, as a class of PostgreSQL. */
const LATIN = 'a-zªºßæðøþđħıłŋœŧ';
const ACCENTS = '\\u0300-\\u036f';

/**
 * The keys of the tags of a lead as an array, much as `tagKey` has them. All at once: each expression that is run for a lead
 * takes its time.
 *
 * @param tags an SQL expression, of an array of tags, none of which has a line end
 */
export function tagKeys(tags: string): string {
  const all = `lower(normalize(array_to_string(${tags}, chr(10)), nfkd) collate "${COLLATION}")`;
  return `string_to_array(regexp_replace(${all}, '([${LATIN}])[${ACCENTS}]+', '\\1', 'g'), chr(10))`;
}
