import { Tally } from './tally.js';

describe('a tally', () => {
  it('counts for each by itself, and forgets who has none', () => {
    const tally = new Tally();
    tally.add('a', 2);
    tally.add('b', 1);
    tally.add('a', -1);
    expect([tally.of('a'), tally.of('b'), tally.of('c')]).toEqual([1, 1, 0]);
    tally.add('a', -1);
    tally.add('b', -1);
    expect(tally).toEqual(new Tally());
  });
});
