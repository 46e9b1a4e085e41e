import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SERVICES, type ServiceName } from '@apollo/contracts';
import { type Platform, type Ports, type Running, startPlatform } from '@apollo/dev';
import { loadSecrets, publicSigningKeys, type Secrets } from '@apollo/operate';
import { connectNats, DEPLOY, durableEventsOf, MessageKeys, setUpStreams, streamOf } from '@apollo/messaging';
import { LOOPBACK } from '@apollo/servers';
import { FaultProxy, natsDialect, postgresDialect } from '@apollo/testing';
import pg from 'pg';
import { NO_LIMITS } from '../live.platform.js';
import { NatsCluster, NODES } from './nats.cluster.js';
import { portRow } from './port.row.js';
import type { SoakJournal } from './soak.journal.js';

/** Services by what they speak to; the gateway has no database. */
export const WITH_DATABASE = [
  'identity',
  'orgs',
  'leads',
  'agents',
  'billing-stars',
] as const satisfies readonly ServiceName[];
export const RUNNING_SERVICES = [...WITH_DATABASE, 'gateway'] as const satisfies readonly ServiceName[];
/**
 * Milliseconds a service may take to load, on a busy machine; one that takes longer has to be well in time all the
 * same.
 */
const STARTED_WITHIN_MS = 20_000;
/** Most that NATS may store where its disk can be made full, in megabytes. */
const STORE_MEGABYTES = 48;

const STREAMS = SERVICES.filter((service) => durableEventsOf(service).length > 0).map(streamOf);

/** The schema of a service, and what the names of its roles begin with. */
export function schemaOf(service: ServiceName): string {
  return service.replaceAll('-', '_');
}

export type ServerName = 'postgres' | 'nats';
/** From whom to whom, and the proxies between them. */
type Lines = ReadonlyMap<string, readonly FaultProxy[]>;
type RoleName = 'app' | 'relay' | 'checker';

/** A platform of the run's own, every connection of which leads through a fault proxy. */
export class SoakPlatform {
  private readonly logs = new Map<string, number>();

  private constructor(
    readonly dir: string,
    private readonly platform: Platform,
    private readonly lines: Lines,
    /** Superuser, past all proxies. */
    readonly admin: pg.Pool,
    private readonly secrets: Secrets,
    /** Whether NATS has a disk of its own that can be filled. */
    readonly ownDisk: boolean,
    /** Where NATS is not one server but three. */
    readonly cluster: NatsCluster | undefined,
  ) {}

  static async start(dir: string, clustered: boolean, journal: SoakJournal): Promise<SoakPlatform> {
    const secrets = await loadSecrets(join(dir, 'secrets.json'));
    const ownDisk = !clustered && (await diskForNats(join(dir, 'nats')));
    const cluster = clustered ? await NatsCluster.start(dir, secrets) : undefined;
    const ports = await chosenPorts();
    const lines = await startLines(ports, cluster?.clientPorts ?? [ports.nats]);
    const environment = Object.fromEntries(
      RUNNING_SERVICES.map((service) => [service, environmentOf(service, lines, ports, secrets)]),
    );
    const platform = await startPlatform({
      dir,
      ports,
      seed: false,
      logLevel: 'warn',
      environment,
      natsUrl: cluster?.url,
    }).catch(async (error: unknown) => {
      await cluster?.stop();
      if (ownDisk) unmount(dir);
      throw error;
    });
    void platform.broken.then((error) => journal.breaks('no process ends by itself', error.message));
    const admin = new pg.Pool({
      connectionString: platform.running.postgres.admin,
      max: 4,
      connectionTimeoutMillis: 2_000,
      options: '-c statement_timeout=20000',
    });
    admin.on('error', () => undefined);
    admin.on('connect', (client) => client.on('error', () => undefined));
    const made = new SoakPlatform(dir, platform, lines, admin, secrets, ownDisk, cluster);
    if (cluster) {
      await made.setUpStreams();
      await cluster.agreed(platform.running.nats.credentials[DEPLOY] as string, STREAMS);
    }
    return made;
  }

  get running(): Running {
    return this.platform.running;
  }

  /** The gateway as people reach it. */
  get gateway(): string {
    return this.line('people', 'gateway')[0]?.through(this.running.gateway) ?? '';
  }

  /** The folder in which NATS keeps its streams. */
  get store(): string {
    return join(this.dir, 'nats', 'jetstream');
  }

  /** What leads from one to the other: one proxy, or one for each server of a cluster. */
  line(from: string, to: ServerName | 'gateway'): readonly FaultProxy[] {
    const line = this.lines.get(`${from} → ${to}`);
    if (!line) throw new Error(`nothing leads from ${from} to ${to}`);
    return line;
  }

  /** Takes every fault off every line. */
  async heal(): Promise<void> {
    await Promise.all([...this.lines.values()].flat().map((proxy) => proxy.heal()));
    await this.cluster?.heal();
  }

  pid(name: string): number {
    return this.platform.pid(name);
  }

  kill(name: string): Promise<void> {
    return this.platform.kill(name);
  }

  /** Starts what was killed; its log so far is kept under a number. */
  async restart(name: string): Promise<void> {
    const number = (this.logs.get(name) ?? 0) + 1;
    this.logs.set(name, number);
    const log =
      name === 'postgres'
        ? join(this.dir, 'postgres.log')
        : name === 'nats'
          ? join(this.dir, 'nats', 'nats.log')
          : join(this.dir, 'logs', `${name}.log`);
    await mkdir(join(this.dir, 'ended'), { recursive: true });
    await copyFile(log, join(this.dir, 'ended', `${name}.${number}.log`)).catch(() => undefined);
    await this.platform.restart(name);
    const url = this.running.health[name];
    // Loading its code is nothing to recover from; what comes after is.
    for (const until = Date.now() + STARTED_WITHIN_MS; url && Date.now() < until; await delay(50))
      if (await isReady(url)) return;
  }

  /** What a deployment does: streams and consumers as the contracts say. */
  async setUpStreams(): Promise<void> {
    await setUpStreams(this.running.nats.url, this.running.nats.credentials[DEPLOY] as string, {
      replicas: this.cluster ? NODES.length : 1,
    });
  }

  /** The names of services that do not say that they can work. */
  async unready(): Promise<string[]> {
    const asked = await Promise.all(
      Object.entries(this.running.health).map(async ([name, url]) => {
        return (await isReady(url)) ? [] : [name];
      }),
    );
    return asked.flat();
  }

  /** A connection URL of a service's role, past all proxies. */
  roleUrl(service: ServiceName, role: RoleName): string {
    return roleUrl(this.secrets, service, role, Number(new URL(this.running.postgres.admin).port));
  }

  tagKey(service: ServiceName): string {
    return this.secrets.tagKeys[service] as string;
  }

  /** Connects as the service that speaks for agents, to spend Stars as it does. */
  async agents(): Promise<{
    connection: Awaited<ReturnType<typeof connectNats>>;
    keys: MessageKeys;
    /** By which agents is granted what people ask it for. */
    gatewayKey: Secrets['contextKeys'][string];
  }> {
    const file = join(this.dir, 'agents.nkey');
    await writeFile(file, `${this.secrets.natsKeys['agents']?.seed}\n`, { mode: 0o600 });
    const connection = await connectNats('agents', urlOf(this.line('agents', 'nats'), this.running.nats.url), file);
    const signingKey = this.secrets.contextKeys['agents'] as Secrets['contextKeys'][string];
    const keys = new MessageKeys('agents', { signingKey, publicKeys: publicSigningKeys(this.secrets) });
    return { connection, keys, gatewayKey: this.secrets.contextKeys['gateway'] ?? {} };
  }

  async stop(): Promise<void> {
    await this.heal();
    await this.admin.end().catch(() => undefined);
    await this.platform.stop();
    await this.cluster?.stop();
    await Promise.all([...this.lines.values()].flat().map((proxy) => proxy.stop()));
    if (this.ownDisk) unmount(this.dir);
  }
}

/** Only root may mount; for others NATS shares the disk, which must not be filled. */
async function diskForNats(folder: string): Promise<boolean> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${STORE_MEGABYTES}m,mode=700`, 'tmpfs', folder], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

function isReady(healthUrl: string): Promise<boolean> {
  return fetch(`${healthUrl}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
    async (answer) => (await answer.arrayBuffer(), answer.ok),
    () => false,
  );
}

function unmount(dir: string): void {
  execFileSync('umount', [join(dir, 'nats')], { stdio: 'ignore' });
}

/** Known before the start, so that the proxies can be aimed. */
async function chosenPorts(): Promise<Ports> {
  // As many more as there are services, for their health.
  const [gateway, mailPage, smtp, postgres, nats, health] = (await portRow(6 + SERVICES.length)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { gateway, mailPage, smtp, postgres, nats, health };
}

async function startLines(ports: Ports, natsPorts: readonly number[]): Promise<Lines> {
  const wanted = [
    ...WITH_DATABASE.map((service) => ({
      name: `${service} → postgres`,
      dialect: postgresDialect,
      targets: [ports.postgres],
    })),
    ...RUNNING_SERVICES.map((service) => ({
      name: `${service} → nats`,
      dialect: natsDialect,
      targets: natsPorts,
    })),
    { name: 'people → gateway', targets: [ports.gateway] },
  ];
  const free = await portRow(wanted.flatMap(({ targets }) => targets).length);
  return new Map(
    await Promise.all(
      wanted.map(
        async ({ targets, ...line }) =>
          [
            line.name,
            await Promise.all(targets.map((target) => FaultProxy.start({ ...line, target, port: free.pop() }))),
          ] as const,
      ),
    ),
  );
}

/** The same addresses, through a line. */
function urlOf(line: readonly FaultProxy[], url: string): string {
  const urls = url.split(',');
  return line.map((proxy, place) => proxy.through(urls[place] ?? '')).join(',');
}

function roleUrl(secrets: Secrets, service: ServiceName, role: RoleName, port: number): string {
  return `postgres://${schemaOf(service)}_${role}:${secrets.databasePasswords[service]?.[role]}@${LOOPBACK}:${port}/apollo`;
}

function environmentOf(service: ServiceName, lines: Lines, ports: Ports, secrets: Secrets): Record<string, string> {
  const nats = lines.get(`${service} → nats`) ?? [];
  const through = (role: RoleName): string =>
    urlOf(lines.get(`${service} → postgres`) ?? [], roleUrl(secrets, service, role, ports.postgres));
  return {
    NATS_URL: nats.map((proxy) => `nats://${LOOPBACK}:${proxy.port}`).join(','),
    ...(service === 'orgs' && { ORGS_PER_ACCOUNT: '10000' }),
    ...(service === 'gateway' ? NO_LIMITS : { DATABASE_URL: through('app'), RELAY_DATABASE_URL: through('relay') }),
  };
}
