import { existsSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} Outcome
 * @property {string} title
 * @property {boolean} ok
 * @property {number} passed test cases; 1 for a step that is one check by itself
 * @property {number} failed test cases, plus spec files that could not even be loaded
 * @property {number} skipped
 * @property {number} milliseconds
 * @property {string} note why it failed, where the counts alone do not say it
 */

/**
 * @param {import('./check-steps.mjs').Step} step
 * @param {import('./step-process.mjs').Ended} ended
 * @param {boolean} narrowed whether paths were given; then a tier may have nothing to run
 * @returns {Outcome}
 */
export function outcomeOf(step, ended, narrowed) {
  const counts = step.report === undefined ? { passed: 0, failed: 0, skipped: 0 } : tally(step.report);
  const base = { title: step.title, milliseconds: ended.milliseconds };
  // A failure that no test case shows (a crash, a failed set-up, a time-out) still has to count as one.
  const failure = (/** @type {string} */ note) => ({
    ...base,
    ok: false,
    ...counts,
    failed: Math.max(1, counts.failed),
    note,
  });

  if (ended.timedOut) return failure(`stopped after ${step.limitMinutes} minutes`);
  if (step.report === undefined) {
    return ended.code === 0 ? { ...base, ok: true, passed: 1, failed: 0, skipped: 0, note: '' } : failure('');
  }
  if (ended.code !== 0) return failure(counts.failed === 0 ? `ended with code ${ended.code}` : '');
  if (counts.failed > 0) return failure('');
  if (counts.passed === 0 && !narrowed) return failure('not one test ran');
  return { ...base, ok: true, ...counts, note: counts.passed === 0 ? 'nothing to run here' : '' };
}

/** @param {string} report path of Jest's JSON; missing when Jest died before it could write */
function tally(report) {
  if (!existsSync(report)) return { passed: 0, failed: 0, skipped: 0 };
  const json = JSON.parse(readFileSync(report, 'utf8'));
  return {
    passed: json.numPassedTests,
    failed: json.numFailedTests + json.numRuntimeErrorTestSuites,
    skipped: json.numPendingTests + json.numTodoTests,
  };
}
