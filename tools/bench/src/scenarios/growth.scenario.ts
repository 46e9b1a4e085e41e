import { interleave, middle, type Pace } from '../load/interleaved.rounds.js';
import { type Handled, handledBy, LISTS, meanMs } from '../measure/service.metrics.js';
import type { SizePoint } from '../report/bench.report.js';
import type { BenchField } from '../servers/bench.field.js';
import { NAMES } from '../servers/server.names.js';

/** Times the list at the present size of the dataset, one request at a time. */
export async function timeLists(field: BenchField, pace: Pace, report: (line: string) => void): Promise<SizePoint> {
  const contestants = field.listers().filter(({ name }) => name === NAMES.barePg || name === NAMES.ours);
  let slices = 0;
  let before: Handled | undefined;
  const rounds = await interleave(contestants, pace, report, async () => {
    // The first round is for warming up.
    if (slices++ === contestants.length) before = await handledBy(field.ours, LISTS);
    await field.person.renew();
  });
  const after = await handledBy(field.ours, LISTS);
  return {
    orgs: field.orgs.length, leads: await field.leadCount(),
    handlerMs: meanMs(before, after),
    httpP50Ms: middle(rounds[NAMES.ours] ?? [], 'p50Ms'), bareP50Ms: middle(rounds[NAMES.barePg] ?? [], 'p50Ms'),
  };
}
