import type { EntityMetadata } from '@mikro-orm/core';
import type { TableKind } from './policy.text.js';
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

/**
 * Whose rows a function deletes: the tag's, as the policies, which bind the schema's owner too, say once more. Each
 * claim raises 42501 where the session carries none.
 */
const OWN: Readonly<Partial<Record<TableKind, readonly (readonly [column: string, claim: string])[]>>> = {
  org: [['org_id', 'tenancy.org_id()']],
  'org-personal': [
    ['org_id', 'tenancy.org_id()'],
    ['user_id', 'tenancy.actor_id()'],
  ],
  person: [['user_id', 'tenancy.self_id()']],
  platform: [['realm', 'tenancy.realm()']],
};

/** The only way of a runtime role to delete rows of a table, by their ids; see `deletion`. */
function deleteFunction({ schema, table, kind }: TableFacts): string {
  const own = OWN[kind];
  if (!own) throw new Error(`${schema}.${table}: rows of a ${kind} table are not the runtime role's to delete`);
  const name = `${schema}.delete_${table}`;
  return `create function ${name}(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
${own.map(([column, claim]) => `  own_${column} uuid := ${claim};`).join('\n')}
begin
  return query delete from ${schema}.${table} d where ${own.map(([column]) => `d.${column} = own_${column} and `).join('')}d.id = any(ids) returning d.id;
end $$;
revoke all on function ${name} from public;
grant execute on function ${name} to ${schema}_app;`;
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
 * table, and to nobody who may update columns.
 *
 * @param entities of every table, in the order in which the statements are to be
 */
export function rightsStatements(schema: string, entities: Iterable<EntityMetadata>): string[] {
  const tables = madeTables(schema, entities);
  return [
    ...tables.filter(({ table }) => table.deletable).map(({ table }) => deleteFunction(table)),
    ...tables.flatMap(({ table, props }) => grants(table, writable(props, table))),
  ];
}
