import { FreshCache } from './fresh.cache.js';

describe('a fresh cache', () => {
  let now = 0;
  const cacheOf = (): FreshCache<{ n: number }> => new FreshCache(5_000, 100, () => now);
  beforeEach(() => (now = 0));

  it('counts an answer’s age from the moment of asking, not of hearing', async () => {
    const cache = cacheOf();
    await cache.get('a', async () => {
      now = 4_000;
      return { n: 1 };
    });
    now = 4_999;
    expect(await cache.get('a', async () => ({ n: 2 }))).toEqual({ n: 1 });
    now = 5_000;
    expect(await cache.get('a', async () => ({ n: 3 }))).toEqual({ n: 3 });
  });

  it('asks once for everybody who asks meanwhile', async () => {
    const cache = cacheOf();
    let asked = 0;
    const ask = async (): Promise<{ n: number }> => ({ n: ++asked });
    expect(await Promise.all([cache.get('a', ask), cache.get('a', ask)])).toEqual([{ n: 1 }, { n: 1 }]);
  });

  it('keeps no failure', async () => {
    const cache = cacheOf();
    await expect(cache.get('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(await cache.get('a', async () => ({ n: 1 }))).toEqual({ n: 1 });
  });

  it('does not let a late failure take away a newer answer', async () => {
    const cache = cacheOf();
    let fail = (): void => undefined;
    const late = cache.get('a', () => new Promise((_, reject) => (fail = () => reject(new Error('late')))));
    cache.clear();
    await cache.get('a', async () => ({ n: 1 }));
    fail();
    await expect(late).rejects.toThrow('late');
    expect(await cache.get('a', async () => ({ n: 2 }))).toEqual({ n: 1 });
  });

  it('shows what is on its way to whoever forgets, so that it is never used again', async () => {
    const cache = cacheOf();
    let answer = (_: { n: number }): void => undefined;
    const early = cache.get('a', () => new Promise((resolve) => (answer = resolve)));
    const seen: unknown[] = [];
    cache.forget((key, value) => {
      seen.push([key, value]);
      return true;
    });
    answer({ n: 1 });
    expect([await early, seen]).toEqual([{ n: 1 }, [['a', undefined]]]);
    expect(await cache.get('a', async () => ({ n: 2 }))).toEqual({ n: 2 });
  });
});
