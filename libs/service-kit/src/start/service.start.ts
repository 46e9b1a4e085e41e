import { type DomainError, GetStanding, type ServiceName } from '@apollo/contracts';
import {
  Bus,
  DomainExceptionFilter,
  GrantReader,
  LiveAudience,
  LiveFrames,
  MessageKeys,
  MessageServer,
  OrgStandings,
  Outbox,
} from '@apollo/messaging';
import { CLOCK, systemClock } from '@apollo/tenancy';
import {
  assertMigrated,
  assertProtected,
  assertRelayRole,
  type ServiceSchema,
  TenantDatabase,
} from '@apollo/tenancy/postgres';
import { type DynamicModule, type INestMicroservice, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Logger } from 'pino';
import { AuditTrail } from '../audit/audit.trail.js';
import { commandRunner } from '../commands/command.runner.js';
import type { ServiceConfig } from '../config.js';
import { denialAlarm } from '../health/denial.alarm.js';
import { describe, messageMetrics, startHealthServer } from '../health/health.server.js';
import { ServingWatch } from '../health/serving.watch.js';
import { watchSessions } from '../health/session.watch.js';
import { CursorCodec } from '../lists/cursor.codec.js';
import { DurableMessages } from './durable.messages.js';
import { nestLogger } from '../process/nest.logger.js';
import { createLogger } from '../process/process.run.js';
import { connectBus, withDatabase } from '../process/start.failures.js';

/** Injection token of the process's pino logger. */
export const LOGGER = Symbol('logger');

/** What a service is made of. */
export interface ServiceDefinition<Config extends ServiceConfig> {
  readonly name: ServiceName;
  readonly schema: ServiceSchema;
  readonly config: Config;
  /**
   * The service's own module; `TenantDatabase`, `Bus`, `LiveFrames`, `AuditTrail`, `CursorCodec`, `LOGGER` and `CLOCK`
   * are there for injection.
   */
  readonly module: Type | DynamicModule;
  /** Runs after everything is ready, e.g. to pick up interrupted work. */
  readonly onReady?: (app: INestMicroservice) => void;
}

/** A running service. */
export interface RunningService {
  readonly app: INestMicroservice;
  /** Port of `/livez`, `/readyz`, `/metrics`. */
  readonly healthPort: number;
  /** Takes no new messages, finishes those begun, then closes every connection. */
  stop(): Promise<void>;
}

/**
 * Starts a service: checks that its database has its migrations, protects it and believes its tag, connects to NATS by
 * its own key, puts its handlers behind the message server and opens the health port.
 *
 * @throws UnpinnedSessionError behind a connection pooler, UnpreparedDatabaseError, UnmigratedDatabaseError,
 *   UnprotectedDatabaseError, WrongTagKeyError, ClockError, or an Error that names the variable of what cannot be
 *   reached, is connected to as another role or grants too much; nothing keeps running then
 */
export async function startService<Config extends ServiceConfig>(
  definition: ServiceDefinition<Config>,
): Promise<RunningService> {
  const { name, config, schema } = definition;
  const logger = createLogger(name, config.logLevel);
  const { databaseUrl, relayUrl } = config;
  const newer = await withDatabase('DATABASE_URL', databaseUrl, () => assertMigrated(schema, databaseUrl));
  if (newer.length > 0) logger.warn({ migrations: newer }, 'the database is of a newer version than this service');
  await assertProtected(databaseUrl, schema.service, config.production);
  if (relayUrl) await withDatabase('RELAY_DATABASE_URL', relayUrl, () => assertRelayRole(relayUrl, schema.service));
  await using opened = new AsyncDisposableStack();
  const service = await open(definition, logger, opened);
  const held = opened.move();
  return { ...service, stop: () => held.disposeAsync() };
}

/** Opens all that a service is made of, in the reverse of the order in which it is to be closed. */
async function open<Config extends ServiceConfig>(
  definition: ServiceDefinition<Config>,
  logger: Logger,
  opened: AsyncDisposableStack,
): Promise<Omit<RunningService, 'stop'>> {
  const { name, config, schema } = definition;
  const { database, connection } = await connect(definition, logger, opened);
  const keys = new MessageKeys(name, config);
  const cursors = new CursorCodec(config.tagKey);
  const audit = new AuditTrail(database, cursors, schema.service);
  const bus = new Bus(name, keys, connection);
  const standings = GetStanding.callers.includes(name) ? new OrgStandings(bus) : undefined;
  const durable = new DurableMessages({ name, schema: schema.service, config, database, connection, bus, logger });
  opened.defer(() => durable.stopPublishing());
  const audience = new LiveAudience();
  const kit = [
    { provide: TenantDatabase, useValue: database },
    { provide: Bus, useValue: bus },
    { provide: GrantReader, useValue: new GrantReader(keys.verifier) },
    ...(standings ? [{ provide: OrgStandings, useValue: standings }] : []),
    ...(durable.outbox ? [{ provide: Outbox, useValue: durable.outbox }] : []),
    { provide: LiveFrames, useValue: new LiveFrames(audience, connection, keys.sealer) },
    { provide: AuditTrail, useValue: audit },
    { provide: CursorCodec, useValue: cursors },
    { provide: LOGGER, useValue: logger },
    { provide: CLOCK, useValue: systemClock },
  ];
  const server: MessageServer = new MessageServer({
    service: name,
    connection,
    keys,
    observer: messageMetrics(logger),
    standings,
    audience,
    runCommand: commandRunner(database, schema.service, config.tagKey),
    onDenied: (type, error) => recordDenial(audit, logger, type, error),
    onUnserved: () => serving.doubt(),
  });
  const serving = new ServingWatch(server, () => database.assertServed(), logger);
  durable.answer(server);
  const app = await NestFactory.createMicroservice(serviceModule(kit, definition.module), {
    strategy: server,
    logger: nestLogger(logger),
    abortOnError: false,
  });
  opened.defer(() => app.close());
  app.useGlobalFilters(new DomainExceptionFilter());
  await app.listen();
  opened.defer(() => serving.stop());
  opened.defer(() => durable.stopConsuming());
  await durable.start(server);
  const health = await startHealthServer(config.healthHost, config.healthPort, [
    ['postgres', () => database.ping()],
    ['nats', () => connection.rtt().then(() => undefined)],
    ...durable.checks(),
  ]);
  opened.defer(() => void health.close());
  opened.defer(watchSessions(database, schema.service, logger, () => serving.doubt()));
  definition.onReady?.(app);
  const healthPort = addressPort(health.address());
  logger.info({ health_port: healthPort }, 'ready');
  return { app, healthPort };
}

/** Connects to the database and to NATS. @throws the first connection error */
async function connect<Config extends ServiceConfig>(
  { name, config }: ServiceDefinition<Config>,
  logger: Logger,
  opened: AsyncDisposableStack,
): Promise<{ database: TenantDatabase; connection: Awaited<ReturnType<typeof connectBus>> }> {
  const database = new TenantDatabase({
    url: config.databaseUrl,
    tagKey: config.tagKey,
    onDenied: denialAlarm(logger),
  });
  opened.defer(() => database.close());
  await database.ping();
  const connection = await connectBus(name, config);
  opened.defer(() => connection.drain());
  return { database, connection };
}

/** Writes a refusal into the organization's audit log; the request is refused all the same where that fails. */
async function recordDenial(audit: AuditTrail, logger: Logger, type: string, error: DomainError): Promise<void> {
  await audit
    .denied(type, null, { code: error.code, detail: error.detail })
    .catch((failure: unknown) => logger.error({ error: describe(failure) }, 'denial not recorded'));
}

function addressPort(address: ReturnType<import('node:http').Server['address']>): number {
  return typeof address === 'object' && address ? address.port : 0;
}

function serviceModule(kit: { provide: unknown; useValue: unknown }[], own: Type | DynamicModule): DynamicModule {
  @Module({})
  class ServiceKitModule {}
  @Module({})
  class ServiceRootModule {}
  const kitModule: DynamicModule = {
    module: ServiceKitModule,
    global: true,
    providers: kit as never,
    exports: kit.map(({ provide }) => provide) as never,
  };
  return { module: ServiceRootModule, imports: [kitModule, own] };
}
