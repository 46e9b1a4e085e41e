import { readFile, writeFile } from 'node:fs/promises';
import { checkFunctions, specimenSchema, testDatabase, type TestDatabase } from '@apollo/testing';
import pg from 'pg';
import {
  assertMigrated,
  assertRelayRole,
  migrate,
  type ServiceSchema,
  UnmigratedDatabaseError,
  UnpreparedDatabaseError,
  WrongRoleError,
} from './index.js';

describe('a database of another version than its service', () => {
  let schema: ServiceSchema;
  let test: TestDatabase;
  beforeAll(async () => {
    schema = await specimenSchema();
    test = await testDatabase(schema);
  });
  afterAll(() => test?.drop());

  it('is told by the names of its migrations where it is newer, and serves on', async () => {
    expect(await assertMigrated(schema, test.appUrl)).toEqual([]);
    await test.admin("insert into specimen.schema_migrations (name) values ('9999-of-tomorrow')");
    expect(await assertMigrated(schema, test.appUrl)).toEqual(['9999-of-tomorrow']);
    await test.admin("delete from specimen.schema_migrations where name = '9999-of-tomorrow'");
    // Names are told; the table itself is nobody's to read.
    const client = new pg.Client({ connectionString: test.appUrl });
    await client.connect();
    await expect(client.query('select * from specimen.schema_migrations')).rejects.toMatchObject({ code: '42501' });
    await client.end();
  });

  it('serves nobody where it was not prepared for this version', async () => {
    const rename = (from: string, to: string) => test.admin(`alter function tenancy.${from}() rename to ${to}`);
    await rename('applied_migrations', 'of_before');
    await expect(assertMigrated(schema, test.appUrl)).rejects.toThrow(UnpreparedDatabaseError);
    await rename('of_before', 'applied_migrations');
    expect(await assertMigrated(schema, test.appUrl)).toEqual([]);
  });

  it('serves nobody as a role that is not its service’s own, whatever that may do', async () => {
    const { username } = new URL(test.adminUrl);
    await expect(assertMigrated(schema, test.adminUrl)).rejects.toThrow(
      `it is the URL of ${username}, and has to be that of specimen_app`,
    );
    await expect(assertMigrated(schema, test.relayUrl)).rejects.toThrow(WrongRoleError);
    await expect(assertRelayRole(test.appUrl, 'specimen')).rejects.toThrow(WrongRoleError);
    await assertRelayRole(test.relayUrl, 'specimen');
  });

  it('serves nobody where it lacks a migration, which is named', async () => {
    const [last] = await test.admin(
      'delete from specimen.schema_migrations where id = (select max(id) from specimen.schema_migrations) returning name',
    );
    const refused = assertMigrated(schema, test.appUrl);
    await expect(refused).rejects.toThrow(UnmigratedDatabaseError);
    await expect(refused).rejects.toThrow(`lacks migrations of specimen: ${String(last?.['name'])}.`);
  });
});

describe('a function of another version than its file', () => {
  let schema: ServiceSchema;
  let test: TestDatabase;
  let file: URL;
  let first: string;
  let applied: string[];
  beforeAll(async () => {
    schema = await specimenSchema();
    file = new URL('functions/find_by_slug.sql', schema.packageUrl);
    first = await readFile(file, 'utf8');
    test = await testDatabase(schema);
    applied = await recorded();
  });
  afterAll(() => test?.drop());

  const recorded = async (): Promise<string[]> => {
    const rows = await test.admin(
      "select name from specimen.schema_migrations where name like '%find_by_slug@%' order by id",
    );
    return rows.map(({ name }) => String(name));
  };
  const body = async (): Promise<string> => {
    const [row] = await test.admin("select prosrc as text from pg_proc where oid = 'specimen.find_by_slug'::regproc");
    return String(row?.['text']).trim();
  };
  const asOf = (release: number): Promise<void> =>
    writeFile(file, first.replace('= wanted', `= wanted and ${release} = ${release}`));

  it('becomes as the file has it, also where that goes back to a text of before', async () => {
    expect(await body()).toMatch(/slug = wanted$/);
    await asOf(2);
    const [second] = await migrate(schema, test.migrateUrl);
    expect(await body()).toMatch(/slug = wanted and 2 = 2$/);
    expect(await migrate(schema, test.migrateUrl)).toEqual([]);
    await writeFile(file, first);
    expect(await migrate(schema, test.migrateUrl)).toEqual(applied);
    expect(await body()).toMatch(/slug = wanted$/);
    expect(await recorded()).toEqual([second, ...applied]);
  });

  it('lets a service of before start, and none whose file was never applied, which is named', async () => {
    await asOf(2);
    await migrate(schema, test.migrateUrl);
    await writeFile(file, first);
    await migrate(schema, test.migrateUrl);
    await asOf(2);
    expect(await assertMigrated(schema, test.appUrl)).toEqual([]);
    await asOf(3);
    await expect(assertMigrated(schema, test.appUrl)).rejects.toThrow(
      /^The database lacks migrations of specimen: functions\/find_by_slug@[0-9a-f]{16}\./,
    );
  });

  it('stays as it is where the database has a migration that this version does not know', async () => {
    await writeFile(file, first);
    await test.admin("insert into specimen.schema_migrations (name) values ('9999-of-tomorrow')");
    await asOf(4);
    expect(await migrate(schema, test.migrateUrl)).toEqual([]);
    expect(await body()).toMatch(/slug = wanted$/);
    await test.admin("delete from specimen.schema_migrations where name = '9999-of-tomorrow'");
    expect(await migrate(schema, test.migrateUrl)).toHaveLength(1);
    expect(await body()).toMatch(/slug = wanted and 4 = 4$/);
  });

  it('is refused to be two files', async () => {
    await expect(
      migrate({ ...schema, functions: [...schema.functions, schema.functions[0] as URL] }, test.migrateUrl),
    ).rejects.toThrow('Two files are functions/entity_of_event.sql');
  });

  it('is found where a variable of it hides another one or is used nowhere, and where nothing says what it is for', async () => {
    const declares = (
      variable: string,
    ) => `create or replace function specimen.find_by_slug(wanted text) returns setof uuid
language plpgsql as $$
declare
  ${variable} text;
  found_one uuid;
begin
  select org_id into found_one from specimen.directory where slug = wanted;
  return next found_one;
end
$$;`;
    await writeFile(file, declares('wanted'));
    const { problems } = await checkFunctions(test, schema);
    expect(problems).toEqual([
      'functions/find_by_slug.sql: error: variable "wanted" shadows a previously defined variable',
    ]);
    await writeFile(file, `${declares('spare')} comment on function specimen.find_by_slug is null;`);
    expect((await checkFunctions(test, schema)).problems).toEqual([
      'find_by_slug has no comment',
      'find_by_slug uses spare nowhere',
    ]);
    await writeFile(file, first);
    expect((await checkFunctions(test, schema)).problems).toEqual([]);
  });
});
