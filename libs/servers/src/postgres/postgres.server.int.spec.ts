import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { identify } from '../process/process.identity.js';
import { discardPostgres, type RunningPostgres, startPostgres } from './postgres.server.js';

const query = async (url: string, sql: string, values: unknown[] = []) => {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql, values)).rows;
  } finally {
    await client.end();
  }
};

describe('embedded PostgreSQL', () => {
  let folder: string;
  let running: RunningPostgres | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apollo-pg-'));
  });

  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (options: Partial<Parameters<typeof startPostgres>[0]> = {}) =>
    (running = await startPostgres({ dataDir: join(folder, 'postgres'), ...options }));

  it('finds the data again on the second start', async () => {
    const first = await start();
    await query(first.adminUrl, 'create table kept (word text)');
    await query(first.adminUrl, `insert into kept values ('still here')`);
    await first.stop();
    expect(identify(first.pid)).toBeUndefined();

    const second = await start({ port: first.port });
    expect(second.adminUrl).toBe(first.adminUrl);
    expect(await query(second.adminUrl, 'select word from kept')).toEqual([{ word: 'still here' }]);
    await second.stop();
    // Whatever folder it was put in for the sake of a root user goes with the test.
    await discardPostgres(join(folder, 'postgres'));
  });

  it('lets nobody in without a password, and listens on loopback only', async () => {
    const { adminUrl } = await start({ ephemeral: true });
    const anonymous = new URL(adminUrl);
    anonymous.password = '';
    await expect(query(anonymous.href, 'select 1')).rejects.toThrow(/password/i);
    anonymous.password = 'guessed';
    await expect(query(anonymous.href, 'select 1')).rejects.toThrow(/authentication failed/);
    expect(await query(adminUrl, `select distinct auth_method from pg_hba_file_rules`)).toEqual([
      { auth_method: 'scram-sha-256' },
    ]);
    expect(
      await query(
        adminUrl,
        `select setting from pg_settings where name in ('listen_addresses', 'unix_socket_directories') order by name`,
      ),
    ).toEqual([{ setting: '127.0.0.1' }, { setting: '' }]);
  });

  it('writes no statement, value or error text to its log', async () => {
    const { adminUrl, logFile } = await start({ ephemeral: true });
    await query(adminUrl, 'create table guests (name text primary key)');
    await query(adminUrl, 'insert into guests values ($1)', ['Canary Bird']);
    await expect(query(adminUrl, 'insert into guests values ($1)', ['Canary Bird'])).rejects.toThrow(/duplicate key/);
    await expect(query(adminUrl, `select 'Canary Bird'::int`)).rejects.toThrow(/Canary/);
    const log = await readFile(logFile, 'utf8');
    expect(log).toContain('ready to accept connections');
    expect(log).not.toMatch(/canary|guests/i);
  });

  it('starts over the stale pid file of a crash', async () => {
    const first = await start();
    const [row] = await query(first.adminUrl, 'show data_directory');
    const data = String(row?.['data_directory']);
    await first.stop();
    await writeFile(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n`);
    const second = await start({ ephemeral: true });
    expect(await query(second.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('refuses a second server on the same data, and takes over only when told to', async () => {
    const first = await start({ ephemeral: true });
    await expect(startPostgres({ dataDir: join(folder, 'postgres'), ephemeral: true })).rejects.toThrow(
      'already runs on',
    );
    expect(await query(first.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    const second = await startPostgres({ dataDir: join(folder, 'postgres'), takeOver: true });
    expect(await first.ended).toMatchObject({ code: 0 });
    await second.stop();
  });

  it('says which port is taken', async () => {
    const first = await start({ ephemeral: true });
    await expect(startPostgres({ dataDir: join(folder, 'other'), port: first.port, ephemeral: true })).rejects.toThrow(
      new RegExp(`did not start on port ${first.port}: .*could not create any TCP/IP sockets`),
    );
  });

  it('leaves nothing of an ephemeral server behind', async () => {
    const { adminUrl, stop } = await start({ ephemeral: true });
    const [row] = await query(adminUrl, 'show data_directory');
    await stop();
    await expect(stat(String(row?.['data_directory']))).rejects.toThrow('ENOENT');
    await expect(stat(join(folder, 'postgres.password'))).rejects.toThrow('ENOENT');
  });
});
