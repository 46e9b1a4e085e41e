import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSteps } from './check-steps.mjs';
import { parseSelection } from './selection.mjs';
import { outcomeOf } from './step-outcome.mjs';
import { closingLine, summaryTable } from './summary.mjs';

const folder = mkdtempSync(join(tmpdir(), 'apollo-checks-spec-'));
afterAll(() => rmSync(folder, { recursive: true }));

const report = (counts) => {
  const path = join(folder, `${Object.values(counts).join('-')}.json`);
  const zero = {
    numPassedTests: 0,
    numFailedTests: 0,
    numRuntimeErrorTestSuites: 0,
    numPendingTests: 0,
    numTodoTests: 0,
  };
  writeFileSync(path, JSON.stringify({ ...zero, ...counts }));
  return path;
};
const step = (path) => ({
  name: 'unit',
  title: 'Unit',
  command: [],
  env: {},
  limitMinutes: 5,
  ...(path ? { report: path } : {}),
});
const ended = (change = {}) => ({ code: 0, timedOut: false, milliseconds: 1, ...change });

describe('choosing what to run', () => {
  it('runs every step in a fixed order when nothing is asked for', () => {
    expect(parseSelection([])).toEqual({
      steps: ['types', 'format', 'lint', 'boundaries', 'statements', 'unit', 'int', 'e2e'],
      paths: [],
    });
  });
  it('runs only the steps that are named, under any of their names', () => {
    expect(parseSelection(['integration', 'unit']).steps).toEqual(['unit', 'int']);
  });
  it('narrows lint and specs to a path and leaves out what cannot be narrowed', () => {
    expect(parseSelection(['./libs/tenancy/'])).toEqual({
      steps: ['format', 'lint', 'unit', 'int', 'e2e'],
      paths: ['libs/tenancy'],
    });
  });
  it('says so when an option is unknown instead of running everything', () => {
    expect(() => parseSelection(['--watch'])).toThrow('--watch is not an option here');
  });
  it('says so when a word is neither a step nor a path', () => {
    expect(() => parseSelection(['unti'])).toThrow('unti is neither a step (types, format,');
  });
  it('hands the path to Jest and to ESLint', () => {
    const steps = checkSteps(parseSelection(['unit', 'lint', 'libs/tenancy']), '/reports');
    expect(steps.map((one) => one.command.at(-1))).toEqual(['libs/tenancy', 'libs/tenancy']);
  });
});

describe('judging a step', () => {
  it('counts the test cases of a tier', () => {
    expect(outcomeOf(step(report({ numPassedTests: 7, numPendingTests: 1 })), ended(), false)).toMatchObject({
      ok: true,
      passed: 7,
      failed: 0,
      skipped: 1,
    });
  });
  it('counts a check without test cases as one', () => {
    expect(outcomeOf(step(), ended(), false)).toMatchObject({ ok: true, passed: 1, failed: 0 });
    expect(outcomeOf(step(), ended({ code: 2 }), false)).toMatchObject({ ok: false, passed: 0, failed: 1 });
  });
  it('fails a tier that ran no test at all', () => {
    expect(outcomeOf(step(report({})), ended(), false)).toMatchObject({
      ok: false,
      failed: 1,
      note: 'not one test ran',
    });
  });
  it('accepts a tier with nothing to run below a given path', () => {
    expect(outcomeOf(step(report({})), ended(), true)).toMatchObject({ ok: true, passed: 0, failed: 0 });
  });
  it('counts a spec file that cannot be loaded as a failure', () => {
    expect(
      outcomeOf(step(report({ numPassedTests: 3, numRuntimeErrorTestSuites: 2 })), ended({ code: 1 }), false),
    ).toMatchObject({ ok: false, passed: 3, failed: 2 });
  });
  it('never calls a crash without a failed test case a success', () => {
    expect(outcomeOf(step(report({ numPassedTests: 3 })), ended({ code: 1 }), false)).toMatchObject({
      ok: false,
      failed: 1,
    });
    expect(outcomeOf(step(join(folder, 'never-written.json')), ended({ code: null }), false)).toMatchObject({
      ok: false,
      failed: 1,
    });
    expect(outcomeOf(step(report({ numPassedTests: 3 })), ended({ timedOut: true }), false)).toMatchObject({
      ok: false,
      failed: 1,
    });
  });
});

describe('the summary', () => {
  const outcomes = [
    outcomeOf(step(), ended(), false),
    outcomeOf(step(report({ numPassedTests: 5, numFailedTests: 2 })), ended({ code: 1 }), false),
  ];
  it('ends in one line of two numbers over all steps', () => {
    expect(closingLine(outcomes)).toBe('6 passed, 2 failed');
  });
  it('has one row per step and one for all', () => {
    expect(
      summaryTable(outcomes, 3_000)
        .split('\n')
        .filter((line) => /^(✓|✗|all)/.test(line)),
    ).toHaveLength(3);
  });
});
