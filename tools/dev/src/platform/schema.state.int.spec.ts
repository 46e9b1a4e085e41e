import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningPostgres, startPostgres } from '@apollo/servers';
import pg from 'pg';
import { REPOSITORY } from './platform.layout.js';
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

  it('is behind as long as one migration is missing, whatever else was applied', async () => {
    const behind = () => isMigrated(server.adminUrl, 'leads').then((done) => !done);
    expect(await behind()).toBe(true);
    await admin.query('create schema leads create table schema_migrations (name text)');
    await admin.query(`insert into leads.schema_migrations values ('0000-of-another-time')`);
    expect(await behind()).toBe(true);
    for (const file of await readdir(join(REPOSITORY, 'apps/leads/migrations'))) {
      expect(await behind()).toBe(true);
      await admin.query('insert into leads.schema_migrations values ($1)', [file.replace('.sql', '')]);
    }
    expect(await behind()).toBe(false);
    expect(await isMigrated(server.adminUrl, 'orgs')).toBe(false);
  });
});
