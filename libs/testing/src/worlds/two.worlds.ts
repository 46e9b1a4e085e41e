import { setTimeout as sleep } from 'node:timers/promises';
import { PLATFORM_REALM, type ServiceSchema, type TableKind, tablesOf, TagSigner } from '@apollo/tenancy/postgres';
import pg from 'pg';
import { testDatabase, type TestDatabase } from '../servers/test.database.js';
import { literalOf, type Whose, type WorldColumn, type WorldShape } from './world.values.js';

/** A table that the runtime role may read, with the columns it may read. */
export interface WorldTable {
  readonly name: string;
  readonly schema: string;
  /** The key's columns, and whose each is. */
  readonly keys: readonly ('org_id' | 'user_id' | 'realm')[];
  readonly columns: readonly WorldColumn[];
  /** Whether a function deletes rows of it. */
  readonly deletable: boolean;
}

/** One of two databases that an asker must not be able to tell apart. */
export interface World {
  readonly test: TestDatabase;
  /** A connection of the runtime role, as an attacker has it. */
  readonly client: pg.Client;
}

/** Two databases with the same rows of one organization and person, in which every value of everybody else differs. */
export interface TwoWorlds {
  readonly worlds: readonly [World, World];
  readonly tables: readonly WorldTable[];
  /** The organization and the person who ask. */
  readonly asker: { readonly org: string; readonly person: string };
  /** Organizations and people whose rows are in the first world, in the second, or in none. */
  readonly strangers: readonly string[];
  /** The tag of a scope, valid in both worlds. */
  tag(scope: 'org' | 'system' | 'self' | 'platform'): string;
  drop(): Promise<void>;
}

/** Rows of the asker in each table, and as many of others: few enough for a page, so that all sizes are equal. */
export const ROWS = 4;

const ASKER = { org: '0aaaaaaa-0000-7000-8000-00000000000a', person: '0aaaaaaa-0000-7000-8000-0000000000a1' };
const STRANGER: Readonly<Record<Exclude<Whose, 'own'>, { org: string; person: string }>> = {
  first: { org: '0bbbbbbb-0000-7000-8000-00000000000b', person: '0bbbbbbb-0000-7000-8000-0000000000b1' },
  second: { org: '0ccccccc-0000-7000-8000-00000000000c', person: '0ccccccc-0000-7000-8000-0000000000c1' },
};

/** The key's columns, of the kinds whose rows are not keyed by their organization alone. */
const KEYS: Readonly<Partial<Record<TableKind, WorldTable['keys']>>> = {
  'org-personal': ['org_id', 'user_id'],
  person: ['user_id'],
  platform: ['realm'],
};

const COLUMNS = `
  select c.relname as table, json_agg(json_build_object('name', a.attname, 'nullable', not a.attnotnull,
    'type', regexp_replace(format_type(a.atttypid, -1), '\\(\\d+\\)', ''), 'generated', a.attgenerated <> '',
    'counted', exists (select from pg_index i where i.indrelid = c.oid and pg_get_expr(i.indpred, i.indrelid) ~ ('\\m' || a.attname || '\\M'))) order by a.attnum) as columns
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = $1::regnamespace and c.relkind = 'r' and has_table_privilege($2, c.oid, 'SELECT') group by 1 order by 1`;

/** What would refuse made-up values, and what would move them about: none of it is what is tried here. */
const LOOSEN = `
  select format('alter table %s drop constraint %I cascade', conrelid::regclass, conname) as sql from pg_constraint
  where connamespace = $1::regnamespace and contype in ('c', 'f')
  union all select format('update pg_index set indisunique = false where indexrelid = %s', i.indexrelid) from pg_index i
  join pg_class c on c.oid = i.indrelid where c.relnamespace = $1::regnamespace and i.indisunique and i.indpred is not null
  union all select format('alter table %s set (autovacuum_enabled = off)', c.oid::regclass) from pg_class c
  where c.relnamespace = $1::regnamespace and c.relkind = 'r'`;

/** Milliseconds a table has for its pages to become visible to everybody. */
const PATIENCE_MS = 30_000;

const SIZES = `
  select relname, relpages, relallvisible, reltuples::int from pg_class where relnamespace = $1::regnamespace and relkind in ('r', 'i') order by 1`;

/** Builds both worlds of a service's schema. */
export async function twoWorlds(schema: ServiceSchema, shape: WorldShape = {}): Promise<TwoWorlds> {
  const tests = [await testDatabase(schema), await testDatabase(schema)] as const;
  const facts = new Map(tablesOf(schema.service).map((each) => [each.table, each]));
  const found = (await tests[0].admin(COLUMNS, [schema.service, `${schema.service}_app`])) as unknown as {
    table: string;
    columns: (WorldColumn & { generated: boolean })[];
  }[];
  const tables = found.map(({ table, columns }): WorldTable => {
    const { kind = 'org', deletable = false } = facts.get(table) ?? {};
    return { name: table, schema: schema.service, keys: KEYS[kind] ?? ['org_id'], columns, deletable };
  });
  const writable = new Map(found.map(({ table, columns }) => [table, columns.filter(({ generated }) => !generated)]));
  const worlds = await Promise.all(
    tests.map(async (test, at) => {
      await fill(test, schema.service, tables, writable, at === 0 ? 'first' : 'second', shape);
      const client = new pg.Client({
        connectionString: test.appUrl,
        // As the server writes it: a plan may cost Infinity, which is no JSON.
        types: { getTypeParser: () => (text: string) => text },
      });
      client.on('error', () => undefined);
      await client.connect();
      return { test, client };
    }),
  );
  const sizes = await Promise.all(tests.map((test) => test.admin(SIZES, [schema.service])));
  const [first = [], second = []] = sizes.map((rows) => rows.map((row) => JSON.stringify(row)));
  const other = first.filter((size, at) => size !== second[at]);
  if (other.length > 0)
    throw new Error(`The worlds of ${schema.service} differ in size, which nobody hides: ${other.join(', ')}`);
  const signer = new TagSigner(tests[0].tagKey);
  return {
    worlds: worlds as unknown as readonly [World, World],
    tables,
    asker: ASKER,
    strangers: Object.values(STRANGER).flatMap(({ org, person }) => [org, person]),
    tag: (scope) =>
      signer.sign(
        {
          scope: scope === 'system' ? 'org' : scope,
          orgId: scope === 'org' || scope === 'system' ? ASKER.org : null,
          actor: scope === 'org' || scope === 'self' ? ASKER.person : 'system:specs',
          role: 'owner',
          requestId: 'two-worlds',
        },
        Date.now(),
      ),
    drop: async () => {
      for (const { client, test } of worlds) {
        await client.end();
        await test.drop();
      }
    },
  };
}

async function fill(
  test: TestDatabase,
  schema: string,
  tables: readonly WorldTable[],
  writable: ReadonlyMap<string, readonly WorldColumn[]>,
  world: Exclude<Whose, 'own'>,
  shape: WorldShape,
): Promise<void> {
  for (const { sql } of await test.admin(LOOSEN, [schema])) await test.admin(String(sql));
  for (const table of tables) {
    // Rows that statements write and take back have room where the row is: a table that grew in one world only would
    // tell so.
    await test.admin(`alter table ${schema}.${table.name} set (fillfactor = 30)`);
    const columns = writable.get(table.name) ?? [];
    const rows = Array.from({ length: 2 * ROWS }, (_, at) => {
      const whose: Whose = at < ROWS ? 'own' : world;
      // Of a personal table, half of the foreign rows are a colleague's in the asker's own organization.
      const colleague = whose !== 'own' && table.keys.length === 2 && at % 2 === 1;
      return `(${columns.map((column) => keyOf(column.name, table, whose, colleague) ?? literalOf(column, table.name, at % ROWS, whose, shape)).join(', ')})`;
    });
    await test.admin(
      `set session_replication_role = replica; insert into ${schema}.${table.name} (${columns.map(({ name }) => name).join(', ')}) values ${rows.join(', ')}; reset session_replication_role`,
    );
    await settle(test, `${schema}.${table.name}`);
  }
}

/**
 * Vacuums a table until all of its pages are known to be visible to everybody. Where PostgreSQL analyzes its own
 * catalog in the same moment, they are not at first; locking a row then takes other pages than in the other world.
 */
async function settle(test: TestDatabase, table: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(100)) {
    await test.admin(`vacuum (freeze, analyze) ${table}`);
    const [page] = await test.admin(
      'select relallvisible = relpages as settled from pg_class where oid = $1::regclass',
      [table],
    );
    if (page?.['settled'] === true) return;
    if (Date.now() > end) throw new Error(`The pages of ${table} do not become visible to everybody`);
  }
}

function keyOf(column: string, table: WorldTable, whose: Whose, colleague: boolean): string | undefined {
  if (column === 'realm' && table.keys[0] === 'realm') return `'${PLATFORM_REALM}'::uuid`;
  const owner = whose === 'own' ? ASKER : STRANGER[whose];
  if (column === 'org_id') return `'${colleague ? ASKER.org : owner.org}'::uuid`;
  return column === 'user_id' && table.keys.includes('user_id') ? `'${owner.person}'::uuid` : undefined;
}
