import { rm } from 'node:fs/promises';
import type { ServiceName } from '@apollo/contracts';
import { setUpStreams } from '@apollo/messaging';
import {
  DATABASE_SERVICES,
  deployNkeyFile,
  loadSecrets,
  natsFailure,
  readersOf,
  schemaOf,
  type ServiceNeeds,
  SERVICES,
  writeKeyFiles,
} from '@apollo/operate';
import { StartFailure, startMailInbox } from '@apollo/servers';
import { prepareDatabase } from '@apollo/tenancy/postgres';
import type { Ports } from '../config.js';
import { type Progress, progressTo } from '../progress.js';
import { seedDemo } from '../seed/seed.js';
import { type InstanceLock, lockInstance } from './instance.lock.js';
import { prepareLayout } from './platform.layout.js';
import { PartSupervisor } from './part.supervisor.js';
import { type Part, PlatformParts } from './platform.parts.js';
import { platformPorts, requirePorts } from './platform.ports.js';
import { databaseServer, messageServer, type Server } from './platform.servers.js';
import { describePlatform, type Running, writeRunning } from './running.file.js';
import { builtSchema, isMigrated } from './schema.state.js';
import { gatewayUrl, migrationEnvironment, serviceEnvironment, type Surroundings } from './service.environment.js';
import { diedUnexpectedly, runToEnd, startService, waitUntilReady } from './service.process.js';

/** How to run a platform. */
export interface PlatformOptions {
  /** The folder it keeps everything in: secrets, data, logs. A temporary one makes a platform of one's own. */
  readonly dir: string;
  /** `free` takes ports nobody uses, so that several can run beside each other. */
  readonly ports: Ports | 'free';
  /** Whether the demo organizations and logins are made, once. */
  readonly seed: boolean;
  /** For specs: the database is not synced to the disk and is deleted at the end. */
  readonly ephemeral?: boolean;
  readonly databaseUrl?: string | undefined;
  readonly natsUrl?: string | undefined;
  readonly logLevel?: string;
  /** Whether a process that ends by itself once everything runs is started again, which `progress` is told. */
  readonly supervised?: boolean;
  /** Further variables for some services' processes, by service; e.g. limits that a benchmark must not run into. */
  readonly environment?: Readonly<Partial<Record<ServiceName, Readonly<Record<string, string>>>>>;
  readonly progress?: Progress;
  /** Stops a start that is under way. */
  readonly signal?: AbortSignal;
}

/** A running platform. */
export interface Platform {
  /** The same as `running.json` in its folder. */
  readonly running: Running;
  /**
   * Resolves with what to say when a process of it ends by itself; of a supervised one, again and again. Never rejects.
   */
  readonly broken: Promise<Error>;
  /** The number of a process that runs: a service's name, `nats` or `postgres`. */
  pid(name: string): number;
  /** Kills a process as a crash would; that is nothing `broken` tells of. Resolves when it has ended. */
  kill(name: string): Promise<void>;
  /**
   * Starts a process again after its end, at the same address and over the same data; a service is not ready yet then.
   */
  restart(name: string): Promise<void>;
  /** Stops everything in order: gateway, services, inbox, NATS, PostgreSQL. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts the whole platform: servers, schemas, services, demo data. When anything fails, everything already started
 * is stopped again and the error is thrown; a `StartFailure` says in one line what to do.
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const starting = new StartingPlatform(options.progress ?? progressTo(() => undefined), options.signal);
  try {
    const running = await Promise.race([starting.start(options), starting.interrupted()]);
    const { parts } = starting;
    if (options.supervised) starting.supervise();
    return {
      running,
      broken: starting.broken,
      pid: (name) => parts.pid(name),
      kill: (name) => parts.kill(name),
      restart: (name) => starting.restart(name),
      stop: () => starting.stop(),
    };
  } catch (error) {
    await starting.stop();
    throw error;
  }
}

class StartingPlatform {
  readonly broken: Promise<Error>;
  readonly parts = new PlatformParts({
    started: async (name, pid) => {
      this.#pids[name] = pid;
      this.#supervisor.started(name);
      await this.#lock?.add(name, pid);
    },
    died: (name, { logFile }, end) => {
      if (this.#stopping !== undefined) return;
      if (this.#supervised) void this.#supervisor.ended({ name, logFile, end });
      else void diedUnexpectedly({ name, logFile, end }).then((failure) => this.#reportDeath(failure));
    },
  });
  readonly #pids: Record<string, number> = { runner: process.pid };
  /** What to undo, in the order it was done. */
  readonly #undo: (() => Promise<unknown>)[] = [];
  readonly #steps: Promise<unknown>[] = [];
  readonly #cancel = new AbortController();
  readonly #signal: AbortSignal;
  readonly #supervisor: PartSupervisor;
  #supervised = false;
  #written = Promise.resolve();
  #publish: () => Promise<void> = () => Promise.resolve();
  #reportDeath: (error: Error) => void = () => undefined;
  #lock: InstanceLock | undefined;
  #stopping: Promise<void> | undefined;

  constructor(
    private readonly progress: Progress,
    signal: AbortSignal | undefined,
  ) {
    this.broken = new Promise((resolve) => (this.#reportDeath = resolve));
    this.#signal = AbortSignal.any([this.#cancel.signal, ...(signal ? [signal] : [])]);
    this.#supervisor = new PartSupervisor({
      restart: async (name) => {
        await this.restart(name);
        return this.parts.pid(name);
      },
      tell: (line) => progress.line(line),
      giveUp: (failure) => this.#reportDeath(failure),
      signal: this.#signal,
    });
  }

  /** From now on a process that ends by itself is started again. */
  supervise(): void {
    this.#supervised = true;
  }

  /** Rejects when the start is cancelled or something already started dies; that ends the waiting for the rest. */
  async interrupted(): Promise<never> {
    const signal = this.#signal;
    const cancelled = new Promise<Error>((resolve) => {
      if (signal.aborted) resolve(signal.reason as Error);
      signal.addEventListener('abort', () => resolve(signal.reason as Error), { once: true });
    });
    throw await Promise.race([this.broken, cancelled]);
  }

  async start(options: PlatformOptions): Promise<Running> {
    const { progress } = this;
    const { databaseUrl, natsUrl, ephemeral = false } = options;
    const layout = await prepareLayout(options.dir);
    await this.#step(async () => {
      this.#lock = await lockInstance(layout.processes, (line) => progress.line(line));
      this.#undo.push(this.#lock.release);
      // What a killed run said about itself is no longer true.
      await rm(layout.running, { force: true });
    });
    const ports = await platformPorts(options.ports);
    await requirePorts(ports, { database: databaseUrl !== undefined, nats: natsUrl !== undefined });
    const secrets = await loadSecrets(layout.secrets);
    const keyFiles = await writeKeyFiles(layout.keys, secrets);
    const database = await this.#server('postgres', () =>
      databaseServer(layout, { port: ports.postgres, external: databaseUrl, ephemeral }, progress),
    );
    const messages = await this.#server('nats', () =>
      messageServer(layout, { port: ports.nats, external: natsUrl, secrets }, progress),
    );
    await this.#step(() =>
      setUpStreams(messages.url, deployNkeyFile(layout.keys), { readers: readersOf(secrets) }).catch(
        (error: unknown) => {
          throw natsUrl === undefined ? error : natsFailure(natsUrl, error);
        },
      ),
    );
    const inbox = await this.#step(async () => {
      const started = await startMailInbox({ smtpPort: ports.smtp, httpPort: ports.mailPage });
      this.#undo.push(started.stop);
      return started;
    });
    progress.line(`Mail inbox on ${inbox.url}`);

    const around: Surroundings = {
      layout,
      secrets,
      keyFiles,
      adminUrl: database.url,
      natsUrl: messages.url,
      smtpUrl: inbox.smtpUrl,
      gatewayPort: ports.gateway,
      healthPorts: ports.health,
      logLevel: options.logLevel ?? 'info',
      environment: options.environment ?? {},
    };
    await this.#prepareSchemas(around);
    await this.#startServices(around);
    const users = options.seed
      ? await seedDemo({
          gateway: gatewayUrl(ports.gateway),
          inbox,
          secrets,
          secretsFile: layout.secrets,
          progress,
          signal: this.#signal,
        })
      : [];
    const running = describePlatform({ around, mail: inbox.url, users, pids: this.#pids });
    await this.#step(async () => {
      this.#undo.push(() => rm(layout.running, { force: true }));
      await writeRunning(layout.running, running);
      // Several processes may be started again at once: what is said of them is written one after the other.
      this.#publish = () =>
        (this.#written = this.#written
          .then(() => writeRunning(layout.running, running))
          .catch((error: Error) => progress.line(`${layout.running} is out of date: ${error.message}`)));
    });
    return running;
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#unwind());
  }

  async #unwind(): Promise<void> {
    this.#cancel.abort(new StartFailure('Stopped.'));
    // What is just being started must be known before it can be stopped.
    await Promise.allSettled(this.#steps);
    for (const undo of this.#undo.reverse()) await undo().catch(() => undefined);
  }

  /** Does something that must be undone; it notes how by itself. Nothing is begun any more once stopping. */
  #step<T>(run: () => Promise<T>): Promise<T> {
    this.#signal.throwIfAborted();
    const step = run();
    this.#steps.push(step);
    return step;
  }

  restart(name: string): Promise<void> {
    return this.#step(async () => {
      await this.parts.restart(name);
      await this.#publish();
    });
  }

  #server(name: string, start: () => Promise<Server>): Promise<Server> {
    return this.#step(async () => {
      const server = await start();
      if (server.process !== undefined)
        await this.#keep(name, server.process, async () => (await start()).process as Part);
      return server;
    });
  }

  async #keep(name: string, part: Part, start: () => Promise<Part>): Promise<void> {
    this.#undo.push(() => this.parts.stop(name));
    await this.parts.keep(name, part, start);
  }

  async #prepareSchemas(around: Surroundings): Promise<void> {
    const done = this.progress.begin('Preparing roles and schemas');
    for (const { name } of DATABASE_SERVICES) {
      const passwords = around.secrets.databasePasswords[name];
      const tagKey = around.secrets.tagKeys[name];
      if (passwords === undefined || tagKey === undefined) throw new Error(`no secrets were made for ${name}`);
      await this.#step(() =>
        prepareDatabase({ adminUrl: around.adminUrl, service: schemaOf(name), passwords, tagKey }),
      );
    }
    await Promise.all(DATABASE_SERVICES.map((service) => this.#step(() => this.#migrate(service, around))));
    done(`Schemas of ${DATABASE_SERVICES.map(({ name }) => name).join(', ')} are up to date`);
  }

  async #migrate(service: ServiceNeeds, around: Surroundings): Promise<void> {
    if (await isMigrated(around.adminUrl, await builtSchema(service.name))) return;
    await runToEnd(service.name, 'migrate', migrationEnvironment(service, around), around.layout.logs, this.#signal);
  }

  async #startServices(around: Surroundings): Promise<void> {
    const done = this.progress.begin(`Starting ${SERVICES.map(({ name }) => name).join(', ')}`);
    const services = SERVICES.map(async (service) => {
      const daemon = await this.#step(async () => {
        const start = () => startService(service.name, serviceEnvironment(service, around), around.layout.logs);
        const started = await start();
        await this.#keep(service.name, started, start);
        return started;
      });
      const ready = this.progress.begin(`${service.name} is process ${daemon.pid}`);
      await waitUntilReady(daemon, around.healthPorts[service.name] as number, this.#signal);
      ready(`${service.name} is ready`);
    });
    await Promise.all([...services, this.#createOperator(around)]);
    done('All services are ready');
  }

  async #createOperator(around: Surroundings): Promise<void> {
    const identity = SERVICES.find(({ name }) => name === 'identity') as ServiceNeeds;
    const { email, password } = around.secrets.operator;
    const env = { ...serviceEnvironment(identity, around), OPERATOR_EMAIL: email, OPERATOR_PASSWORD: password };
    await this.#step(() => runToEnd(identity.name, 'create-operator', env, around.layout.logs, this.#signal));
  }
}
