/**
 * Asks the two worlds of every service as many statements as wanted: databases in which the rows of one organization
 * are the same and every value of everybody else differs must not be told apart by anything an asker can write.
 *
 *   npm run worlds                                   100,000 statements, over all services, and 500 pairs of times
 *   npm run worlds -- --statements 20000 --seed 7    as many, of another seed
 *   npm run worlds -- --pairs 2000                   smaller differences of time are found
 *
 * `npm test` does the same with a few hundred statements for each service, and takes no times.
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runStep } from './step-process.mjs';

const root = join(import.meta.dirname, '../../..');
/** Services whose tables are asked about. */
const services = globSync('apps/*/src/*.worlds.int.spec.ts', { cwd: root }).length;
/** Minutes for the slowest machine that is worth waiting for: a twentieth of a second for each statement. */
const minutesFor = (/** @type {number} */ statements) => 10 + statements / 1_200;
/** … and four seconds for each pair of times of every condition, with the controls. */
const minutesForTimes = (/** @type {number} */ count) => 10 + count / 15;

function wholeNumber(/** @type {string} */ name, /** @type {string} */ text) {
  if (/^[1-9]\d{0,7}$/.test(text)) return Number(text);
  console.error(`--${name} takes a whole number from 1 on, not "${text}"`);
  return process.exit(2);
}

let values;
try {
  ({ values } = parseArgs({
    options: {
      statements: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      pairs: { type: 'string', default: '500' },
    },
  }));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\nGive --statements N, --seed N and --pairs N.`);
  process.exit(2);
}
const statements = wholeNumber('statements', values.statements);
const seed = wholeNumber('seed', values.seed);
const pairs = wholeNumber('pairs', values.pairs);

/**
 * Runs integration specs.
 *
 * @param {string} files pattern
 * @param {number} workers
 * @param {number} limitMinutes
 * @param {Record<string, string>} env
 */
async function holds(files, workers, limitMinutes, env) {
  const { code } = await runStep(
    {
      name: 'worlds',
      title: 'Two worlds',
      command: [
        join(root, 'node_modules/jest/bin/jest.js'),
        '--selectProjects',
        'int',
        `--maxWorkers=${workers}`,
        '--verbose',
        '--testPathPatterns',
        files,
      ],
      env: {
        NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
        APOLLO_WORLDS_SEED: String(seed),
        ...env,
      },
      limitMinutes,
    },
    root,
  );
  return code === 0;
}

const asked = await holds('apps/.*\\.worlds\\.int\\.spec', 2, minutesFor(statements), {
  APOLLO_WORLDS_STATEMENTS: String(Math.ceil(statements / services)),
});
// Times are taken when nothing else of this program runs.
const timed = await holds('libs/testing/src/worlds/timing\\.worlds\\.int\\.spec', 1, minutesForTimes(pairs), {
  APOLLO_WORLDS_PAIRS: String(pairs),
});
console.log(
  asked && timed
    ? `${statements.toLocaleString('en')} statements of seed ${seed} and ${pairs.toLocaleString('en')} pairs of times: the worlds are one to whoever asks`
    : 'The worlds can be told apart, or could not be asked: see above',
);
process.exitCode = asked && timed ? 0 : 1;
