import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningPostgres, startPostgres } from '@apollo/servers';
import { functionFiles } from '@apollo/tenancy/postgres';
import { specimenSchema } from '@apollo/testing';
import pg from 'pg';
import { isMigrated } from './schema.state.js';

describe('the state of a service’s schema', () => {
  let folder: string;
  let server: RunningPostgres;
  let admin: pg.Client;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apollo-state-'));
    server = await startPostgres({ dataDir: join(folder, 'postgres'), ephemeral: true });
    admin = new pg.Client({ connectionString: server.adminUrl });
    await admin.connect();
  });

  afterAll(async () => {
    await admin.end();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is behind as long as one migration is missing, or one function is another, whatever else was applied', async () => {
    const schema = await specimenSchema();
    const files = await readdir(new URL('migrations/', schema.packageUrl));
    const functions = (await functionFiles(schema)).map(({ version }) => version);
    const behind = () => isMigrated(server.adminUrl, schema).then((done) => !done);
    const note = (name: string) => admin.query('insert into specimen.schema_migrations (name) values ($1)', [name]);
    expect(await behind()).toBe(true);
    await admin.query('create schema specimen create table schema_migrations (id serial, name text)');
    for (const name of [...files.map((file) => file.replace('.sql', '')), ...functions]) {
      expect(await behind()).toBe(true);
      await note(name);
    }
    expect(await behind()).toBe(false);
    const [first] = functions as [string];
    await note(`${first.slice(0, -16)}${'0'.repeat(16)}`);
    expect(await behind()).toBe(true);
    await note(first);
    expect(await behind()).toBe(false);
    // Of a newer version, whose functions stay as they are.
    await note(`${first.slice(0, -16)}${'0'.repeat(16)}`);
    await note('9999-of-tomorrow');
    expect(await behind()).toBe(false);
  });
});
