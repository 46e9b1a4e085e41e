/** Lower case of every script, the same on every server whatever its locale, and compared byte by byte. */
export const COLLATION = 'pg_c_utf8';

/** Letters from which no accent comes off, final sigma, and what programs put for the apostrophe on the keyboard. */
const LETTERS = ['ςøłđı’‘ʼ', "σoldi''''''"];
/** Letters that are two. */
const PAIRS: readonly (readonly [letter: string, pair: string])[] = [
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
];

/**
 * A text as people look for it, whichever way it is typed: without case, accents and shapes of letters.
 *
 * @param text an SQL expression
 */
export function folded(text: string): string {
  const bare = `regexp_replace(lower(normalize(${text}, nfkd) collate "${COLLATION}"), '[\\u0300-\\u036f]', '', 'g')`;
  const plain = `translate(${bare}, '${LETTERS.join("', '")}')`;
  return PAIRS.reduce((inner, [letter, pair]) => `replace(${inner}, '${letter}', '${pair}')`, plain);
}
