import { GetSigningKeys } from '@apollo/contracts';
import { Bus, EventWatch, MessageKeys, MessageServer, StreamSlots } from '@apollo/messaging';
import {
  connectBus,
  createLogger,
  messageMetrics,
  httpMetrics,
  listenAt,
  type Logger,
  nestLogger,
  startHealthServer,
} from '@apollo/service-kit/process';
import { newId } from '@apollo/tenancy';
import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from './config.js';
import { AccessTokens } from './admission/access.token.js';
import { BodyBudget } from './admission/body.budget.js';
import { DenialRecorder } from './admission/denial.recorder.js';
import { HttpGuard } from './admission/http.guard.js';
import { OrgAccess } from './admission/org.access.js';
import { askAsPlatform } from './admission/platform.question.js';
import { RateLimits } from './admission/rate.limits.js';
import { SessionGate } from './admission/session.gate.js';
import { SigningKeys } from './admission/signing.keys.js';
import { GATEWAY, GatewayModule, type GatewayParts } from './gateway.module.js';
import { GatewayAdapter } from './http/gateway.adapter.js';
import { ProblemFilter } from './http/problem.filter.js';
import type { Route } from './http/route.js';
import { assertDocumented, RouteRegister } from './http/route.register.js';
import { PublishedDocument } from './openapi/docs.controller.js';
import { openApiDocument } from './openapi/openapi.document.js';
import { UploadReader } from './transfer/upload.reader.js';

/** Milliseconds that requests begun may take to finish when the gateway stops. */
const GRACE_MS = 5_000;

/** A running gateway. */
export interface RunningGateway {
  readonly app: INestApplication;
  /** Port of the API. */
  readonly httpPort: number;
  /** Port of `/livez`, `/readyz`, `/metrics`. */
  readonly healthPort: number;
  /** What is served. */
  readonly routes: readonly Route[];
  /** Takes no new requests, finishes those begun, then closes every connection. */
  stop(): Promise<void>;
}

/**
 * Starts the HTTP edge: connects to the bus, puts the guard in front of every route, checks that all routes are
 * documented, then opens the port.
 *
 * @param more further modules whose routes are served behind the same guard
 * @throws Error that names the variable when the bus refuses us or a port is taken, or where routes and document differ;
 *   nothing keeps running then
 */
export async function startGateway(config: GatewayConfig, more: readonly Type[] = []): Promise<RunningGateway> {
  const connection = await connectBus(GATEWAY, config);
  const closers: (() => unknown)[] = [() => connection.drain()];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0)) await close();
  };
  try {
    return { ...(await serve(config, more, connection, closers)), stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

type Connection = Awaited<ReturnType<typeof connectBus>>;

async function serve(
  config: GatewayConfig,
  more: readonly Type[],
  connection: Connection,
  closers: (() => unknown)[],
): Promise<Omit<RunningGateway, 'stop'>> {
  const logger = createLogger(GATEWAY, config.logLevel);
  const keys = new MessageKeys(GATEWAY, config);
  const announcements = new MessageServer({
    service: GATEWAY,
    connection,
    keys,
    observer: messageMetrics(logger),
  });
  const bus = new Bus(GATEWAY, keys, connection);
  const parts = await partsOf(config, bus, connection, announcements, logger, closers);
  const register = new RouteRegister();
  const filter = new ProblemFilter(logger, register);
  const adapter = new GatewayAdapter(config, (error, request, reply) => filter.answer(error, request, reply));
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  register.watch(fastify);
  measure(fastify);
  parts.guard.install(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.with(parts, more), adapter, {
    bodyParser: false,
    logger: nestLogger(logger),
    abortOnError: false,
  });
  closers.unshift(() => closeApp(app));
  app.useGlobalFilters(filter);
  app.connectMicroservice({ strategy: announcements });
  await app.startAllMicroservices();
  await app.init();
  const document = openApiDocument(app);
  assertDocumented(register, document);
  parts.document.publish(document);
  const { httpHost: host, httpPort: port } = config;
  await listenAt('HTTP', { host, port }, () => app.listen(port, host));
  const health = await startHealthServer(config.healthHost, config.healthPort, [['nats', parts.readiness]]);
  closers.unshift(() => health.close());
  void forgetWhenCutOff(connection, [parts.sessions, parts.access]);
  parts.access.feed.start();
  closers.unshift(() => parts.access.feed.stop());
  closers.unshift(() => parts.slots.close());
  const ports = { httpPort: portOf(app.getHttpServer()), healthPort: portOf(health) };
  logger.info({ http_port: ports.httpPort, health_port: ports.healthPort }, 'ready');
  return { app, ...ports, routes: register.entries() };
}

async function partsOf(
  config: GatewayConfig,
  bus: Bus,
  connection: Connection,
  announcements: MessageServer,
  logger: Logger,
  closers: (() => unknown)[],
): Promise<GatewayParts> {
  const sessions = new SessionGate(bus);
  const access = new OrgAccess(bus);
  const nobody = () =>
    ({ scope: 'platform', orgId: null, actor: 'anonymous', role: 'none', requestId: newId() }) as const;
  const tokens = new AccessTokens(new SigningKeys(() => askAsPlatform(bus, GetSigningKeys, {}, nobody())));
  const denials = new DenialRecorder(bus, logger);
  closers.unshift(() => denials.close());
  const guard = new HttpGuard(tokens, sessions, access, new RateLimits(config.limits), denials);
  const document = new PublishedDocument();
  const slots = new StreamSlots();
  return {
    bus,
    guard,
    access,
    sessions,
    slots,
    watch: new EventWatch(connection, slots),
    uploads: new UploadReader(new BodyBudget(config.limits.bodyBytes), config.limits.uploadBytes),
    document,
    readiness: () => connection.rtt().then(() => undefined),
    heard: () => announcements.settled(),
  };
}

async function closeApp(app: NestFastifyApplication): Promise<void> {
  const impatience = setTimeout(() => app.getHttpServer().closeAllConnections(), GRACE_MS);
  await app.close().finally(() => clearTimeout(impatience));
}

function measure(fastify: FastifyInstance): void {
  const count = httpMetrics();
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.config.plan?.route;
    count(
      route ? `${route.verb} ${route.path}` : 'unknown',
      request.tenant?.orgId ?? '',
      reply.statusCode,
      reply.elapsedTime,
    );
    done();
  });
}

/** While the bus is away changes are announced to nobody: what is known then is not known any more. */
async function forgetWhenCutOff(connection: Connection, knowing: readonly { forgetAll(): void }[]): Promise<void> {
  for await (const { type } of connection.status()) {
    if (type === 'disconnect' || type === 'reconnect') knowing.forEach((each) => each.forgetAll());
  }
}

function portOf(server: { address(): ReturnType<import('node:net').Server['address']> }): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
