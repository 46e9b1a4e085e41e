import { later } from '@apollo/tenancy';
import fc from 'fast-check';
import {
  ACCOUNT_LIMIT,
  afterSuccess,
  afterUndo,
  type Counter,
  type Counters,
  counted,
  delayAfter,
  FAMILIAR_FOR_MS,
  judge,
  LONGEST_DELAY_MS,
  ORIGIN_LIMIT,
} from './throttle.rules.js';

const now = new Date('2026-03-01T12:00:00Z');
const fresh: Counter = { failures: 0, lastAt: now, blockedUntil: null, provedAt: null };
const counters = (change: Partial<Record<keyof Counters, Partial<Counter>>> = {}) => ({
  account: { ...fresh, ...change.account },
  origin: { ...fresh, ...change.origin },
  pair: { ...fresh, ...change.pair },
  attempt: { ...fresh, ...change.attempt },
});

describe('the delay after failures', () => {
  it('is nothing while they are free, then doubles, and is never longer than a quarter of an hour', () => {
    expect([5, 6, 7, 8, 9].map((failures) => delayAfter(failures, ACCOUNT_LIMIT))).toEqual([
      0, 1_000, 2_000, 4_000, 8_000,
    ]);
    fc.assert(
      fc.property(fc.nat(2_000_000_000), (failures) => delayAfter(failures, ACCOUNT_LIMIT) <= LONGEST_DELAY_MS),
    );
  });

  it('forgives one failure for each quiet period, and none for a clock that was set back', () => {
    const failed = { ...fresh, failures: 5 };
    expect(counted(failed, ACCOUNT_LIMIT, later(now, 2 * ACCOUNT_LIMIT.forgiveMs)).failures).toBe(4);
    expect(counted(failed, ACCOUNT_LIMIT, later(now, -2 * ACCOUNT_LIMIT.forgiveMs)).failures).toBe(6);
    expect(counted(failed, ACCOUNT_LIMIT, later(now, 1_000 * ACCOUNT_LIMIT.forgiveMs)).failures).toBe(1);
  });
});

describe('an attempt', () => {
  it('counts at the account and at the origin', () => {
    const { counters: after } = judge(counters(), now);
    expect([after.account.failures, after.origin.failures, after.pair.failures]).toEqual([1, 1, 0]);
  });

  it('counts at the networks around the origin, of which one with too many blocks it', () => {
    const wide = (failures: number) => ({
      ...counters(),
      wider: { ...fresh, failures },
      widest: { ...fresh, failures: 2 * failures },
    });
    const last = judge(wide(2 * ORIGIN_LIMIT.free - 1), now).counters;
    expect([last.wider, last.widest].map((counter) => [counter?.failures, counter?.blockedUntil])).toEqual([
      [2 * ORIGIN_LIMIT.free, null],
      [4 * ORIGIN_LIMIT.free - 1, null],
    ]);
    const blocked = judge(wide(2 * ORIGIN_LIMIT.free), now).counters;
    const next = judge({ ...counters(), wider: blocked.wider, widest: blocked.widest }, now);
    expect([next.originBlocked, next.accountBlocked]).toEqual([true, false]);
    const success = afterSuccess(last, now);
    expect([success.wider?.failures, success.widest?.failures]).toEqual([
      2 * ORIGIN_LIMIT.free - 1,
      4 * ORIGIN_LIMIT.free - 2,
    ]);
    expect(afterUndo(last, now)).toMatchObject({ wider: { failures: 2 * ORIGIN_LIMIT.free - 1 } });
  });

  it('counts nowhere while it is blocked', () => {
    const blocked = counters({ account: { failures: 9, blockedUntil: later(now, 1) } });
    expect(judge(blocked, now)).toEqual({ originBlocked: false, accountBlocked: true, counters: blocked });
    expect(judge(blocked, later(now, 1)).accountBlocked).toBe(false);
  });

  it('counts at the pair of both where the origin is familiar', () => {
    const familiar = counters({ account: { failures: 9, blockedUntil: later(now, 60_000) }, pair: { provedAt: now } });
    const { accountBlocked, counters: after } = judge(familiar, now);
    expect(accountBlocked).toBe(false);
    expect([after.account.failures, after.pair.failures]).toEqual([9, 1]);
    expect(judge(familiar, later(now, FAMILIAR_FOR_MS)).counters.account.failures).not.toBe(9);
  });

  it('clears what counted when it was right, but not what others failed', () => {
    const attacked = counters({
      account: { failures: 9 },
      origin: { failures: 3 },
      pair: { provedAt: now, failures: 2 },
    });
    const after = afterSuccess(attacked, now);
    expect([after.account.failures, after.origin.failures, after.pair.failures]).toEqual([9, 2, 0]);
    expect(afterSuccess(counters({ account: { failures: 4 } }), now)).toMatchObject({
      account: { failures: 0 },
      pair: { provedAt: now },
    });
  });

  it('counts once, and is undone once, however many copies of its message are judged', () => {
    const once = judge(counters(), now).counters;
    const blocked = { ...once, account: { ...once.account, blockedUntil: later(now, 1) } };
    expect(judge(once, now)).toEqual({ originBlocked: false, accountBlocked: false, counters: once });
    expect(judge(blocked, now).accountBlocked).toBe(false);
    const others = { ...once, account: counted(once.account, ACCOUNT_LIMIT, now) };
    const undone = afterUndo(others, now);
    expect(undone.account.failures).toBe(1);
    expect(afterUndo(undone, now)).toEqual(undone);
  });

  it('is as if it had never been when undone', () => {
    fc.assert(
      fc.property(fc.nat(ORIGIN_LIMIT.free), fc.nat(ACCOUNT_LIMIT.free), (origin, account) => {
        const before = counters({ origin: { failures: origin }, account: { failures: account } });
        const after = afterUndo(judge(before, now).counters, now);
        expect([after.origin.failures, after.account.failures]).toEqual([origin, account]);
      }),
    );
  });
});
