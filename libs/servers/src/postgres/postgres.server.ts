import { readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { childEnvironment } from '../config.js';
import { type Daemon, lastWords, startDaemon, stopLeftover } from '../process/daemon.js';
import { freePort, LOOPBACK } from '../process/port.js';
import { commandLine, identify } from '../process/process.identity.js';
import { asStartFailure, StartFailure } from '../start.failure.js';
import { placeDataFolder, postgresAccount } from './postgres.account.js';
import { postgresBinaries } from './postgres.binaries.js';
import { ADMIN, adminPassword, ensureCluster } from './postgres.cluster.js';
import { postgresSettings } from './postgres.settings.js';

/** How to start an embedded server. */
export interface PostgresOptions {
  /** Made on the first start, found again on the next. Its password and log are kept beside it, under its name. */
  readonly dataDir: string;
  /** A free one when left out. */
  readonly port?: number;
  /** For tests: nothing is synced to the disk, and `stop` deletes the data folder. */
  readonly ephemeral?: boolean;
  /** The database `adminUrl` names; made if missing. Default `apollo`. */
  readonly database?: string;
  /** For tests: no file of the server grows beyond this many KiB, as on a disk that is full. */
  readonly largestFileKb?: number;
  /** Stop a server that a killed run left on this data folder, instead of refusing. */
  readonly takeOver?: boolean;
}

/** A running embedded server. */
export interface RunningPostgres {
  /** The superuser's URL of the database. */
  readonly adminUrl: string;
  readonly port: number;
  readonly pid: number;
  readonly version: string;
  readonly logFile: string;
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Daemon['ended'];
  /** Ends sessions, writes everything down and waits; an ephemeral server just ends. */
  stop(): Promise<void>;
}

/** Starts PostgreSQL on loopback with passwords asked on every connection, and waits until it takes queries. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const dataDir = resolve(options.dataDir);
  const { ephemeral = false, database = 'apollo' } = options;
  try {
    const account = await postgresAccount(dataDir);
    const binaries = await postgresBinaries(account);
    const data = await placeDataFolder(dataDir, account);
    await clearLeftover(data, options.takeOver ?? false);
    const password = await adminPassword(dataDir);
    await ensureCluster(binaries, data, password, account);

    const { daemon, port } = await launch(
      options.port,
      async (port) => {
        const settings = Object.entries(postgresSettings({ port, ephemeral })).flatMap(([name, value]) => [
          '-c',
          `${name}=${value}`,
        ]);
        return await startDaemon({
          name: 'PostgreSQL',
          ...limited(options.largestFileKb, [binaries.postgres, '-D', data, ...settings]),
          env: childEnvironment(),
          logFile: `${dataDir}.log`,
          cwd: '/',
          account,
          ownGroup: !ephemeral,
        });
      },
      data,
    ).catch(async (error: unknown) => {
      if (ephemeral) await discardPostgres(dataDir);
      throw error;
    });

    const stop = async () => {
      // "Fast": sessions are ended, data is written. "Immediate" for what is thrown away anyway.
      await daemon.stop(ephemeral ? ['SIGQUIT'] : ['SIGINT', 'SIGQUIT']);
      if (ephemeral) await discardPostgres(dataDir);
    };
    const urlOf = (name: string) => `postgres://${ADMIN}:${encodeURIComponent(password)}@${LOOPBACK}:${port}/${name}`;
    try {
      await ensureDatabase(urlOf('postgres'), database);
    } catch (error) {
      await stop();
      throw error;
    }
    return {
      adminUrl: urlOf(database),
      port,
      pid: daemon.pid,
      version: binaries.version.replace(/-.*/, '').replace(/\.0$/, ''),
      logFile: daemon.logFile,
      ended: daemon.ended,
      stop,
    };
  } catch (error) {
    throw asStartFailure(error, dataDir);
  }
}

/** The command under a limit for the size of its files, which its children inherit; the shell becomes the command. */
function limited(
  largestFileKb: number | undefined,
  [command = '', ...args]: readonly string[],
): { command: string; args: readonly string[] } {
  if (largestFileKb === undefined) return { command, args };
  // POSIX counts blocks of 512 bytes.
  return {
    command: '/bin/sh',
    args: ['-c', 'ulimit -f "$0" && exec "$@"', String(largestFileKb * 2), command, ...args],
  };
}

async function launch(port: number | undefined, start: (port: number) => Promise<Daemon>, data: string) {
  // A free port may be taken between being found and being used; a port that was asked for may not be moved.
  for (let attempt = 1; ; attempt++) {
    const chosen = port ?? (await freePort());
    const daemon = await start(chosen);
    if (await becomesReady(daemon, data)) return { daemon, port: chosen };
    await daemon.stop(['SIGQUIT']);
    if (port !== undefined || attempt === 3) {
      throw new StartFailure(`PostgreSQL did not start on port ${chosen}: ${await lastWords(daemon.logFile)}`);
    }
  }
}

/** The server notes its state on the eighth line of its pid file; that is also what pg_ctl waits for. */
async function becomesReady(daemon: Daemon, data: string, patience = 60_000): Promise<boolean> {
  for (let waited = 0; waited < patience && daemon.end === undefined; waited += 20) {
    const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (Number(lines[0]) === daemon.pid && lines[7]?.trim() === 'ready') return true;
    await delay(20);
  }
  return false;
}

async function clearLeftover(data: string, takeOver: boolean): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  const found = identify(pid);
  if (found !== undefined && commandLine(pid).includes(data)) {
    if (!takeOver) throw new StartFailure(`PostgreSQL already runs on ${data} as process ${pid}.`);
    await stopLeftover(found, 'SIGINT');
  }
  // Left by a crash, perhaps naming a number that another program has by now; the server would trip over it.
  await rm(file, { force: true });
}

async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    throw new StartFailure(`PostgreSQL does not let its administrator in: ${(error as Error).message}.`, {
      cause: error,
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Deletes the data of a server that has ended, wherever it was put, and all that was kept beside it. */
export async function discardPostgres(dataDir: string): Promise<void> {
  const place = (await readFile(`${dataDir}.location`, 'utf8').catch(() => '')).trim();
  const beside = ['', '.new', '.password', '.location', '.log', '.log.1'].map((suffix) => `${dataDir}${suffix}`);
  const paths = place === '' ? beside : [...beside, dirname(place)];
  await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true })));
}
