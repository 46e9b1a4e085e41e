import { readFile } from 'node:fs/promises';
import { functionFiles, schemaSql, type ServiceSchema } from '@apollo/tenancy/postgres';
import pg from 'pg';
import { testDatabase, type TestDatabase } from './test.database.js';

/** One thing in a schema: its kind, its name and everything the catalog says about it. */
export type CatalogEntry = Record<string, unknown>;

/** A service's schema by the four ways it exists; the first two are the same text, the last two the same catalog. */
export interface SchemaComparison {
  readonly committed: string;
  readonly generated: string;
  readonly fromScratch: readonly CatalogEntry[];
  readonly byMigration: readonly CatalogEntry[];
}

const CATALOG = `
  select 'column' as kind, c.table_name || '.' || c.column_name as name,
      concat_ws(' ', c.data_type, c.datetime_precision, c.is_nullable, c.column_default, c.collation_name, c.generation_expression) as text
    from information_schema.columns c where c.table_schema = $1 and c.table_name <> 'schema_migrations'
  union all select 'index', i.indexname, i.indexdef from pg_indexes i where i.schemaname = $1 and i.tablename <> 'schema_migrations'
  union all select 'constraint', r.relname || '.' || k.conname, pg_get_constraintdef(k.oid)
    from pg_constraint k join pg_class r on r.oid = k.conrelid where r.relnamespace = $1::regnamespace and r.relname <> 'schema_migrations'
  union all select 'policy', p.tablename || '.' || p.policyname, concat_ws(' ', p.permissive, p.cmd, p.roles::text, p.qual, p.with_check)
    from pg_policies p where p.schemaname = $1 and p.tablename <> 'schema_migrations'
  union all select 'table', r.relname, concat_ws(' ', r.relowner::regrole, r.relforcerowsecurity, r.relacl)
    from pg_class r where r.relnamespace = $1::regnamespace and r.relkind = 'r' and r.relname <> 'schema_migrations'
  union all select 'column grant', r.relname || '.' || a.attname, a.attacl::text
    from pg_attribute a join pg_class r on r.oid = a.attrelid where r.relnamespace = $1::regnamespace and a.attacl is not null
  union all select 'function', f.oid::regprocedure::text, concat_ws(' ', f.proowner::regrole, f.proacl, pg_get_functiondef(f.oid), obj_description(f.oid))
    from pg_proc f where f.pronamespace = $1::regnamespace
  union all select 'trigger', r.relname || '.' || t.tgname, pg_get_triggerdef(t.oid)
    from pg_trigger t join pg_class r on r.oid = t.tgrelid where r.relnamespace = $1::regnamespace and not t.tgisinternal
  order by 1, 2, 3`;

/**
 * Builds a service's schema from the committed `schema.sql` and by its migrations, each with its functions, and reads
 * both catalogs.
 */
export async function compareSchema(schema: ServiceSchema): Promise<SchemaComparison> {
  const committed = await readFile(new URL('schema.sql', schema.packageUrl), 'utf8');
  const [migrated, scratch] = [await testDatabase(schema), await testDatabase(schema, { withoutMigrations: true })];
  try {
    const functions = (await functionFiles(schema)).map(({ text }) => text);
    await applyAsOwner(scratch, schema.service, [committed, 'set check_function_bodies = off', ...functions]);
    const [byMigration, fromScratch] = await Promise.all(
      [migrated, scratch].map((test) => test.admin(CATALOG, [schema.service])),
    );
    return {
      committed,
      generated: await schemaSql(schema),
      fromScratch: fromScratch ?? [],
      byMigration: byMigration ?? [],
    };
  } finally {
    await Promise.all([migrated.drop(), scratch.drop()]);
  }
}

async function applyAsOwner(test: TestDatabase, service: string, texts: readonly string[]): Promise<void> {
  const owner = new pg.Client({ connectionString: test.migrateUrl, options: `-c role=${service}_owner` });
  await owner.connect();
  try {
    for (const text of texts) await owner.query(text);
  } finally {
    await owner.end();
  }
}
