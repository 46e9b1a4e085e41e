import type { TestDatabase } from '../servers/test.database.js';
import { until } from '../until.js';

/** Seconds for which nobody waits for one lock who waits for it briefly, on the slowest machine. */
export const LONG_WAIT = 2;

/* The superuser's own are a spec's. */
const WAITS = `
  select coalesce(max(extract(epoch from clock_timestamp() - l.waitstart)), 0)::float8 as seconds
  from pg_locks l join pg_stat_activity a using (pid)
  where a.datname = current_database() and a.usename <> current_user and not l.granted`;

/**
 * @returns seconds for which whoever has waited longest for a lock of this database has waited so far; 0 where nobody
 *   does
 */
export async function lockWait(test: TestDatabase): Promise<number> {
  const [row] = await test.admin(WAITS);
  return Number(row?.['seconds']);
}

/**
 * Watches how long locks are waited for until something comes about, or one is waited for longer than `LONG_WAIT`.
 *
 * @returns seconds of the longest wait that was seen
 */
export async function longestLockWait(test: TestDatabase, isSo: () => Promise<boolean> | boolean): Promise<number> {
  let longest = 0;
  await until(async () => {
    longest = Math.max(longest, await lockWait(test));
    return longest > LONG_WAIT || (await isSo());
  });
  return longest;
}
