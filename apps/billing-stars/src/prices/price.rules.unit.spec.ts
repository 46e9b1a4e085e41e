import { ACTIONS, PRICE_BOOK } from './price.book.js';
import { newestOf, nextPrices, priceOf } from './price.rules.js';

describe('the price book', () => {
  it('prices every billable action in every version, in whole Stars above zero', () => {
    for (const { stars } of PRICE_BOOK) {
      expect(Object.keys(stars).sort()).toEqual(Object.keys(ACTIONS).sort());
      for (const price of Object.values(stars)) expect(Number.isSafeInteger(price) && price > 0).toBe(true);
    }
  });

  it('has each version once', () => {
    expect(new Set(PRICE_BOOK.map(({ version }) => version)).size).toBe(PRICE_BOOK.length);
  });

  it('tells of a newer version with the day it begins, and of nothing where the newest holds', () => {
    const book = [
      { version: 2, stars: { 'agent.step': 3 } },
      { version: 1, stars: { 'agent.step': 1 } },
    ];
    expect(newestOf(book).version).toBe(2);
    expect(nextPrices(1, '2026-04-01', book)).toEqual({
      price_version: 2,
      starts_on: '2026-04-01',
      items: [priceOf('agent.step', 3)],
    });
    expect(nextPrices(2, '2026-04-01', book)).toBeNull();
  });
});
