import { interleaveRates, middleRate, rateRatio } from './interleaved.rates.js';

describe('interleaved rates', () => {
  it('come from runners that take turns, the first round uncounted', async () => {
    const order: string[] = [];
    const runner = (name: string, rates: number[]) => ({
      name,
      run: () => (order.push(name), Promise.resolve(rates.shift() ?? NaN)),
    });
    let used = 0;
    const { rates, costs } = await interleaveRates(
      [runner('a', [9, 10, 30]), runner('b', [9, 20, 20])],
      2,
      'things',
      () => (used += 100),
      () => undefined,
    );
    expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
    expect(rates).toEqual({ a: [10, 30], b: [20, 20] });
    expect(costs).toEqual({ a: [expect.any(Number), expect.any(Number)], b: [expect.any(Number), expect.any(Number)] });
    expect(Math.min(...Object.values(costs).flat())).toBeGreaterThan(0);
    expect([middleRate(rates, 'a'), rateRatio(rates, 'a', 'b')]).toEqual([20, 1]);
  });
});
