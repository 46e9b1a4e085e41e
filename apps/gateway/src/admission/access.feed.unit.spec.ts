import type { orgsMessages } from '@apollo/contracts';
import { AccessFeed } from './access.feed.js';
import { FreshCache } from './fresh.cache.js';

const nothing = (mark: string): orgsMessages.AccessChanges => ({ mark, items: [], complete: true });

describe('the feed of access changes', () => {
  let now = 0;
  let answers: (() => Promise<orgsMessages.AccessChanges>)[] = [];
  const marks: (string | undefined)[] = [];
  const told: (orgsMessages.ChangedAccess | null)[] = [];
  const feedOf = (): AccessFeed =>
    new AccessFeed(
      (mark) => {
        marks.push(mark);
        return (answers.shift() ?? (() => Promise.reject(new Error('silence'))))();
      },
      (change) => told.push(change),
      () => now,
    );

  beforeEach(() => {
    now = 0;
    answers = [];
    marks.length = 0;
    told.length = 0;
  });

  it('makes nothing fresher before its first answer, nor what was asked before it', async () => {
    const feed = feedOf();
    answers = [
      async () => {
        now = 1_000;
        return nothing('7');
      },
      async () => nothing('8'),
    ];
    expect(feed.holdsUntil(0)).toBe(0);
    await feed.poll();
    now = 3_000;
    await feed.poll();
    expect([feed.holdsUntil(999), feed.holdsUntil(1_000)]).toEqual([999, 3_000]);
    expect(marks).toEqual([undefined, '7']);
  });

  it('counts from the moment of asking, and tells of changes before it confirms anything', async () => {
    const feed = feedOf();
    const change = { org_id: 'o', user_id: 'u' };
    answers = [
      async () => nothing('1'),
      async () => {
        now = 4_000;
        expect(feed.holdsUntil(2_000)).toBe(2_000);
        return { mark: '2', items: [change], complete: true };
      },
    ];
    await feed.poll();
    now = 2_500;
    await feed.poll();
    expect([told, feed.holdsUntil(2_000)]).toEqual([[change], 2_500]);
  });

  it('lets everything grow old while no answer comes, and goes on from its old mark', async () => {
    const feed = feedOf();
    answers = [async () => nothing('1')];
    await feed.poll();
    now = 9_000;
    await expect(feed.poll()).rejects.toThrow('silence');
    expect(feed.holdsUntil(0)).toBe(0);
    answers = [async () => nothing('2')];
    await feed.poll();
    expect([marks.at(-1), feed.holdsUntil(0)]).toEqual(['1', 9_000]);
  });

  it('begins anew after half an hour of silence', async () => {
    const feed = feedOf();
    answers = [async () => nothing('1'), async () => nothing('9')];
    await feed.poll();
    now = 1_800_001;
    await feed.poll();
    expect([marks, feed.holdsUntil(0)]).toEqual([[undefined, undefined], 0]);
  });

  it('says so when there were too many changes to name', async () => {
    const feed = feedOf();
    answers = [async () => ({ mark: '1', items: [{ org_id: 'o', user_id: null }], complete: false })];
    await feed.poll();
    expect(told).toEqual([null]);
  });

  it('never lets an answer be used five seconds after the last moment it is known to hold', async () => {
    const feed = feedOf();
    const cache = new FreshCache<{ n: number }>({
      maxAgeMs: 5_000,
      maxEntries: 10,
      now: () => now,
      holdsUntil: (since) => feed.holdsUntil(since),
    });
    answers = [async () => nothing('1'), async () => nothing('2')];
    await feed.poll();
    await cache.get('a', 'ada', async () => ({ n: 1 }));
    now = 4_000;
    await feed.poll();
    now = 8_999;
    expect(await cache.get('a', 'ada', async () => ({ n: 2 }))).toEqual({ n: 1 });
    now = 9_000;
    expect(await cache.get('a', 'ada', async () => ({ n: 3 }))).toEqual({ n: 3 });
  });
});
