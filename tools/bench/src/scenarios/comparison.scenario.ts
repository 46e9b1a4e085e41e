import { type Contestant, interleave, middle, type Pace } from '../load/interleaved.rounds.js';
import type { ComparisonReport } from '../report/bench.report.js';
import type { BenchField } from '../servers/bench.field.js';

/** Measures contestants against each other on the dataset as it is now. */
export async function compare(field: BenchField, contestants: readonly Contestant[], pace: Pace, report: (line: string) => void): Promise<ComparisonReport> {
  const rounds = await interleave(contestants, pace, report, () => field.person.renew());
  const servers = contestants.map(({ name }) => {
    const slices = rounds[name] ?? [];
    return {
      name, requestsPerSecond: middle(slices, 'requestsPerSecond'), p50Ms: middle(slices, 'p50Ms'), p99Ms: middle(slices, 'p99Ms'),
      cpuMsPerRequest: middle(slices, 'cpuMsPerRequest'),
    };
  });
  return { orgs: field.orgs.length, leads: await field.leadCount(), connections: pace.connections, sliceSeconds: pace.sliceSeconds, servers, rounds };
}
