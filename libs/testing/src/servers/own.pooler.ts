import { existsSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Daemon, freePort, LOOPBACK, postgresAccount, programFolders, startDaemon } from '@apollo/servers';

/**
 * A PgBouncer of one spec's own in transaction mode, with one connection to the server for all who come as the same
 * role.
 */
export interface OwnPooler {
  /** The way to the same database as the same role, through the pooler. */
  through(url: string): string;
  stop(): Promise<void>;
}

/** Where PgBouncer is installed here, if it is. */
export function poolerProgram(): string | undefined {
  return programFolders()
    .map((folder) => join(folder, 'pgbouncer'))
    .find((file) => existsSync(file));
}

/**
 * Starts one before the server that `urls` lead to; it lets in the roles they name.
 *
 * @param dropsSettings as it has to be set up for clients that send start-up settings, which it then drops; else it
 *   refuses them
 */
export async function ownPooler(program: string, urls: readonly string[], dropsSettings: boolean): Promise<OwnPooler> {
  const folder = await mkdtemp(join(tmpdir(), 'apollo-pooler-'));
  const port = await freePort();
  const account = await postgresAccount(folder);
  const parts = urls.map((url) => new URL(url));
  const [configFile, authFile] = [join(folder, 'pgbouncer.ini'), join(folder, 'users.txt')];
  await writeFile(authFile, parts.map(({ username, password }) => `"${username}" "${password}"`).join('\n'));
  await writeFile(configFile, configText({ server: parts[0] as URL, port, authFile, dropsSettings }));
  // It does not run as root, and reads its files as whoever it runs as.
  if (account) for (const path of [folder, configFile, authFile]) await chown(path, account.uid, account.gid);
  const daemon = await startDaemon({
    name: 'PgBouncer',
    command: program,
    args: [configFile],
    env: {},
    logFile: join(folder, 'log'),
    cwd: '/',
    account,
    ownGroup: false,
  });
  await answers(daemon, port);
  return {
    through: (url) => Object.assign(new URL(url), { hostname: LOOPBACK, port: String(port) }).href,
    stop: async () => {
      await daemon.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configText(given: { server: URL; port: number; authFile: string; dropsSettings: boolean }): string {
  return [
    '[databases]',
    `* = host=${given.server.hostname} port=${given.server.port || '5432'}`,
    '[pgbouncer]',
    `listen_addr = ${LOOPBACK}`,
    `listen_port = ${given.port}`,
    'unix_socket_dir =',
    'auth_type = scram-sha-256',
    `auth_file = ${given.authFile}`,
    'pool_mode = transaction',
    'default_pool_size = 1',
    given.dropsSettings ? 'ignore_startup_parameters = options' : '',
  ].join('\n');
}

async function answers(daemon: Daemon, port: number): Promise<void> {
  while (daemon.end === undefined) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = createConnection({ host: LOOPBACK, port }, () => resolve(true)).on('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await sleep(20);
  }
  throw new Error(`PgBouncer has ended; see ${daemon.logFile}`);
}
