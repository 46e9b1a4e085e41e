import { existsSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { jestOptions } from '../check-steps.mjs';
import { exchange } from '../guard.copy.mjs';
import { runStep } from '../step-process.mjs';
import { mutated, probed, writingDown } from './mutant.sources.mjs';

/** Specs that need no server come first: they are quick. */
export const TIERS = /** @type {const} */ (['unit', 'int']);

/** Milliseconds after which a test hangs, however quick it is without a mutant. */
const PATIENCE_MS = { unit: 5_000, int: 20_000 };
/** A test hangs after so many times what it takes without a mutant. */
const TIMES = 5;
/** Minutes for a run to begin and to end. */
const AROUND_MINUTES = { unit: 0.5, int: 1.5 };
/** Minutes for all specs of a library, once. */
const REACH_MINUTES = 15;

/**
 * @typedef {object} Reach what a spec file reaches without a mutant
 * @property {string} spec
 * @property {string} tier
 * @property {number} milliseconds that it takes
 * @property {number} slowest milliseconds of its slowest test
 * @property {boolean} passes
 * @property {number[]} places ids of the mutants
 *
 * @typedef {object} Outcome
 * @property {'assertion' | 'error' | 'hang' | 'invalid'} [how] it was noticed; absent where nothing noticed. Invalid
 *   is what no compiler takes, which is no mutant
 * @property {string} [spec] that noticed
 * @property {string} [test] its name, where it was one
 * @property {string} [said]
 * @property {Record<string, string>} [tried] digests of the specs that did not notice
 */

/** @param {string} root @param {string} library @param {string} tier @returns {string[]} */
export function specsOf(root, library, tier) {
  return globSync(`${library}/src/**/*.${tier}.spec.ts`, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted();
}

/**
 * Runs specs in a copy whose sources tell what is reached.
 *
 * @param {string} copy
 * @param {string} tier
 * @param {readonly string[]} specs
 * @param {readonly import('./mutant.sources.mjs').Mutant[]} mutants all of the library
 * @returns {Promise<Reach[]>}
 */
export async function reachOf(copy, tier, specs, mutants) {
  const folder = join(copy, 'reached');
  rmSync(folder, { recursive: true, force: true });
  const writtenDown = join(copy, 'reached.log');
  rmSync(writtenDown, { force: true });
  const sources = [...Map.groupBy(mutants, ({ file }) => file)].map(([file, of]) => {
    const told = writingDown(writtenDown) + probed(readFileSync(join(copy, file), 'utf8'), of);
    const exchanged = exchange(copy, file, told);
    if ('problem' in exchanged) throw new Error(`${file} does not tell what is reached: ${exchanged.problem}`);
    return exchanged.restore;
  });
  try {
    const run = { tier, specs, workers: 2, minutes: REACH_MINUTES, testMs: 120_000, reachedFolder: folder };
    const { report, output } = await runJest(copy, run);
    if (!report) throw new Error(`the specs of ${tier} do not come to their end: ${output.slice(-2_000)}`);
    const places = placesIn(folder);
    const ofProcesses = existsSync(writtenDown) ? readFileSync(writtenDown, 'utf8').trim().split('\n').map(Number) : [];
    return report.testResults.map((file) => {
      const spec = relative(copy, file.name);
      const took = file.assertionResults.map(({ duration }) => duration ?? 0);
      return {
        spec,
        tier,
        milliseconds: file.endTime - file.startTime,
        slowest: Math.max(0, ...took),
        passes: file.status === 'passed',
        places: [...new Set([...(places.get(spec) ?? []), ...(startsProcesses(copy, spec) ? ofProcesses : [])])],
      };
    });
  } finally {
    for (const restore of sources) restore();
  }
}

/** What a process of a spec's own reaches, built as it is, may be what another spec's does. */
function startsProcesses(copy, spec) {
  return readFileSync(join(copy, spec), 'utf8').includes("'node:child_process'");
}

/** @param {string} folder @returns {Map<string, number[]>} by spec */
function placesIn(folder) {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return new Map(
    files.map((name) => {
      const { spec, places } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      return [spec, places];
    }),
  );
}

/**
 * Asks whether specs notice a mutant.
 *
 * @param {string} copy
 * @param {import('./mutant.sources.mjs').Mutant} mutant
 * @param {readonly Reach[]} reaching specs of one tier that reach its place, likeliest to notice first
 * @returns {Promise<Outcome>}
 */
export async function tryMutant(copy, mutant, reaching) {
  const tier = /** @type {'unit' | 'int'} */ (reaching[0].tier);
  const source = readFileSync(join(copy, mutant.file), 'utf8');
  const exchanged = exchange(copy, mutant.file, mutated(source, mutant));
  if ('problem' in exchanged) return { how: 'invalid', said: exchanged.problem };
  try {
    const usual = reaching.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const run = {
      tier,
      specs: reaching.map(({ spec }) => spec),
      workers: 1,
      minutes: AROUND_MINUTES[tier] + (TIMES * usual) / 60_000,
      testMs: Math.max(PATIENCE_MS[tier], TIMES * Math.max(...reaching.map(({ slowest }) => slowest))),
    };
    return outcomeOf(copy, await runJest(copy, run));
  } finally {
    exchanged.restore();
  }
}

/**
 * @param {string} copy
 * @param {{ ended: { timedOut: boolean }, report?: any, output: string }} run
 * @returns {Outcome}
 */
export function outcomeOf(copy, { ended, report, output }) {
  if (ended.timedOut) return { how: 'hang', said: 'the specs do not come to their end' };
  if (!report) return { how: 'error', said: lastLine(output) };
  for (const file of report.testResults) {
    const spec = relative(copy, file.name);
    const failed = file.assertionResults.find(({ status }) => status === 'failed');
    if (!failed && file.status === 'failed') return { how: 'error', spec, said: firstLine(file.message) };
    if (!failed) continue;
    const message = stripVTControlCharacters(failed.failureMessages.join('\n'));
    const how = /Exceeded timeout of/.test(message)
      ? 'hang'
      : /\bexpect(\(.*?\))?\./.test(message)
        ? 'assertion'
        : 'error';
    return { how, spec, test: failed.fullName, said: firstLine(message) };
  }
  return {};
}

/** @param {string} copy */
async function runJest(copy, { tier, specs, workers, minutes, testMs, reachedFolder }) {
  writeFileSync(join(copy, 'mutants.run.json'), JSON.stringify({ specs, reachedFolder }));
  const reportFile = join(copy, 'report.json');
  rmSync(reportFile, { force: true });
  let output = '';
  const ended = await runStep(
    {
      name: 'mutant',
      title: tier,
      command: [
        join(copy, 'node_modules/jest/bin/jest.js'),
        ...['--config', join(copy, 'jest.mutants.config.mjs')],
        ...['--selectProjects', tier, `--maxWorkers=${workers}`, `--testTimeout=${Math.ceil(testMs)}`],
        ...['--silent', '--forceExit', ...(reachedFolder ? [] : ['--bail=1'])],
        ...['--json', `--outputFile=${reportFile}`],
        ...['--runTestsByPath', ...specs.map((spec) => join(copy, spec))],
      ],
      env: { NODE_OPTIONS: jestOptions },
      limitMinutes: minutes,
      heard: (text) => (output += text),
    },
    copy,
  );
  const report = existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : undefined;
  return { ended, report, output };
}

/** @param {string} text */
function firstLine(text) {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trim());
  return (lines.find((line) => line !== '' && !line.startsWith('●')) ?? '').slice(0, 160);
}

/** @param {string} text */
function lastLine(text) {
  return (stripVTControlCharacters(text).trim().split('\n').at(-1) ?? '').slice(0, 160);
}
