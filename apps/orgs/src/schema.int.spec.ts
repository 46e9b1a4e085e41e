import { readFile } from 'node:fs/promises';
import { schemaSql } from '@apollo/tenancy/postgres';
import { testDatabase } from '@apollo/testing';
import pg from 'pg';
import { orgsSchema } from './orgs.schema.js';

const CATALOG = `
  select 'column' as kind, c.table_name || '.' || c.column_name as name, c.data_type || ' ' || c.is_nullable || ' ' || coalesce(c.column_default, '') as text
    from information_schema.columns c where c.table_schema = 'orgs' and c.table_name <> 'schema_migrations'
  union all select 'index', i.indexname, i.indexdef from pg_indexes i where i.schemaname = 'orgs' and i.tablename <> 'schema_migrations'
  union all select 'constraint', r.relname || '.' || k.conname, pg_get_constraintdef(k.oid)
    from pg_constraint k join pg_class r on r.oid = k.conrelid where r.relnamespace = 'orgs'::regnamespace and r.relname <> 'schema_migrations'
  union all select 'policy', p.tablename || '.' || p.policyname, p.permissive || ' ' || p.cmd || ' ' || p.roles::text || ' ' || p.qual || ' ' || p.with_check
    from pg_policies p where p.schemaname = 'orgs' and p.tablename <> 'schema_migrations'
  union all select 'table', r.relname, r.relowner::regrole::text || ' ' || r.relforcerowsecurity || ' ' || coalesce(r.relacl::text, '')
    from pg_class r where r.relnamespace = 'orgs'::regnamespace and r.relkind = 'r' and r.relname <> 'schema_migrations'
  union all select 'function', f.oid::regprocedure::text, f.proowner::regrole::text || ' ' || coalesce(f.proacl::text, '') || ' ' || pg_get_functiondef(f.oid)
    from pg_proc f where f.pronamespace = 'orgs'::regnamespace
  order by 1, 2, 3`;

describe('the schema of orgs', () => {
  it('is committed as the code says it', async () => {
    expect(await readFile(new URL('schema.sql', orgsSchema.packageUrl), 'utf8')).toBe(await schemaSql(orgsSchema));
  });

  it('comes out the same from scratch and by migration: columns, keys, policies, owners, grants and functions', async () => {
    const migrated = await testDatabase(orgsSchema);
    const scratch = await testDatabase(orgsSchema, { withoutMigrations: true });
    const owner = new pg.Client({ connectionString: scratch.migrateUrl, options: '-c role=orgs_owner' });
    await owner.connect();
    await owner.query(await readFile(new URL('schema.sql', orgsSchema.packageUrl), 'utf8'));
    await owner.end();
    const [expected, found] = await Promise.all([scratch.admin(CATALOG), migrated.admin(CATALOG)]);
    expect(found).toEqual(expected);
    expect(found.length).toBeGreaterThan(100);
    await Promise.all([migrated.drop(), scratch.drop()]);
  });
});
