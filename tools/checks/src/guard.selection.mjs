/**
 * @typedef {object} Guard
 * @property {string} id
 * @property {string} file where it stands
 * @property {string} find its text, which occurs there exactly once
 * @property {string} replace what stands there without it
 * @property {string} [spec] the file that must notice
 * @property {string} [test] narrows the spec to the cases that matter; a regular expression, as Jest takes it
 * @property {RegExp} [because] what alone proves it, where no matcher can or not every one does
 * @property {readonly string[]} [soak] arguments of the soak that must notice, in place of a spec
 */

const NEAR = 3;

/**
 * @param {readonly Guard[]} guards
 * @param {readonly string[]} words none stands for all guards
 * @returns {{ chosen: Guard[], unknown: { word: string, near: string[] }[] }} the guards whose id contains one of the
 *   words, and every word that is in no id, with the ids that look most like it
 */
export function chooseGuards(guards, words) {
  const ids = guards.map(({ id }) => id);
  return {
    chosen: guards.filter(({ id }) => words.length === 0 || words.some((word) => id.includes(word))),
    unknown: words
      .filter((word) => !ids.some((id) => id.includes(word)))
      .map((word) => ({ word, near: nearest(word, ids) })),
  };
}

/** @param {string} word @param {readonly string[]} ids */
function nearest(word, ids) {
  return ids
    .map((id) => ({ id, likeness: likeness(word, id) }))
    .filter((one) => one.likeness > 0)
    .sort((one, other) => other.likeness - one.likeness)
    .slice(0, NEAR)
    .map(({ id }) => id);
}

/**
 * Dice's coefficient over pairs of letters: 0 for nothing in common, 1 for the same.
 *
 * @param {string} one
 * @param {string} other
 */
function likeness(one, other) {
  const [pairsOfOne, pairsOfOther] = [pairs(one), pairs(other)];
  const shared = [...pairsOfOne].filter((pair) => pairsOfOther.has(pair)).length;
  return (2 * shared) / Math.max(1, pairsOfOne.size + pairsOfOther.size);
}

/** @param {string} text */
function pairs(text) {
  return new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)));
}
