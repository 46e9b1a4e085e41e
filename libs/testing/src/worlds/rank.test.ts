/** What a test of paired differences says. */
export interface RankTest {
  /** How far the differences lie to one side, in standard deviations; positive where they are mostly positive. */
  readonly z: number;
  /** Probability of a `z` at least so far from zero where neither side is preferred. */
  readonly p: number;
}

/**
 * Wilcoxon's signed-rank test, by its normal approximation with a correction for ties; differences of zero are left
 * out. It asks nothing of the differences but symmetry, so that a few very long ones do not count for more than their
 * rank.
 *
 * @param differences of pairs, twenty or more
 */
export function signedRankTest(differences: readonly number[]): RankTest {
  const ordered = differences.filter((each) => each !== 0).sort((a, b) => Math.abs(a) - Math.abs(b));
  const count = ordered.length;
  let positive = 0;
  let ties = 0;
  for (let at = 0, next = 0; at < count; at = next) {
    while (next < count && Math.abs(ordered[next] ?? 0) === Math.abs(ordered[at] ?? 0)) next += 1;
    const tied = next - at;
    const rank = (at + 1 + next) / 2;
    positive += rank * ordered.slice(at, next).filter((each) => each > 0).length;
    ties += tied ** 3 - tied;
  }
  const variance = (count * (count + 1) * (2 * count + 1)) / 24 - ties / 48;
  const z = variance > 0 ? (positive - (count * (count + 1)) / 4) / Math.sqrt(variance) : 0;
  return { z, p: bothTails(z) };
}

/**
 * Which of several hypotheses are rejected if the probability of rejecting any wrongly is to stay below `alpha` (Holm).
 *
 * @returns positions in `ps`
 */
export function rejected(ps: readonly number[], alpha: number): number[] {
  const ordered = ps.map((p, at) => ({ p, at })).sort((a, b) => a.p - b.p);
  const kept = ordered.findIndex(({ p }, nth) => p > alpha / (ps.length - nth));
  return ordered.slice(0, kept === -1 ? undefined : kept).map(({ at }) => at);
}

/**
 * Probability that a standard normal variable lies further from zero; by Chebyshev fitting, relative error below 1.2e-7
 * (Press et al., Numerical Recipes, `erfcc`).
 */
export function bothTails(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const fit = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  return t * Math.exp(-x * x + fit.reduceRight((sum, each) => sum * t + each, 0));
}
