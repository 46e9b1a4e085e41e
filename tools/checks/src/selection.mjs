import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** Every step in the order it runs: cheap and broad first, so that a slip is known within seconds. */
export const stepNames = /** @type {const} */ ([
  'types',
  'format',
  'lint',
  'boundaries',
  'statements',
  'unit',
  'int',
  'e2e',
]);

/** What people type, too. @type {Record<string, typeof stepNames[number]>} */
const otherNames = { build: 'types', integration: 'int', 'end-to-end': 'e2e' };

/** Steps that can be narrowed to a folder; the others only make sense over the whole repository. */
const narrowable = new Set(['format', 'lint', 'unit', 'int', 'e2e']);

/**
 * @typedef {{ steps: string[], paths: string[] }} Selection
 *
 * @param {readonly string[]} args names of steps and paths, in any order
 * @returns {Selection} the steps to run, in their fixed order, and the paths to narrow them to
 */
export function parseSelection(args) {
  const paths = [];
  const wanted = new Set();
  for (const arg of args) {
    const step = otherNames[arg] ?? arg;
    if (stepNames.includes(/** @type {any} */ (step))) wanted.add(step);
    else if (arg.startsWith('-'))
      throw new Error(`${arg} is not an option here. Give steps (${stepNames.join(', ')}) or paths.`);
    else if (!existsSync(join(root, arg)))
      throw new Error(`${arg} is neither a step (${stepNames.join(', ')}) nor a path here.`);
    else paths.push(arg.replace(/^\.\//, '').replace(/\/+$/, ''));
  }
  const steps = stepNames.filter((step) =>
    wanted.size > 0 ? wanted.has(step) : paths.length === 0 || narrowable.has(step),
  );
  return { steps, paths };
}
