import { median } from '../measure/statistics.js';

/** Something whose speed is compared with that of others. */
export interface Runner {
  readonly name: string;
  /** Runs once and gives how much it did per second. */
  readonly run: () => Promise<number>;
}

/** Speeds by runner, in the order of the rounds. */
export type Rates = Readonly<Record<string, readonly number[]>>;

/** Speeds, and what each thing done cost in CPU milliseconds. */
export interface Measured {
  readonly rates: Rates;
  readonly costs: Rates;
}

/**
 * Has each runner run in turn, A B C A B C …, so that whatever else the machine does falls on all. One round goes
 * before that does not count.
 *
 * @param cpuMs CPU milliseconds used so far by everything that takes part; all that is started here is a child of this
 *   process
 */
export async function interleaveRates(
  runners: readonly Runner[],
  rounds: number,
  unit: string,
  cpuMs: () => number,
  report: (line: string) => void,
): Promise<Measured> {
  const none = (): Record<string, number[]> => Object.fromEntries(runners.map(({ name }) => [name, []]));
  const [rates, costs] = [none(), none()];
  for (let round = 0; round <= rounds; round++) {
    for (const { name, run } of runners) {
      const [begun, used] = [performance.now(), cpuMs()];
      const rate = await run();
      const cost = (cpuMs() - used) / ((rate * (performance.now() - begun)) / 1_000);
      if (round > 0) {
        rates[name]?.push(rate);
        costs[name]?.push(cost);
      }
      report(
        `${round === 0 ? 'warm-up' : `round ${round}/${rounds}`}  ${name}: ${rate.toFixed(0)} ${unit}/s, ${cost.toFixed(2)} CPU-ms each`,
      );
    }
  }
  return { rates, costs };
}

/** The median speed of one runner. */
export function middleRate(rates: Rates, name: string): number {
  return median(rates[name] ?? []);
}

/** The median, over the rounds, of one runner's speed divided by another's in the same round. */
export function rateRatio(rates: Rates, of: string, to: string): number {
  const others = rates[to] ?? [];
  return median((rates[of] ?? []).map((rate, round) => rate / (others[round] ?? NaN)));
}
