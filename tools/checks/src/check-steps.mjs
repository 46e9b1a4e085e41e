import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} title what the header says
 * @property {string[]} command argument vector, run with this process's own Node
 * @property {Record<string, string>} env added to the environment of the child
 * @property {number} limitMinutes the child is stopped after this long and the step counts as failed
 * @property {(text: string) => void} [heard] takes what the child says, in place of the terminal
 * @property {string} [report] where Jest writes its JSON; absent for a step that is one check by itself
 */

const root = join(import.meta.dirname, '../../..');
const bin = (/** @type {string} */ path) => join(root, 'node_modules', path);

/** What Node is started with that runs Jest, and so are its workers. */
export const jestOptions = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  // Every spec file loads all modules anew: in a young generation of the usual size they are copied again and again.
  '--max-semi-space-size=64',
  ...['compiled.once.mjs', 'plain.globals.mjs'].map(
    (file) => `--import=${pathToFileURL(join(import.meta.dirname, file)).href}`,
  ),
].join(' ');

/**
 * @param {import('./selection.mjs').Selection} selection
 * @param {string} reports folder for Jest's JSON reports
 * @returns {Step[]}
 */
export function checkSteps(selection, reports) {
  const { paths } = selection;
  /** @returns {Step} */
  const check = (name, title, command, limitMinutes) => ({ name, title, command, env: {}, limitMinutes });
  /** @returns {Step} */
  const tier = (name, title, workers, testSeconds, limitMinutes) => {
    const report = join(reports, `${name}.json`);
    return {
      name,
      title,
      command: [
        bin('jest/bin/jest.js'),
        ...(paths.length > 0 ? [] : ['--config', join(root, 'jest.all.config.mjs')]),
        '--selectProjects',
        name,
        `--maxWorkers=${workers}`,
        `--testTimeout=${testSeconds * 1000}`,
        '--passWithNoTests',
        '--json',
        `--outputFile=${report}`,
        ...(paths.length > 0 ? ['--testPathPatterns', ...paths] : []),
      ],
      env: { NODE_OPTIONS: jestOptions },
      limitMinutes,
      report,
    };
  };
  /** @type {Record<string, Step>} */
  const all = {
    types: check(
      'types',
      'Types (sources and specs)',
      [bin('typescript/bin/tsc'), '-b', 'tsconfig.json', 'tsconfig.specs.json'],
      5,
    ),
    lint: check(
      'lint',
      'Lint',
      [bin('eslint/bin/eslint.js'), '--max-warnings=0', ...(paths.length > 0 ? paths : ['.'])],
      5,
    ),
    format: check(
      'format',
      'Format (Prettier)',
      [bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', ...(paths.length > 0 ? paths : ['.'])],
      2,
    ),
    boundaries: check('boundaries', 'Boundaries', [join(import.meta.dirname, 'boundaries.mjs')], 2),
    statements: check('statements', 'Statements', [join(import.meta.dirname, 'statements/statements.mjs')], 2),
    unit: tier('unit', 'Unit', 2, 20, 5),
    // A third of the time a file waits for a server or a clock, so three keep two cores busy.
    int: tier('int', 'Integration (real Postgres, real NATS)', 3, 120, 15),
    // Those that wait longest, for a platform of their own, run beside those that speak to the shared one.
    e2e: tier('e2e', 'End to end (every service its own process)', 2, 180, 10),
  };
  return selection.steps.map((name) => /** @type {Step} */ (all[name]));
}
