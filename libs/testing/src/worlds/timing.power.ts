import { rejected, signedRankTest } from './rank.test.js';
import type { SeededRandom } from './seeded.random.js';

/** Probability of telling of anything where nothing is told. */
export const ALPHA = 0.05;
/**
 * Runs that are tried for each effect, and the share of them that has to find it, for that to be 95 % or more of very
 * many.
 */
const RUNS = 200;
const WANTED = 0.975;
/** Effects that are tried, each a tenth larger than the one before it. */
const EFFECTS = Array.from({ length: 80 }, (_, nth) => 0.0002 * 1.1 ** nth);

/**
 * How often a slowdown is found among conditions none of the others of which tells anything: looked for among all, and
 * once more by itself with new pairs. The noise is drawn from what was measured.
 *
 * @param noise measured differences, of any place
 * @param effect by how much one statement of four takes longer, 0.01 for a hundredth
 * @returns a share, from 0 to 1
 */
export function powerOf(
  noise: readonly number[],
  { effect, pairs, conditions, runs = RUNS }: { effect: number; pairs: number; conditions: number; runs?: number },
  random: SeededRandom,
): number {
  const around = medianOf(noise);
  const draw = (): number[] => Array.from({ length: pairs }, () => random.pick(noise) - around + Math.log1p(effect));
  let found = 0;
  for (let run = 0; run < runs; run += 1)
    if (signedRankTest(draw()).p <= ALPHA / conditions && rejected([signedRankTest(draw()).p], ALPHA).length > 0)
      found += 1;
  return found / runs;
}

/** The smallest slowdown that is found with a probability of 95 % in the noisiest of what was measured. */
export function smallestFound(measured: readonly (readonly number[])[], random: SeededRandom): number {
  const noisiest = [...measured].sort((a, b) => spreadOf(b) - spreadOf(a))[0] ?? [];
  const isFound = (effect: number): boolean =>
    powerOf(noisiest, { effect, pairs: noisiest.length, conditions: measured.length }, random) >= WANTED;
  let [low, high] = [0, EFFECTS.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isFound(EFFECTS[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return EFFECTS[low] ?? NaN;
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Median distance from the median: a few very long times do not count for more than others. */
function spreadOf(values: readonly number[]): number {
  const middle = medianOf(values);
  return medianOf(values.map((each) => Math.abs(each - middle)));
}
