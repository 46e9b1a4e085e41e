import { SeededRandom } from './seeded.random.js';
import { powerOf, smallestFound } from './timing.power.js';

/**
 * As measured on a busy machine of two cores: each fortieth of 300 pairs of one condition, from the least to the
 * greatest.
 */
const MEASURED = [
  -0.9991, -0.2714, -0.2362, -0.1906, -0.1496, -0.1279, -0.1066, -0.0943, -0.0816, -0.071, -0.0659, -0.0602, -0.0543,
  -0.046, -0.0387, -0.0309, -0.0235, -0.0155, -0.0085, -0.0067, 0, 0.0048, 0.0063, 0.0088, 0.0156, 0.0257, 0.0306,
  0.0394, 0.0491, 0.0552, 0.0673, 0.0808, 0.0925, 0.0995, 0.112, 0.1277, 0.1449, 0.1734, 0.2053, 0.2787, 0.7042,
];
const CONDITIONS = 38;

describe('a slowdown of the smallest size that is said to be found', () => {
  const random = new SeededRandom(7);
  /** As many pairs as are wanted, spread as those that were measured. */
  const noise = (pairs: number): number[] => Array.from({ length: pairs }, () => random.pick(MEASURED));

  it.each([60, 120])('is found in 95 of a hundred runs of %d pairs', (pairs) => {
    const measured = noise(pairs);
    const effect = smallestFound(
      Array.from({ length: CONDITIONS }, () => measured),
      random,
    );
    const run = { pairs, conditions: CONDITIONS, runs: 300 };
    expect(powerOf(measured, { effect, ...run }, random)).toBeGreaterThanOrEqual(0.95);
    // The control: half of it is not found so often, and where there is nothing, nothing is.
    expect(powerOf(measured, { effect: effect / 2, ...run }, random)).toBeLessThan(0.8);
    expect(powerOf(measured, { effect: 0, ...run }, random)).toBeLessThan(0.01);
  });

  it('is smaller the more pairs there are', () => {
    const of = (pairs: number): number => smallestFound([noise(pairs)], random);
    expect(of(240)).toBeLessThan(0.7 * of(60));
  });
});
