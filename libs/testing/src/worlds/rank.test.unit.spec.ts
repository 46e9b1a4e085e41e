import { bothTails, rejected, signedRankTest } from './rank.test.js';

describe('the signed-rank test', () => {
  it('gives what is known of heights of cross- and self-fertilized corn', () => {
    const { z, p } = signedRankTest([6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]);
    expect(z).toBeCloseTo(36 / Math.sqrt(310), 10);
    expect(p).toBeCloseTo(0.04088813, 6);
  });

  it('gives tied differences their mean rank, and leaves out zeros', () => {
    // Ranks 1.5, 1.5, 3.5, 3.5, 5: the positive ones sum up to 10 of 15; the variance is 13.75 less two ties' 0.25.
    expect(signedRankTest([1, -1, 2, -2, 3, 0, 0]).z).toBeCloseTo(2.5 / Math.sqrt(13.5), 10);
    expect(signedRankTest([1, -1, 2, -2]).p).toBeCloseTo(1, 6);
    expect(signedRankTest([]).z).toBe(0);
  });

  it.each([
    [1.959963985, 0.05],
    [3.290526731, 0.001],
    [6, 1.973175e-9],
  ])('knows how rare it is to lie %d standard deviations away', (z, p) => {
    expect(bothTails(z) / p).toBeCloseTo(1, 5);
    expect(bothTails(-z)).toBe(bothTails(z));
  });
});

describe('several hypotheses', () => {
  it('are rejected from the least probable on, until one may be true', () => {
    expect(rejected([0.01, 0.04, 0.03, 0.005], 0.05)).toEqual([3, 0]);
    expect(rejected([0.01, 0.02, 0.03], 0.05)).toEqual([0, 1, 2]);
    expect(rejected([0.03, 0.5], 0.05)).toEqual([]);
    expect(rejected([], 0.05)).toEqual([]);
  });
});
