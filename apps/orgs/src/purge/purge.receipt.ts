import { purgeMessages, validated } from '@apollo/contracts';
import type { PurgeRow } from './purge.repository.js';

/** Letters of a service's name that are shown. */
const LONGEST_NAME = 40;

/** What an operator is shown of purges: a line for each organization, and one for each table that lost rows. */
export function receiptLines(purges: readonly PurgeRow[]): string[] {
  const count = `${purges.length} ${purges.length === 1 ? 'organization was' : 'organizations were'} deleted`;
  return [count, ...purges.flatMap(linesOf)];
}

function linesOf(purge: PurgeRow): string[] {
  const { slug, due_at, purged_at, parts } = purge;
  const state = purged_at ? `purged ${purged_at.toISOString()}` : `to be purged from ${due_at.toISOString()} on`;
  return [
    `${purge.org_id} ${slug}: ${state}`,
    ...Object.entries(parts).flatMap(([service, part]) => linesOfPart(service.slice(0, LONGEST_NAME), part)),
  ];
}

/** What cannot be read hides nothing that stands beside it. */
function linesOfPart(service: string, part: unknown): string[] {
  const receipt = receiptIn(part);
  if (!receipt) return [`  ${service}: its receipt cannot be read`];
  const tables = receipt.tables.map(({ table, outcome, rows }) => `  ${service}.${table}: ${rows} rows ${outcome}`);
  return receipt.complete ? tables : [...tables, `  ${service}: there may be more`];
}

function receiptIn(part: unknown): purgeMessages.PurgeReceipt | undefined {
  try {
    return validated(purgeMessages.PurgeReceipt, part);
  } catch {
    return undefined;
  }
}
