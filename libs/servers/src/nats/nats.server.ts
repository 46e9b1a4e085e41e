import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { childEnvironment } from '../config.js';
import { type Daemon, lastWords, startDaemon } from '../process/daemon.js';
import { saidSince } from '../process/log.file.js';
import { asStartFailure, StartFailure } from '../start.failure.js';
import { natsProgram, type NatsProgram } from './nats.program.js';

/** How to start a server. */
export interface NatsOptions {
  /** The whole server config; it decides host and port (-1: a free one) and must stay on loopback. */
  readonly configText: string;
  /** Takes the config file, the log and the server's note of its ports. */
  readonly dir: string;
  /** The program; looked for when left out. */
  readonly program?: NatsProgram;
  /** Own process group; see the daemon. Default true. */
  readonly ownGroup?: boolean;
  /** The config opens a port for the other servers of a cluster as well, on loopback too. */
  readonly cluster?: boolean;
}

/** A running server. */
export interface RunningNats {
  readonly url: string;
  readonly pid: number;
  readonly version: string;
  readonly logFile: string;
  /** Resolves when the server has ended, for whatever reason. */
  readonly ended: Daemon['ended'];
  stop(): Promise<void>;
}

/**
 * Starts nats-server with a config and waits until it listens. Refuses a config that opens another port than for
 * loopback clients.
 */
export async function startNats(options: NatsOptions): Promise<RunningNats> {
  const { dir } = options;
  const program = options.program ?? (await natsProgram());
  const config = join(dir, 'nats.conf');
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await writeFile(config, options.configText, { mode: 0o600 });
    const old = (await readdir(dir)).filter((name) => name.endsWith('.ports'));
    await Promise.all(old.map((name) => rm(join(dir, name))));
  } catch (error) {
    throw asStartFailure(error, dir);
  }
  const daemon = await startDaemon({
    name: 'NATS',
    command: program.path,
    args: ['--config', config, '--ports_file_dir', dir],
    env: childEnvironment(),
    logFile: join(dir, 'nats.log'),
    cwd: dir,
    ownGroup: options.ownGroup ?? true,
  });
  const stop = () => daemon.stop(['SIGTERM']);
  try {
    const url = loopbackUrl(await openPorts(daemon, dir), options.cluster ? ['cluster', 'nats'] : ['nats']);
    return { url, pid: daemon.pid, version: program.version, logFile: daemon.logFile, ended: daemon.ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Has a running server take another config in, without ending a connection of anybody it still knows. It is told twice:
 * an account that a reload adds can be connected to at once, but what it imports is reached after the next reload only.
 *
 * @param dir the folder it was started with
 */
export async function reloadNats(dir: string, pid: number, configText: string): Promise<void> {
  await writeFile(join(dir, 'nats.conf'), configText, { mode: 0o600 });
  const log = join(dir, 'nats.log');
  await reload(log, pid);
  await reload(log, pid);
}

async function reload(log: string, pid: number): Promise<void> {
  const { size } = await stat(log);
  process.kill(pid, 'SIGHUP');
  for (let waited = 0; !(await saidSince(log, size, 'Reloaded server configuration')); waited += 50) {
    if (waited > 10_000) throw new StartFailure(`NATS did not take its new configuration in: see ${log}.`);
    await delay(50);
  }
}

/** What the server writes when it is ready: the addresses of each kind of port it opened. */
type OpenPorts = Record<string, string[] | undefined>;

async function openPorts(daemon: Daemon, dir: string, patience = 20_000): Promise<OpenPorts> {
  for (let waited = 0; waited < patience && daemon.end === undefined; waited += 20) {
    // The file's name is that of the program, which may carry a version, then the process.
    const note = (await readdir(dir)).find((name) => name.endsWith(`_${daemon.pid}.ports`));
    const text = note === undefined ? '' : await readFile(join(dir, note), 'utf8');
    if (text.trimEnd().endsWith('}')) return JSON.parse(text) as OpenPorts;
    await delay(20);
  }
  throw new StartFailure(`NATS did not start: ${await lastWords(daemon.logFile)}`);
}

function loopbackUrl(ports: OpenPorts, allowed: readonly string[]): string {
  const kinds = Object.keys(ports)
    .filter((kind) => (ports[kind]?.length ?? 0) > 0)
    .sort();
  if (kinds.join() !== allowed.join())
    throw new StartFailure(
      `The NATS config opens ${kinds.join(', ')}: only ${allowed.join(', ')} is meant to be open here.`,
    );
  const addresses = kinds.map((kind) => (ports[kind] ?? []).map((address) => new URL(address)));
  if (addresses.some((each) => each.length !== 1 || each[0]?.hostname !== '127.0.0.1'))
    throw new StartFailure('The NATS config listens beyond 127.0.0.1.');
  return `nats://${new URL(ports['nats']?.[0] ?? '').host}`;
}
