import { cpuMs } from '../measure/process.usage.js';
import { median } from '../measure/statistics.js';
import { drive, type LoadRequest } from './load.generator.js';

/** A server under comparison and the load it gets. */
export interface Contestant {
  readonly name: string;
  readonly url: string;
  /** Every process that works for it, PostgreSQL and NATS included. */
  readonly pids: readonly number[];
  readonly next: () => LoadRequest;
}

/** One slice of load on one contestant. */
export interface Slice {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMsPerRequest: number;
}

/** Slices by contestant, in the order of the rounds. */
export type Rounds = Readonly<Record<string, readonly Slice[]>>;

/** How long to measure. */
export interface Pace {
  readonly connections: number;
  /** Whole seconds. */
  readonly sliceSeconds: number;
  readonly rounds: number;
}

/**
 * Drives the contestants in turn, A B C D A B C D …, so that whatever else the machine does falls on all of them. One
 * round goes before that does not count.
 *
 * @param before runs before each slice, e.g. to renew what expires
 */
export async function interleave(
  contestants: readonly Contestant[],
  pace: Pace,
  report: (line: string) => void,
  before = async (): Promise<void> => undefined,
): Promise<Rounds> {
  const slices: Record<string, Slice[]> = Object.fromEntries(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round <= pace.rounds; round++) {
    for (const contestant of contestants) {
      await before();
      const slice = await measure(contestant, pace);
      if (round > 0) slices[contestant.name]?.push(slice);
      const counted = round === 0 ? 'warm-up' : `round ${round}/${pace.rounds}`;
      report(
        `${counted}  ${contestant.name}: ${slice.requestsPerSecond.toFixed(0)} req/s, ${slice.cpuMsPerRequest.toFixed(2)} CPU-ms/request`,
      );
    }
  }
  return slices;
}

async function measure({ url, pids, next }: Contestant, { connections, sliceSeconds }: Pace): Promise<Slice> {
  const before = cpuMs(pids);
  const { requests, seconds, p50Ms, p99Ms } = await drive(url, connections, sliceSeconds, next);
  return { requestsPerSecond: requests / seconds, p50Ms, p99Ms, cpuMsPerRequest: (cpuMs(pids) - before) / requests };
}

/** The median of a figure over all rounds. */
export function middle(slices: readonly Slice[], figure: keyof Slice): number {
  return median(slices.map((slice) => slice[figure]));
}

/** The median, over the rounds, of one contestant's figure divided by another's in the same round. */
export function ratio(rounds: Rounds, figure: keyof Slice, of: string, to: string): number {
  const others = rounds[to] ?? [];
  return median((rounds[of] ?? []).map((slice, round) => slice[figure] / (others[round]?.[figure] ?? NaN)));
}
