import { later } from '@apollo/tenancy';
import { ACCESS_TOKEN_LIFETIME_MS } from '../sessions/session.rules.js';

const HOUR_MS = 3_600_000;

/** A key signs for 30 days. */
export const SIGNING_PERIOD_MS = 30 * 24 * HOUR_MS;
/** It is published this long before, so that whoever caches the published keys knows it in time. */
export const PUBLISHED_AHEAD_MS = 24 * HOUR_MS;
/** And this long after the last token signed by it has expired, for clocks that go slow. */
const CLOCK_LEEWAY_MS = 5 * 60_000;

/** What decides about a key's life. */
export interface KeyPeriod {
  readonly generation: number;
  readonly signsFrom: Date;
}

/** The key that signs now: the youngest one whose time has come. @param keys in any order */
export function signingKeyAt<Key extends KeyPeriod>(keys: readonly Key[], now: Date): Key | undefined {
  return oldestFirst(keys).findLast((key) => key.signsFrom <= now);
}

/** The next key to make, or undefined when there is no need yet. */
export function nextKey(keys: readonly KeyPeriod[], now: Date): KeyPeriod | undefined {
  const youngest = oldestFirst(keys).at(-1);
  if (!youngest) return { generation: 1, signsFrom: now };
  const due = later(youngest.signsFrom, SIGNING_PERIOD_MS);
  if (later(now, PUBLISHED_AHEAD_MS) < due) return undefined;
  return { generation: youngest.generation + 1, signsFrom: due > now ? due : later(now, 0) };
}

/** The keys a token may be signed with, now or soon: all but those whose last token has expired. */
export function publishedKeys<Key extends KeyPeriod>(keys: readonly Key[], now: Date): Key[] {
  const ordered = oldestFirst(keys);
  return ordered.filter((_key, index) => {
    const successor = ordered[index + 1];
    return !successor || later(successor.signsFrom, ACCESS_TOKEN_LIFETIME_MS + CLOCK_LEEWAY_MS) > now;
  });
}

function oldestFirst<Key extends KeyPeriod>(keys: readonly Key[]): Key[] {
  return [...keys].sort((a, b) => a.generation - b.generation);
}
