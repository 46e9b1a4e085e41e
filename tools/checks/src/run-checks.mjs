/**
 * What `npm test` runs after installing and building.
 *
 *   npm test                       everything
 *   npm test -- unit lint          only these steps
 *   npm test -- libs/tenancy       lint and specs below this path
 *   npm test -- int libs/tenancy   both
 *
 * The last line is always `N passed, N failed`; the exit code is 0 only if nothing failed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSteps } from './check-steps.mjs';
import { parseSelection } from './selection.mjs';
import { outcomeOf } from './step-outcome.mjs';
import { runStep } from './step-process.mjs';
import { closingLine, header, summaryTable } from './summary.mjs';

const root = join(import.meta.dirname, '../../..');
const reports = mkdtempSync(join(tmpdir(), 'apollo-checks-'));
const started = performance.now();

try {
  const selection = parseSelection(process.argv.slice(2));
  const steps = checkSteps(selection, reports);
  const outcomes = [];
  // Checks by themselves mostly keep one core busy: they run at once, and are told one after the other.
  const checks = steps.filter(({ report }) => report === undefined).map((step) => [step, runQuietly(step)]);
  for (const [index, step] of steps.entries()) {
    console.log(header(step.title, index + 1, steps.length));
    const quiet = checks.find(([check]) => check === step)?.[1];
    const { ended, said } = quiet ? await quiet : { ended: await runStep(step, root), said: '' };
    process.stdout.write(said);
    const outcome = outcomeOf(step, ended, selection.paths.length > 0);
    outcomes.push(outcome);
    console.log(
      `\n${outcome.ok ? 'ok' : 'FAILED'} ${step.title} in ${(outcome.milliseconds / 1000).toFixed(1)} s${outcome.note ? `: ${outcome.note}` : ''}`,
    );
  }
  console.log(summaryTable(outcomes, performance.now() - started));
  console.log(closingLine(outcomes));
  const ranSomething = outcomes.some((outcome) => outcome.passed + outcome.failed > 0);
  process.exitCode = ranSomething && outcomes.every((outcome) => outcome.ok) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
} finally {
  rmSync(reports, { recursive: true, force: true });
}

/** Runs a step and keeps what it says. */
async function runQuietly(step) {
  let said = '';
  const ended = await runStep({ ...step, heard: (text) => (said += text) }, root);
  return { ended, said };
}
