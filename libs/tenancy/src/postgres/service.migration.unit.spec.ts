import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { functionFiles } from './function.files.js';
import { migrationFiles, pendingOf } from './service.migration.js';
import type { ServiceSchema } from './service.schema.js';

describe('what is pending of a schema', () => {
  let folder: string;
  let schema: ServiceSchema;
  let version: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apollo-migrations-'));
    await mkdir(join(folder, 'migrations'));
    await mkdir(join(folder, 'functions'));
    for (const file of ['0002-more.sql', '0001-initial.sql', 'README.md'])
      await writeFile(join(folder, 'migrations', file), 'select 1;');
    const text = 'create or replace function service_schema.one() returns int language sql as $$ select 1 $$;\n';
    await writeFile(join(folder, 'functions', 'one.sql'), text);
    const packageUrl = pathToFileURL(`${folder}/`);
    schema = { service: 'sample', tables: [], rules: [], packageUrl, functions: [new URL('functions/', packageUrl)] };
    version = (await functionFiles(schema))[0]?.version ?? '';
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is every migration, in the order of their names, and behind them every function', async () => {
    expect(await migrationFiles(schema)).toEqual(['0001-initial.sql', '0002-more.sql']);
    expect(await pendingOf(schema, [])).toEqual(['0001-initial', '0002-more', version]);
  });

  it('is what was not recorded yet', async () => {
    expect(await pendingOf(schema, ['0001-initial', version])).toEqual(['0002-more']);
    expect(await pendingOf(schema, ['0001-initial', '0002-more', version])).toEqual([]);
  });

  it('is none of the functions where the database is of a newer version', async () => {
    expect(await pendingOf(schema, ['0001-initial', '0003-later'])).toEqual(['0002-more']);
  });
});
