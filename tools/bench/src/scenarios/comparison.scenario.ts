import { type Contestant, interleave, middle, type Pace } from '../load/interleaved.rounds.js';
import { handledBy, LISTS, MEMBERSHIPS } from '../measure/service.metrics.js';
import type { ComparisonReport } from '../report/bench.report.js';
import type { BenchField } from '../servers/bench.field.js';

/** How often the gateway had to ask for a membership while lists were asked for, from 0 to 1. */
export async function askedShare<T>(field: BenchField, work: () => Promise<T>): Promise<{ result: T; share: number }> {
  const [asked, lists] = [await handledBy(field.ours, MEMBERSHIPS), await handledBy(field.ours, LISTS)];
  const result = await work();
  const [askedNow, listsNow] = [await handledBy(field.ours, MEMBERSHIPS), await handledBy(field.ours, LISTS)];
  return { result, share: (askedNow.messages - asked.messages) / (listsNow.messages - lists.messages) };
}

/** Measures contestants against each other on the dataset as it is now. */
export async function compare(
  field: BenchField,
  contestants: readonly Contestant[],
  pace: Pace,
  report: (line: string) => void,
): Promise<ComparisonReport> {
  const rounds = await interleave(contestants, pace, report, () => field.person.renew());
  const servers = contestants.map(({ name }) => {
    const slices = rounds[name] ?? [];
    return {
      name,
      requestsPerSecond: middle(slices, 'requestsPerSecond'),
      p50Ms: middle(slices, 'p50Ms'),
      p99Ms: middle(slices, 'p99Ms'),
      cpuMsPerRequest: middle(slices, 'cpuMsPerRequest'),
    };
  });
  return {
    orgs: field.orgs.length,
    leads: await field.leadCount(),
    connections: pace.connections,
    sliceSeconds: pace.sliceSeconds,
    servers,
    rounds,
  };
}
