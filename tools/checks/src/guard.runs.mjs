import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runStep } from './step-process.mjs';

const SPEC_MINUTES = 6;
const SOAK_MINUTES = 6;

/**
 * Runs a spec in a copy of the sources.
 *
 * @param {string} copy
 * @param {string} spec
 * @param {readonly (string | undefined)[]} tests the cases that matter; all of them if that is undefined for one
 * @returns {Promise<import('./guard.verdict.mjs').Run>}
 */
export async function runSpec(copy, spec, tests) {
  const reportFile = join(copy, 'report.json');
  rmSync(reportFile, { force: true });
  let output = '';
  const ended = await runStep(
    {
      name: 'spec',
      title: spec,
      command: [
        join(copy, 'node_modules/jest/bin/jest.js'),
        '--runTestsByPath',
        join(copy, spec),
        ...(tests.every((test) => test !== undefined) ? ['-t', tests.join('|')] : []),
        '--silent',
        '--maxWorkers=1',
        // A test that fails where it never did may leave something open.
        '--forceExit',
        `--setupFilesAfterEnv=${join(copy, 'tools/checks/src/guard.hooks.mjs')}`,
        '--json',
        `--outputFile=${reportFile}`,
      ],
      env: { NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' },
      limitMinutes: SPEC_MINUTES,
      heard: (text) => (output += text),
    },
    copy,
  );
  const report = existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : undefined;
  for (const file of report?.testResults ?? []) file.name = relative(copy, file.name);
  return { ended, report, output };
}

/** Runs a soak in a copy of the sources. @param {string} copy @param {readonly string[]} args */
export async function runSoak(copy, args) {
  let output = '';
  const ended = await runStep(
    {
      name: 'soak',
      title: 'soak',
      command: [join(copy, 'apps/system-tests/dist/faults/soak.js'), ...args],
      env: {},
      limitMinutes: SOAK_MINUTES,
      heard: (text) => (output += text),
    },
    copy,
  );
  return { ended, output };
}
