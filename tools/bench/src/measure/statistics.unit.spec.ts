import { median, percentile } from './statistics.js';

describe('statistics', () => {
  it('give the value that so many percent do not exceed', () => {
    const values = Array.from({ length: 200 }, (_, i) => i + 1);
    expect([percentile(values, 50), percentile(values, 99), percentile(values, 100), percentile([7], 99)]).toEqual([
      100, 198, 200, 7,
    ]);
  });

  it('give the middle of any number of values, in any order', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([5])]).toEqual([2, 2.5, 5]);
  });

  it('give no number for nothing', () => {
    expect([percentile([], 50), median([])]).toEqual([NaN, NaN]);
  });
});
