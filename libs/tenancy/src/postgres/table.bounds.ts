import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { madeTables, type TableFacts } from './table.factory.js';

/** Octets that a value may take as text, by the type of its column; bytes have to be said for each. */
const OCTETS: Readonly<Record<string, number>> = { text: 10_000, 'text[]': 65_536, json: 65_536, jsonb: 65_536 };
/** Types whose octets can be counted as they are. */
const PLAIN: ReadonlySet<string> = new Set(['text', 'bytea']);

function boundsOf(table: TableFacts, { name, columnTypes, fieldNames }: EntityProperty): string[] {
  return fieldNames.flatMap((column, index) => {
    const type = columnTypes[index] ?? '';
    const octets = table.octets[name] ?? OCTETS[type];
    if (octets !== undefined) return `octet_length(${column}${PLAIN.has(type) ? '' : '::text'}) <= ${octets}`;
    if (type === 'bytea') throw new Error(`${table.schema}.${table.table}: how many octets has ${name} at most?`);
    return [];
  });
}

/**
 * What a process may be given of a row, whatever SQL wrote it: every text, list, JSON and bytes of every table has a
 * bound, above all that the service itself writes. What the database derives of others has theirs. Not validated: a row
 * that was there before holds up no migration.
 *
 * @param entities of every table, in the order in which the statements are to be
 * @throws Error for bytes of which the table does not say how many
 */
export function boundStatements(schema: string, entities: Iterable<EntityMetadata>): string[] {
  return madeTables(schema, entities).flatMap(({ table, props }) => {
    const stored = props.filter(({ persist, generated }) => persist !== false && !generated);
    const bounds = [...new Set(stored.flatMap((property) => boundsOf(table, property)))];
    if (bounds.length === 0) return [];
    return `alter table ${schema}.${table.table} add constraint ${table.table}_sized check (${bounds.join(' and ')}) not valid;`;
  });
}
