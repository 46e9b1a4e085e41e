import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {object} Run what became of one spec file
 * @property {{ code: number | null, timedOut: boolean }} ended
 * @property {object} [report] what Jest wrote; absent when it ended before it could. Paths are those of the repository
 * @property {string} output what Jest said
 *
 * @typedef {object} Verdict
 * @property {boolean} ok
 * @property {string} why
 * @property {readonly string[]} noticed full names of the tests that noticed
 */

/** What a failure in `beforeAll` begins with; see `guard.hooks.mjs`. */
export const BEFORE_ALL = 'before any test';

/** A matcher's own words, under which nothing but an assertion fails. */
const ASSERTION = /\bexpect(\(.*?\))?\./;
/** Whatever a matcher says of these: they show that something is broken, and not what a guard is there for. */
const ACCIDENT =
  /^(TypeError|ReferenceError|SyntaxError|RangeError)\b|Received (name|constructor|message|value): .*(TypeError|ReferenceError|SyntaxError|RangeError| is not defined| is not a function|Cannot read propert|syntax error at )|ECONNREFUSED|ECONNRESET|Connection terminated|Exceeded timeout of/;

/** @returns {Verdict} */
const no = (/** @type {string} */ why) => ({ ok: false, why, noticed: [] });

/**
 * With the guard in its place the spec has to pass: what fails anyway proves nothing by failing.
 *
 * @param {import('./guard.selection.mjs').Guard} guard
 * @param {Run} run which may hold tests that are other guards' proofs, too
 * @returns {Verdict}
 */
export function judgeBaseline(guard, run) {
  const accident = accidentOf(run);
  if (accident) return no(`baseline: ${accident}`);
  const tests = executed(run).filter((test) => isNamed(guard, test));
  const failing = tests.filter(({ status }) => status === 'failed');
  if (failing[0]) return no(`baseline: fails with the guard in place: ${failing[0].fullName}: ${said(failing[0])}`);
  if (tests.length === 0) return no('baseline: no test was executed');
  return { ok: true, why: '', noticed: [] };
}

/**
 * Without the guard, tests of the named spec have to fail, by an assertion, or by what the guard names where it names
 * something, and nothing else.
 *
 * @param {import('./guard.selection.mjs').Guard} guard
 * @param {Run} run
 * @returns {Verdict}
 */
export function judgeRemoval(guard, run) {
  const accident = accidentOf(run);
  if (accident) return no(accident);
  const tests = executed(run);
  if (tests.length === 0) return no('no test was executed');
  const failing = tests.filter(({ status }) => status === 'failed');
  if (failing.length === 0) return no(`nothing fails without it (${tests.length} passed)`);
  const other = failing.find((test) => !isNamed(guard, test));
  if (other) return no(`something else fails: ${other.file}: ${other.fullName}`);
  const noticed = failing.filter((test) => test.messages.some((message) => proves(message, guard.because)));
  if (noticed.length === 0) return no(`no assertion fails, only: ${failing[0].fullName}: ${said(failing[0])}`);
  return { ok: true, why: '', noticed: noticed.map(({ fullName }) => fullName) };
}

/**
 * A soak proves a guard by the promise that it reports as broken; its exit code alone may mean anything.
 *
 * @param {{ ended: { code: number | null, timedOut: boolean }, output: string }} run
 * @returns {Verdict}
 */
export function judgeSoak({ ended, output }) {
  const broken = output
    .split('\n')
    .filter((line) => line.includes('✗'))
    .map((line) => line.replace(/^.*✗ /, '').slice(0, 120));
  if (ended.timedOut) return no('the soak did not end in time');
  if (ended.code === 1 && broken.length > 0) return { ok: true, why: '', noticed: [...new Set(broken)].slice(0, 3) };
  return no(ended.code === 0 ? 'the soak breaks no promise' : `the soak ended with ${ended.code}, no promise broken`);
}

/** @param {{ ended: { code: number | null, timedOut: boolean }, output: string }} run @returns {Verdict} */
export function judgeSoakBaseline(run) {
  if (run.ended.code === 0 && !run.ended.timedOut) return { ok: true, why: '', noticed: [] };
  return no(`baseline: the soak fails with the guard in place: ${judgeSoak(run).noticed[0] ?? judgeSoak(run).why}`);
}

/** Why a run says nothing about a guard: it did not come as far as to the tests' own expectations. @param {Run} run */
function accidentOf({ ended, report, output }) {
  if (ended.timedOut) return 'the spec did not end in time';
  if (report === undefined || (ended.code !== 0 && ended.code !== 1))
    return `Jest did not come to its end (code ${ended.code}): ${firstLine(output)}`;
  const unstarted = report.testResults.find((file) => file.status === 'failed' && file.assertionResults.length === 0);
  if (unstarted) return `the spec cannot start: ${firstLine(unstarted.message)}`;
  // A failed `afterAll` is one of these, too.
  if (report.numRuntimeErrorTestSuites > 0)
    return `the spec breaks off: ${firstLine(report.testResults[0]?.message ?? '')}`;
  const unprepared = executed({ report }).find((test) =>
    test.messages.some((message) => message.startsWith(`Error: ${BEFORE_ALL}: `)),
  );
  return unprepared && `the spec fails ${said(unprepared).replace('Error: ', '')}`;
}

/** @param {Run} run */
function executed({ report }) {
  return report.testResults.flatMap((file) =>
    file.assertionResults
      .filter(({ status }) => status === 'passed' || status === 'failed')
      .map(({ fullName, status, failureMessages }) => ({
        file: file.name,
        fullName,
        status,
        messages: failureMessages.map(stripVTControlCharacters),
      })),
  );
}

/** @param {import('./guard.selection.mjs').Guard} guard @param {{ file: string, fullName: string }} test */
function isNamed(guard, test) {
  return test.file === guard.spec && new RegExp(guard.test ?? '', 'i').test(test.fullName);
}

/** @param {string} message @param {RegExp} [because] */
function proves(message, because) {
  return because ? because.test(message) : ASSERTION.test(message) && !ACCIDENT.test(message);
}

/** @param {{ messages: string[] }} test */
function said({ messages }) {
  return firstLine(messages[0] ?? '');
}

/** The first line that says something; Jest puts the test's name above it. @param {string} text */
function firstLine(text) {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trim());
  return (lines.find((line) => line !== '' && !line.startsWith('●')) ?? '').slice(0, 160);
}
