import type { PurgeRow } from './purge.repository.js';

/** What an operator is shown of purges: a line for each organization, and one for each table that lost rows. */
export function receiptLines(purges: readonly PurgeRow[]): string[] {
  const count = `${purges.length} ${purges.length === 1 ? 'organization was' : 'organizations were'} deleted`;
  return [count, ...purges.flatMap(linesOf)];
}

function linesOf(purge: PurgeRow): string[] {
  const { slug, due_at, purged_at, parts } = purge;
  const state = purged_at ? `purged ${purged_at.toISOString()}` : `to be purged from ${due_at.toISOString()} on`;
  const tables = Object.entries(parts).flatMap(([service, receipt]) => [
    ...receipt.tables.map(({ table, outcome, rows }) => `  ${service}.${table}: ${rows} rows ${outcome}`),
    ...(receipt.complete ? [] : [`  ${service}: there may be more`]),
  ]);
  return [`${purge.org_id} ${slug}: ${state}`, ...tables];
}
