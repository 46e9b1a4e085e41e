import { readFile, writeFile } from 'node:fs/promises';
import { specimenSchema, testDatabase, type TestDatabase } from '@apollo/testing';
import { FailedMigrationError, migrate, type ServiceSchema } from './index.js';

describe('a migration that fails', () => {
  let schema: ServiceSchema;
  let test: TestDatabase;
  beforeAll(async () => {
    schema = await specimenSchema();
    test = await testDatabase(schema);
  });
  afterAll(() => test?.drop());

  const failing = async (...statements: string[]): Promise<string> => {
    await writeFile(
      new URL('migrations/0002-later.sql', schema.packageUrl),
      `-- Why; and how.\n\n${statements.join(';\n')};\n`,
    );
    return migrate(schema, test.migrateUrl).then(
      () => 'migrated',
      (error: unknown) => (error instanceof FailedMigrationError ? error.message : `no such error: ${String(error)}`),
    );
  };

  it('is told with its statement, and the row that the database names', async () => {
    const told = await failing(
      'create table specimen.later (id int)',
      "do $$ begin\n  raise unique_violation using message = 'twice', detail = 'Key (id)=(7) already exists.', table = 'later';\nend $$",
      'drop table specimen.later',
    );
    expect(told.split('\n')).toEqual([
      'Migration 0002-later.sql failed, and nothing of this run was applied.',
      '  statement: do $$ begin',
      '  error: twice (23505)',
      '  detail: Key (id)=(7) already exists.',
      '  where: PL/pgSQL function inline_code_block line 2 at RAISE',
      '  table: later',
    ]);
    expect(await test.admin("select to_regclass('specimen.later') as found")).toEqual([{ found: null }]);
  });

  it('is told without a place where the database knows none', async () => {
    expect(
      await failing('alter table specimen.folders add column more int', 'alter table specimen.nowhere add x int'),
    ).toBe(
      'Migration 0002-later.sql failed, and nothing of this run was applied.\n' +
        '  statement: alter table specimen.nowhere add x int\n' +
        '  error: relation "specimen.nowhere" does not exist (42P01)',
    );
    expect(await failing('alter table specimen.folders add column more int')).toBe('migrated');
  });

  it('is told by the file of a function, and takes back the migrations before it', async () => {
    const file = new URL('functions/find_by_slug.sql', schema.packageUrl);
    const sound = await readFile(file, 'utf8');
    await writeFile(file, sound.replace('returns setof uuid', 'returns setof nothing'));
    await writeFile(new URL('migrations/0003-more.sql', schema.packageUrl), 'create table specimen.more (id int);');
    await expect(migrate(schema, test.migrateUrl)).rejects.toThrow(
      'Migration functions/find_by_slug.sql failed, and nothing of this run was applied.\n' +
        '  statement: create or replace function specimen.find_by_slug(wanted text) returns setof nothing\n' +
        '  error: type "nothing" does not exist (42704)',
    );
    expect(await test.admin("select to_regclass('specimen.more') as found")).toEqual([{ found: null }]);
    await writeFile(file, sound);
    expect(await migrate(schema, test.migrateUrl)).toEqual(['0003-more']);
  });
});
