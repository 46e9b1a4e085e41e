import { functionCall, type TenantDatabase } from '@apollo/tenancy/postgres';

/** Milliseconds for which one lock is waited for by what others wait behind. */
const BRIEF_MS = 100;

const patience = functionCall<object, { time: string }>(
  'wait briefly for locks',
  `select pg_catalog.set_config('lock_timeout', :time, true)`,
);

/**
 * Runs `work` in a transaction that waits for each lock for no longer than `ms`: the organization whose turn it is may
 * keep its rows locked, and others wait behind it.
 *
 * @throws the server's 55P03 where a lock is not to be had in that time; then nothing was written
 */
export function briefly<T>(database: TenantDatabase, work: () => Promise<T>, ms = BRIEF_MS): Promise<T> {
  return database.transaction(async (transaction) => {
    transaction.precede(patience, { time: `${ms}ms` });
    return work();
  });
}
