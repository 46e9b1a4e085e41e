import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartFailure } from '@apollo/servers';
import { HostileRun } from '../hostile/hostile.run.js';
import { describeRound, planOf } from './fault.plan.js';
import { SeededNumbers } from './seeded.numbers.js';
import { soakArguments, type SoakArguments } from './soak.arguments.js';
import { SoakJournal } from './soak.journal.js';
import { SoakPlatform } from './soak.platform.js';
import { SoakRun } from './soak.run.js';

/**
 * `npm run soak`: exits with 0 when everything held, with 1 when something did not, with 2 when it could not be tried.
 */
async function soak(wanted: SoakArguments, interrupted: AbortSignal): Promise<number> {
  const journal = new SoakJournal((line) => process.stdout.write(`${line}\n`));
  const numbers = new SeededNumbers(wanted.seed);
  const dir = await mkdtemp(join(tmpdir(), 'apollo-soak-'));
  const { hostileAnswers: answers } = wanted;
  if (answers === undefined) await faults(wanted, { dir, journal, numbers, interrupted });
  else {
    journal.line(`seed ${wanted.seed}, ${answers} answers of a hostile model; folder ${dir}`);
    await HostileRun.play({ dir, answers, numbers, journal });
  }
  for (const [what, count] of journal.counted()) journal.line(`${String(count).padStart(7)} ${what}`);
  if (journal.broken.length === 0) {
    await rm(dir, { recursive: true, force: true });
    journal.line('every promise was kept');
    return 0;
  }
  journal.line(
    `${journal.broken.length} promises broken with seed ${wanted.seed}; everything that was written down is in ${dir}`,
  );
  for (const { promise, what, atMs } of journal.broken)
    journal.line(`✗ at ${(atMs / 1000).toFixed(1)} s: ${promise}: ${what}`);
  return 1;
}

interface SoakSurroundings {
  readonly dir: string;
  readonly journal: SoakJournal;
  readonly numbers: SeededNumbers;
  readonly interrupted: AbortSignal;
}

async function faults(wanted: SoakArguments, { dir, journal, numbers, interrupted }: SoakSurroundings): Promise<void> {
  const plan = planOf(wanted, numbers.branch('plan'));
  journal.line(
    `seed ${wanted.seed}, ${wanted.seconds} s${wanted.cluster ? ', a cluster of three' : ''}; folder ${dir}`,
  );
  for (const round of plan) journal.line(`plan: ${describeRound(round)}`);
  const platform = await SoakPlatform.start(dir, wanted.cluster, journal);
  try {
    await new SoakRun(platform, journal, numbers, 1000 * wanted.wellWithin).play(plan, wanted.seconds, interrupted);
  } finally {
    await platform.stop();
  }
}

/** One line for what a person can act on; where anything else went wrong is of use. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof StartFailure ? error.message : (error.stack ?? error.message);
}

const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => stopped.abort(new Error('Stopped.')));
try {
  process.exitCode = await soak(soakArguments(process.argv.slice(2), Date.now()), stopped.signal);
} catch (error) {
  process.stderr.write(`${stopped.signal.aborted ? 'Stopped.' : told(error)}\n`);
  process.exitCode = 2;
}
// Whatever a failed run left open keeps nobody waiting.
process.exit();
