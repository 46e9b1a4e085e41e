/** Whether a text is one of SQL, or a part of one. */
const SQL = new RegExp(
  [
    '\\b(select .* from|select \\w+\\.?\\w*\\(|insert into|update \\w+\\.\\w+|delete from)',
    '\\b(create (or replace )?\\w+|alter \\w+|grant \\w+|revoke \\w+|set_config|with \\w+ as)',
    '\\b(where |is (not )?null|exists \\()',
    ' = :\\w|:\\w+::\\w+',
  ].join('|'),
  'is',
);

/** What stands for a word of a condition; each occurrence is a change of its own. */
const WORDS = [
  [/\band\b/g, 'or'],
  [/\bor\b(?! replace)/g, 'and'],
  [/\bis not null\b/g, 'is null'],
  [/\bis null\b/g, 'is not null'],
  [/\bnot exists\b/g, 'exists'],
  [/ <= /g, ' < '],
  [/ >= /g, ' > '],
  [/ < /g, ' <= '],
  [/ > /g, ' >= '],
  [/ desc\b/g, ' asc'],
  [/\bfor update( of \w+)?( skip locked)?/g, ''],
  [/\bdistinct on\b/g, 'all'],
  [/\blimit (\d+|:\w+)/g, ''],
  [/\bsecurity definer\b/g, ''],
];
const COMPARED = '(=|<|>|<=|>=|<>|is (not )?distinct from) [\\w.:()]+';
/** A condition that is joined to others by `and` or `or`, up to the next one: left out, it no longer holds. */
const TERM = new RegExp(`\\b(and|or) ([a-z_]+\\.)?[a-z_]+( ${COMPARED}| is (not )?null|(?= (and|or)\\b))`, 'g');

/**
 * @param {string} literal a text literal as it stands in the source
 * @returns {string[]} the same with one condition changed or left out; none where it is no SQL
 */
export function sqlMutants(literal) {
  if (!SQL.test(literal)) return [];
  const replaced = WORDS.flatMap(([word, other]) => exchanged(literal, word, other));
  return [...new Set([...replaced, ...exchanged(literal, TERM, '')])];
}

/** @param {string} text @param {RegExp} what @param {string} other */
function exchanged(text, what, other) {
  return [...text.matchAll(what)]
    .map((found) => text.slice(0, found.index) + other + text.slice(found.index + found[0].length))
    .filter((changed) => changed !== text);
}
