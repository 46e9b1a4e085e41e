import type { EntityMetadata } from '@mikro-orm/core';
import { madeTables, type TableFacts } from './table.factory.js';

/** The columns of a table that a runtime role may write in a new row, and those it may change. */
interface Writable {
  readonly written: readonly string[];
  readonly changed: readonly string[];
}

/**
 * All but what the database computes and what its functions decide; of a row that is there, all but its key and what is
 * fixed too.
 */
function writable(props: EntityMetadata['props'], { decided, fixed }: Pick<TableFacts, 'decided' | 'fixed'>): Writable {
  const columns = props.filter(
    ({ persist, generated, name }) => persist !== false && !generated && !decided.includes(name),
  );
  const names = (of: typeof columns): string[] => [...new Set(of.flatMap(({ fieldNames }) => fieldNames))];
  const key = names(columns.filter(({ primary, name }) => primary || fixed.includes(name)));
  const written = names(columns);
  return { written, changed: written.filter((name) => !key.includes(name)) };
}

function grants({ schema, table, kind, access, decided }: TableFacts, { written, changed }: Writable): string[] {
  const insert = decided.length === 0 ? 'insert' : `insert (${written.join(', ')})`;
  const app = {
    read: 'select',
    append: `select, ${insert}`,
    'read-write': `select, ${insert}, update (${changed.join(', ')})`,
    none: '',
    outbox: '',
  }[access];
  return [
    ...(app ? [`grant ${app} on ${schema}.${table} to ${schema}_app;`] : []),
    ...(access === 'outbox'
      ? [`grant select, update (published_at, refused) on ${schema}.${table} to ${schema}_relay;`]
      : []),
    ...(kind === 'vault' ? [`grant select on ${schema}.${table} to ${schema}_checker;`] : []),
  ];
}

/**
 * What runtime roles may do with the tables of a schema, as each table declared it; applied after the tables. Nothing
 * of it lets a role lock a table: PostgreSQL allows that to whoever may update, delete, truncate or maintain a whole
 * table, and to nobody who may update columns. Rows are deleted by functions alone.
 *
 * @param entities of every table, in the order in which the statements are to be
 */
export function rightsStatements(schema: string, entities: Iterable<EntityMetadata>): string[] {
  return madeTables(schema, entities).flatMap(({ table, props }) => grants(table, writable(props, table)));
}
