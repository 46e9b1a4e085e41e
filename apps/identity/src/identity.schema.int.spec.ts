import { readFile } from 'node:fs/promises';
import { assertProtected, schemaSql } from '@apollo/tenancy/postgres';
import { testDatabase, type TestDatabase } from '@apollo/testing';
import pg from 'pg';
import { identitySchema } from './identity.schema.js';

const CATALOGS = [
  `select table_name, column_name, data_type, is_nullable, column_default, datetime_precision from information_schema.columns where table_schema = 'identity' and table_name <> 'schema_migrations' order by 1, 2`,
  `select conrelid::regclass::text as on_table, conname, pg_get_constraintdef(oid) as definition from pg_constraint where connamespace = 'identity'::regnamespace and conrelid::regclass::text <> 'identity.schema_migrations' order by 1, 2`,
  `select indexdef from pg_indexes where schemaname = 'identity' and tablename <> 'schema_migrations' order by 1`,
  `select tablename, policyname, permissive, roles::text, cmd, qual, with_check from pg_policies where schemaname = 'identity' order by 1, 2`,
  `select relname, relrowsecurity, relforcerowsecurity, relacl::text, relowner::regrole::text from pg_class where relnamespace = 'identity'::regnamespace and relkind = 'r' and relname <> 'schema_migrations' order by 1`,
  `select oid::regprocedure::text as name, prosrc, prosecdef, proconfig::text, proacl::text, proowner::regrole::text from pg_proc where pronamespace = 'identity'::regnamespace order by 1`,
];

const opened: TestDatabase[] = [];
afterAll(() => Promise.all(opened.map((database) => database.drop())));

async function fresh(withoutMigrations: boolean): Promise<TestDatabase> {
  const database = await testDatabase(identitySchema, { withoutMigrations });
  opened.push(database);
  return database;
}

const catalogs = (database: TestDatabase) => Promise.all(CATALOGS.map((sql) => database.admin(sql)));

it('has a committed schema.sql that is what the tables say', async () => {
  expect(await readFile(new URL('schema.sql', identitySchema.packageUrl), 'utf8')).toBe(await schemaSql(identitySchema));
});

it('comes out the same from schema.sql and from the migrations, policies and grants included', async () => {
  const [migrated, written] = [await fresh(false), await fresh(true)];
  const client = new pg.Client({ connectionString: written.migrateUrl, options: '-c role=identity_owner' });
  await client.connect();
  await client.query(await schemaSql(identitySchema));
  await client.end();
  const [expected, found] = [await catalogs(migrated), await catalogs(written)];
  expect(found).toEqual(expected);
  for (const rows of expected) expect(rows.length).toBeGreaterThan(0);
});

it('passes the check a service makes before it starts', async () => {
  const database = await fresh(false);
  await assertProtected(database.appUrl, 'identity', false);
});
