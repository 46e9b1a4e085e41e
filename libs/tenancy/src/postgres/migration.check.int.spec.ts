import { specimenSchema, testDatabase, type TestDatabase } from '@apollo/testing';
import pg from 'pg';
import { assertMigrated, type ServiceSchema, UnmigratedDatabaseError, UnpreparedDatabaseError } from './index.js';

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

  it('serves nobody where it lacks a migration, which is named', async () => {
    const [last] = await test.admin(
      'delete from specimen.schema_migrations where id = (select max(id) from specimen.schema_migrations) returning name',
    );
    const refused = assertMigrated(schema, test.appUrl);
    await expect(refused).rejects.toThrow(UnmigratedDatabaseError);
    await expect(refused).rejects.toThrow(`lacks migrations of specimen: ${String(last?.['name'])}.`);
  });
});
