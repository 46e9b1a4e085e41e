import { createHash } from 'node:crypto';

/** Quantile of the normal distribution that 95 % lie within, on both sides. */
const Z = 1.96;

/**
 * A part of the mutants. Each has its place by the seed and by what it is: the same seed draws the same ones, more of
 * them when asked for more, and the same as before where other code has changed.
 *
 * @template {{ key: string }} T
 * @param {readonly T[]} all
 * @param {number} size
 * @param {number} seed
 * @returns {T[]}
 */
export function sampleOf(all, size, seed) {
  const place = (/** @type {T} */ { key }) => createHash('sha256').update(`${seed} ${key}`).digest('hex');
  return all
    .map((mutant) => ({ mutant, at: place(mutant) }))
    .toSorted((one, other) => (one.at < other.at ? -1 : 1))
    .slice(0, size)
    .map(({ mutant }) => mutant);
}

/**
 * Between which shares the true one lies with 95 % (Wilson's interval, which also holds near 0 and 1).
 *
 * @param {number} hits
 * @param {number} of
 * @returns {[number, number]}
 */
export function confidence(hits, of) {
  if (of === 0) return [0, 1];
  const share = hits / of;
  const middle = share + Z ** 2 / (2 * of);
  const half = Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  const scale = 1 + Z ** 2 / of;
  return [(middle - half) / scale, (middle + half) / scale];
}
