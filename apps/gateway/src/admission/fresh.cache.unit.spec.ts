import { FreshCache } from './fresh.cache.js';

describe('a fresh cache', () => {
  let now = 0;
  const cacheOf = (maxEntries = 100): FreshCache<{ n: number; place?: string }> =>
    new FreshCache({ maxAgeMs: 5_000, maxEntries, now: () => now, placeOf: ({ place = 'here' }) => place });
  beforeEach(() => (now = 0));

  it('counts an answer’s age from the moment of asking, not of hearing', async () => {
    const cache = cacheOf();
    await cache.get('a', 'ada', async () => {
      now = 4_000;
      return { n: 1 };
    });
    now = 4_999;
    expect(await cache.get('a', 'ada', async () => ({ n: 2 }))).toEqual({ n: 1 });
    now = 5_000;
    expect(await cache.get('a', 'ada', async () => ({ n: 3 }))).toEqual({ n: 3 });
  });

  it('asks once for everybody who asks meanwhile', async () => {
    const cache = cacheOf();
    let asked = 0;
    const ask = async (): Promise<{ n: number }> => ({ n: ++asked });
    expect(await Promise.all([cache.get('a', 'ada', ask), cache.get('a', 'ada', ask)])).toEqual([{ n: 1 }, { n: 1 }]);
  });

  it('keeps no failure', async () => {
    const cache = cacheOf();
    await expect(cache.get('a', 'ada', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(await cache.get('a', 'ada', async () => ({ n: 1 }))).toEqual({ n: 1 });
  });

  it('does not let a late failure take away a newer answer', async () => {
    const cache = cacheOf();
    let fail = (): void => undefined;
    const late = cache.get('a', 'ada', () => new Promise((_, reject) => (fail = () => reject(new Error('late')))));
    cache.clear();
    await cache.get('a', 'ada', async () => ({ n: 1 }));
    fail();
    await expect(late).rejects.toThrow('late');
    expect(await cache.get('a', 'ada', async () => ({ n: 2 }))).toEqual({ n: 1 });
  });

  it('hands out no answer that was on its way when somebody forgot, wherever it turns out to hold', async () => {
    const cache = cacheOf();
    let answer = (_: { n: number }): void => undefined;
    const early = cache.get('a', 'ada', () => new Promise((resolve) => (answer = resolve)));
    cache.forget({ place: 'elsewhere' });
    answer({ n: 1 });
    expect(await early).toEqual({ n: 1 });
    expect(await cache.get('a', 'ada', async () => ({ n: 2 }))).toEqual({ n: 2 });
  });

  /** Who is asked for anew, of Ada and Bob in two places each. */
  async function askedAfter(cache: FreshCache<{ n: number; place?: string }>, forget: () => void): Promise<string[]> {
    const asked: string[] = [];
    const all = async (): Promise<void> => {
      for (const owner of ['ada', 'bob'])
        for (const place of ['here', 'there'])
          await cache.get(`${owner} ${place}`, owner, async () => {
            asked.push(`${owner} ${place}`);
            return { n: 1, place };
          });
    };
    await all();
    asked.length = 0;
    forget();
    await all();
    return asked;
  }

  it.each([
    [{ owner: 'ada' }, ['ada here', 'ada there']],
    [{ place: 'here' }, ['ada here', 'bob here']],
    [{ owner: 'ada', place: 'here' }, ['ada here']],
    [{ owner: 'eve' }, []],
    [{ place: 'nowhere' }, []],
    [{ owner: 'ada', place: 'nowhere' }, []],
  ])('forgets what is affected and nothing else: %j', async (affected, expected) => {
    const cache = cacheOf();
    expect(await askedAfter(cache, () => cache.forget(affected))).toEqual(expected);
    expect(await askedAfter(cache, () => undefined)).toEqual([]);
    expect(await askedAfter(cache, () => cache.clear())).toHaveLength(4);
  });

  it('forgets without going through what is not affected', async () => {
    const cache = cacheOf(5_000);
    for (let n = 0; n < 2_000; n += 1)
      await cache.get(`k${n}`, n % 2 ? 'ada' : `owner ${n}`, async () => ({ n, place: n % 2 ? `place ${n}` : 'here' }));
    const inside = cache as unknown as { entries: { entries: () => unknown } };
    inside.entries.entries = () => {
      throw new Error('everything is gone through');
    };
    let seen = 0;
    const iterator = Set.prototype[Symbol.iterator];
    Set.prototype[Symbol.iterator] = function (this: Set<unknown>) {
      seen += this.size;
      return iterator.call(this);
    };
    try {
      cache.forget({ place: 'nowhere' });
      cache.forget({ owner: 'ada', place: 'place 1' });
      cache.forget({ owner: 'owner 2', place: 'here' });
    } finally {
      Set.prototype[Symbol.iterator] = iterator;
    }
    expect(seen).toBe(2);
  });

  it('keeps nothing of what made room for others', async () => {
    const cache = cacheOf(1);
    await cache.get('a', 'ada', async () => ({ n: 1 }));
    await cache.get('b', 'bob', async () => ({ n: 2 }));
    cache.forget({ place: 'here' });
    expect(await cache.get('b', 'bob', async () => ({ n: 3 }))).toEqual({ n: 3 });
    const inside = cache as unknown as Record<string, { groups?: Map<string, unknown>; size?: number }>;
    expect([inside['ofOwner']?.groups?.size, inside['ofPlace']?.groups?.size, inside['onTheirWay']?.size]).toEqual([
      1, 1, 0,
    ]);
  });
});
