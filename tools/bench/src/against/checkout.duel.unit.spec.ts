import { resultOf, results } from './checkout.duel.js';
import { resultsOf } from './side.by.side.js';

const round = (perSecond: number) => ({ perSecond: { events: perSecond } });
const slice = (requestsPerSecond: number, cpuMsPerRequest: number) => ({
  requestsPerSecond,
  cpuMsPerRequest,
  p50Ms: 1,
  p99Ms: 1,
});

describe('two checkouts', () => {
  it('are compared within each round, by the median of them', () => {
    expect(results([round(100), round(50), round(10)], [round(100), round(50), round(100)])).toEqual([
      { name: 'events: per second', ratio: 1, rounds: [1, 1, 0.1], kept: true },
    ]);
    const rounds = { 'this checkout': [slice(90, 2), slice(50, 1)], 'the other one': [slice(100, 1), slice(50, 1)] };
    expect(resultsOf('list', rounds)).toEqual([
      { name: 'list: per second', ratio: 0.95, rounds: [0.9, 1], kept: true },
      { name: 'list: CPU of each', ratio: 1.5, rounds: [2, 1], kept: false },
    ]);
  });

  it.each([
    ['a twentieth slower', 0.95, 'more', true],
    ['slower than that', 0.94, 'more', false],
    ['a twentieth dearer', 1.05, 'less', true],
    ['dearer than that', 1.06, 'less', false],
    ['twice as fast', 2, 'more', true],
    ['half as dear', 0.5, 'less', true],
  ] as const)('are as good while one is not more than a twentieth worse: %s', (_name, ratio, better, kept) => {
    expect(resultOf('list', [ratio], better).kept).toBe(kept);
  });

  it('do not pass by a figure that one of them does not have', () => {
    expect(results([round(1)], [{ perSecond: {} }]).map(({ kept }) => kept)).toEqual([false]);
  });
});
