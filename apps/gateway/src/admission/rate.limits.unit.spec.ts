import { DEFAULT_LIMITS } from '../config.js';
import { RateLimitedError, RateLimits } from './rate.limits.js';

describe('rate limits', () => {
  let now = 0;
  const limits = (): RateLimits =>
    new RateLimits({ ...DEFAULT_LIMITS, perAddress: 60, perAddressUnknown: 6, perOrg: 0 }, () => now);
  const taken = (take: () => void): number => {
    let count = 0;
    try {
      for (; count < 10_000; count++) take();
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error;
    }
    return count;
  };
  beforeEach(() => (now = 0));

  it('let half a minute’s worth through at once, then as much as time brings', () => {
    const own = limits();
    expect(taken(() => own.ofAddress('10.0.0.1'))).toBe(30);
    now = 5_000;
    expect(taken(() => own.ofAddress('10.0.0.1'))).toBe(5);
    now = 3_600_000;
    expect(taken(() => own.ofAddress('10.0.0.1'))).toBe(30);
    expect(taken(() => own.ofAddress('10.0.0.2'))).toBe(30);
  });

  it('hold for the wider networks of a client as well, twice and four times as much', () => {
    const own = limits();
    let subnet = 10;
    const ofLine = (line: number) => () => own.ofAddress(`2001:db8:1:${line}0${subnet++ % 10}::1`);
    expect(taken(() => own.ofAddress('2001:db8:1:10::1'))).toBe(30);
    expect(taken(ofLine(2))).toBe(60);
    expect(taken(ofLine(3))).toBe(30);
    subnet = 10;
    expect(taken(() => own.ofGuessing(`2001:db8:1:${subnet++}00::1`))).toBe(12);
    expect(taken(() => own.ofAddress('2001:db8:2::1'))).toBe(30);
  });

  it('say when the next request will be let in', () => {
    const own = limits();
    taken(() => own.ofGuessing('10.0.0.1'));
    expect(() => own.ofGuessing('10.0.0.1')).toThrow(
      expect.objectContaining({ code: 'rate_limited', retryAfterSeconds: 10 }),
    );
  });

  it('are none at zero', () => {
    const own = limits();
    expect(taken(() => own.ofOrg('a'))).toBe(10_000);
  });
});
