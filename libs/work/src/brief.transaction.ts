import { statement, type TenantDatabase } from '@apollo/tenancy/postgres';

const patience = statement(
  'wait briefly for locks',
  `select set_config('lock_timeout', '100ms', true) where :org::uuid is not null`,
);

/** Runs `work` in a transaction that waits for each lock for a tenth of a second at most: its organization may keep it. */
export function briefly<T>(database: TenantDatabase, work: () => Promise<T>): Promise<T> {
  return database.transaction(async (transaction) => {
    transaction.precede(patience, {});
    return work();
  });
}
