import { fitting, jsonBytes, pageOf } from './answer.budget.js';

describe('the budget of an answer', () => {
  it('ends a page at its limit or its budget, whichever comes first, and always gives one item', () => {
    const weigh = (item: number): number => item;
    expect(fitting([1, 1, 1], 2, 100, weigh)).toBe(2);
    expect(fitting([60, 60, 60], 3, 130, weigh)).toBe(2);
    expect(fitting([500], 1, 100, weigh)).toBe(1);
    expect(fitting([], 10, 100, weigh)).toBe(0);
  });

  it('tells where a page ends that others follow', () => {
    const items = [{ n: 1 }, { n: 2 }, { n: 3 }];
    expect(pageOf(items, 2)).toEqual({ items: items.slice(0, 2), last: { n: 2 } });
    expect(pageOf(items, 3)).toEqual({ items, last: undefined });
    expect(pageOf(items, 3, () => 450_000)).toEqual({ items: items.slice(0, 2), last: { n: 2 } });
    expect(pageOf([], 3)).toEqual({ items: [], last: undefined });
  });

  it('counts bytes as they are sent, not letters', () => {
    expect(jsonBytes({ a: '語"' })).toBe(Buffer.byteLength('{"a":"語\\""},'));
  });
});
