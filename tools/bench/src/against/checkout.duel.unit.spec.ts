import { results } from './checkout.duel.js';

const round = (perSecond: number, cpuMs: number) => ({ perSecond: { list: perSecond }, cpuMs: { list: cpuMs } });

describe('two checkouts', () => {
  it('are compared within each round, by the median of them', () => {
    const own = [round(100, 1), round(50, 2), round(10, 9)];
    const other = [round(100, 1), round(50, 2), round(100, 1)];
    expect(results(own, other)).toEqual([
      { name: 'list: per second', ratio: 1, rounds: [1, 1, 0.1], kept: true },
      { name: 'list: CPU of each', ratio: 1, rounds: [1, 1, 9], kept: true },
    ]);
  });

  it.each([
    ['a twentieth slower', round(95, 1), [true, true]],
    ['slower than that', round(94, 1), [false, true]],
    ['dearer than that', round(100, 1.06), [true, false]],
    ['faster and cheaper', round(200, 0.5), [true, true]],
  ])('are as good while one is not more than a twentieth worse: %s', (_name, own, kept) => {
    expect(results([own], [round(100, 1)]).map((result) => result.kept)).toEqual(kept);
  });

  it('do not pass by a figure that one of them does not have', () => {
    expect(results([round(1, 1)], [{ perSecond: {}, cpuMs: {} }]).map(({ kept }) => kept)).toEqual([false, false]);
  });
});
