/** Lower case of every script, the same on every server whatever its locale, and compared byte by byte. */
export const COLLATION = 'pg_c_utf8';

/** Letters from which no accent comes off, final sigma, and what is typed for the apostrophe, the quote and the hyphen of the keyboard. */
const LETTERS: readonly (readonly [typed: string, plain: string])[] = [
  ['ςøłđıħŧ', 'σoldiht'],
  ['’‘‛ʼʻ′`', "''".repeat(7)],
  ['“”„', '"""'],
  ['‐‒–—−', '-----'],
];
/** Letters that are two. */
const PAIRS: readonly (readonly [letter: string, pair: string])[] = [
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
];
/** Accents; points of Hebrew and Arabic, and the bar that stretches Arabic; what nothing is seen of. */
const MARKS = [
  '\\u0300-\\u036f',
  '\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7\\u0640\\u064b-\\u065f\\u0670',
  '\\u00ad\\u200b-\\u200f\\u2060-\\u2064\\ufe00-\\ufe0f\\ufeff',
].join('');

/**
 * A text as people look for it, whichever way it is typed: without case, accents, shapes of letters and what nobody sees.
 *
 * @param text an SQL expression
 */
export function folded(text: string): string {
  // An acute accent by itself is typed for an apostrophe; taken apart it would be a blank.
  const apart = `normalize(translate(${text}, '´', ''''), nfkd)`;
  const bare = `regexp_replace(lower(${apart} collate "${COLLATION}"), '[${MARKS}]', '', 'g')`;
  const [typed, plain] = [0, 1].map((side) => LETTERS.map((each) => each[side]).join(''));
  const letters = `translate(${bare}, '${typed}', '${plain}')`;
  return PAIRS.reduce((inner, [letter, pair]) => `replace(${inner}, '${letter}', '${pair}')`, letters);
}
