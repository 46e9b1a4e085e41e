import { AT_ONCE, EventRateLimit, PER_SECOND } from './event.limit.js';

describe('the rate limit of events', () => {
  let now: number;
  let limit: EventRateLimit;
  beforeEach(() => {
    now = 1_000_000;
    limit = new EventRateLimit(() => now);
  });
  const times = (org: string, count: number): string[] => Array.from({ length: count }, () => org);

  it('lets an organization have so many at once, and makes it wait then, and no other', () => {
    limit.sent(times('a', AT_ONCE - 1));
    limit.sent(['b']);
    expect(limit.waiting()).toEqual([]);
    limit.sent(['a']);
    expect(limit.waiting()).toEqual(['a']);
  });

  it('gives back so many a second, up to as many as come at once', () => {
    limit.sent(times('a', AT_ONCE + PER_SECOND));
    now += 999;
    expect(limit.waiting()).toEqual(['a']);
    now += 2;
    expect(limit.waiting()).toEqual([]);
    now += 3_600_000;
    limit.sent(times('a', AT_ONCE));
    expect(limit.waiting()).toEqual(['a']);
  });
});
