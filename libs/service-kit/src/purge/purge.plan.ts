import type { TableFunction } from '@apollo/tenancy/postgres';

/** What becomes of a deleted organization's rows in each table of a service that has an `org_id`. */
export interface PurgePlan {
  /** Tables whose rows go, in that order: what refers to others stands before them. */
  readonly deleted: readonly string[];
  /** Tables that are kept, each with the reason. */
  readonly kept: Readonly<Record<string, string>>;
  /**
   * Those of the kept ones out of which people are taken, by a function of the service's own: `purge_<table>`, as each
   * of the deleted ones has one.
   */
  readonly anonymized?: readonly string[];
}

/** A plan's reason to keep what a service has purged. */
export const RECEIPT_STAYS = { purge_receipts: 'It is what says that the rest is gone.' } as const;

/** `note_purged`, which every function that purges asks: a folder of the functions of each schema with a plan. */
export const purgeFunctions = new URL('../../functions/purge/', import.meta.url);

/** The functions by which the tables of a plan are emptied, one each. */
export function purgeByTable({ deleted }: PurgePlan): TableFunction[] {
  const file = new URL('../../functions/purge-by-table/purge_some_table.sql', import.meta.url);
  return [{ file, tables: deleted }];
}
