/**
 * Mutants that no spec of their library notices, and why that is as it should be. A survivor that is not here fails
 * `npm run mutants`; so does an entry that is of no mutant any more. `mutant` is what the program prints; it stands for
 * every place of the file that it is of.
 *
 * @typedef {object} Survivor
 * @property {string} file
 * @property {string} mutant
 * @property {string} reason
 *
 * @type {Survivor[]}
 */
export const SURVIVORS = [];
