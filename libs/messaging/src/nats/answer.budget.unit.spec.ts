import { fitting, jsonBytes } from './answer.budget.js';

describe('the budget of an answer', () => {
  it('ends a page at its limit or its budget, whichever comes first, and always gives one item', () => {
    const weigh = (item: number): number => item;
    expect(fitting([1, 1, 1], 2, 100, weigh)).toBe(2);
    expect(fitting([60, 60, 60], 3, 130, weigh)).toBe(2);
    expect(fitting([500], 1, 100, weigh)).toBe(1);
    expect(fitting([], 10, 100, weigh)).toBe(0);
  });

  it('counts bytes as they are sent, not letters', () => {
    expect(jsonBytes({ a: '語"' })).toBe(Buffer.byteLength('{"a":"語\\""},'));
  });
});
