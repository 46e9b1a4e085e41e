import { later } from '@apollo/tenancy';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** No failure ever shuts anybody out for longer than this. */
export const LONGEST_DELAY_MS = 15 * MINUTE;
/** How long an origin counts as known to an account after a sign-in from there. */
export const FAMILIAR_FOR_MS = 90 * 24 * 60 * MINUTE;

/** What one counter allows. */
export interface Limit {
  /** Failures without any delay. */
  readonly free: number;
  /** Time without an attempt that forgives one failure, in milliseconds. */
  readonly forgiveMs: number;
}

/** For one account: nobody mistypes more often, and a guesser gets some hundred tries a day. */
export const ACCOUNT_LIMIT: Limit = { free: 5, forgiveMs: 10 * MINUTE };
/** For one origin, which may be an office with one address for everybody. */
export const ORIGIN_LIMIT: Limit = { free: 50, forgiveMs: MINUTE };

/** A counter as it is kept. */
export interface Counter {
  readonly failures: number;
  readonly lastAt: Date;
  readonly blockedUntil: Date | null;
  /** When the origin of this counter last signed in to the account of this counter. */
  readonly provedAt: Date | null;
}

/**
 * Milliseconds to wait after the n-th failure: nothing while they are free, then 1, 2, 4 … seconds up to the longest.
 */
export function delayAfter(failures: number, limit: Limit): number {
  const beyond = failures - limit.free;
  return beyond <= 0 ? 0 : Math.min(SECOND * 2 ** Math.min(beyond - 1, 20), LONGEST_DELAY_MS);
}

export function isBlocked(counter: Counter, now: Date): boolean {
  return counter.blockedUntil !== null && counter.blockedUntil > now;
}

export function isFamiliar(counter: Counter, now: Date): boolean {
  return counter.provedAt !== null && later(counter.provedAt, FAMILIAR_FOR_MS) > now;
}

/**
 * The counter after one more attempt. It counts as failed from the start, so that a hundred at once count a hundred.
 */
export function counted(counter: Counter, limit: Limit, now: Date): Counter {
  const forgiven = Math.floor(Math.max(0, now.getTime() - counter.lastAt.getTime()) / limit.forgiveMs);
  const failures = Math.max(0, counter.failures - forgiven) + 1;
  const delay = delayAfter(failures, limit);
  return { ...counter, failures, lastAt: now, blockedUntil: delay > 0 ? later(now, delay) : null };
}

/** Counters of an origin, and of the wider networks that it may have as a whole; and as how many each counts. */
const ORIGINS = [
  ['origin', 1],
  ['wider', 2],
  ['widest', 4],
] as const;

/** The counters an attempt is measured by. */
export interface Counters {
  readonly account: Counter;
  readonly origin: Counter;
  /** Of the networks around the origin, where it has such. */
  readonly wider?: Counter;
  readonly widest?: Counter;
  /** Of this origin at this account: counts instead of the account's once the two know each other. */
  readonly pair: Counter;
  /** Of this attempt alone: 1 while it counts at the others, so that copies of its message do not count once more. */
  readonly attempt: Counter;
}

/** What becomes of an attempt, or of a copy of it. */
export interface Verdict {
  readonly originBlocked: boolean;
  readonly accountBlocked: boolean;
  /** The counters to keep; the same ones when the attempt is blocked, or counts already. */
  readonly counters: Counters;
}

function countingAt(counters: Counters, now: Date): 'account' | 'pair' {
  return isFamiliar(counters.pair, now) ? 'pair' : 'account';
}

/**
 * Lets an attempt through or not. Where the account is under attack, its owner still gets in from an origin that has
 * signed in before: the attacker's failures count elsewhere.
 */
export function judge(counters: Counters, now: Date): Verdict {
  if (counters.attempt.failures > 0) return { originBlocked: false, accountBlocked: false, counters };
  const name = countingAt(counters, now);
  const originBlocked = ORIGINS.some(([origin]) => counters[origin] && isBlocked(counters[origin], now));
  const accountBlocked = isBlocked(counters[name], now);
  if (originBlocked || accountBlocked) return { originBlocked, accountBlocked, counters };
  const after = {
    ...counters,
    ...ofOrigins(counters, (counter, limit) => counted(counter, limit, now)),
    [name]: counted(counters[name], ACCOUNT_LIMIT, now),
    attempt: { ...counters.attempt, failures: 1, lastAt: now },
  };
  return { originBlocked, accountBlocked, counters: after };
}

/**
 * The counters once an attempt turned out right. What others failed at an account that knows this origin still counts.
 */
export function afterSuccess(counters: Counters, now: Date): Counters {
  const fresh = { ...counters, [countingAt(counters, now)]: cleared(counters[countingAt(counters, now)]) };
  return { ...fresh, ...ofOrigins(counters, takenBack), pair: { ...cleared(counters.pair), provedAt: now } };
}

/** The counters as if the attempt had not been made; the same ones when a copy of it was undone before. */
export function afterUndo(counters: Counters, now: Date): Counters {
  if (counters.attempt.failures === 0) return counters;
  const name = countingAt(counters, now);
  return {
    ...counters,
    ...ofOrigins(counters, takenBack),
    [name]: takenBack(counters[name]),
    attempt: cleared(counters.attempt),
  };
}

/** Counters of the origin and of the networks around it, changed. @param change is told what one of so many allows */
function ofOrigins(counters: Counters, change: (counter: Counter, limit: Limit) => Counter): Partial<Counters> {
  const { free, forgiveMs } = ORIGIN_LIMIT;
  return Object.fromEntries(
    ORIGINS.flatMap(([name, shares]) => {
      const counter = counters[name];
      return counter ? [[name, change(counter, { free: free * shares, forgiveMs: forgiveMs / shares })]] : [];
    }),
  );
}

function cleared(counter: Counter): Counter {
  return { ...counter, failures: 0, blockedUntil: null };
}

function takenBack(counter: Counter): Counter {
  return { ...counter, failures: Math.max(0, counter.failures - 1), blockedUntil: null };
}
