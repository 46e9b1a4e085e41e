import { createServer, type Server } from 'node:http';
import { collectDefaultMetrics, Counter, register } from 'prom-client';
import type { MessageObserver } from '@apollo/messaging';
import { isOfAnotherVersion } from '@apollo/tenancy/postgres';
import type { Logger } from 'pino';
import { listenAt } from '../process/start.failures.js';
import { BoundedCounter } from './bounded.counter.js';

/** Something that must answer before requests make sense. */
export type ReadinessCheck = readonly [name: string, check: () => Promise<void> | void];

// The event loop's delay is sampled ten times a second: the library's own hundred wake every idle process as often.
collectDefaultMetrics({ eventLoopMonitoringPrecision: 100 });
const handledTotal = new BoundedCounter({
  name: 'apollo_messages_total',
  help: 'Messages handled',
  labelNames: ['type', 'org_id', 'outcome'],
});
const handledMs = new BoundedCounter({
  name: 'apollo_message_milliseconds_total',
  help: 'Time spent handling messages',
  labelNames: ['type', 'org_id'],
});
const rejectedTotal = new Counter({
  name: 'apollo_messages_rejected_total',
  help: 'Messages refused before any handler',
  labelNames: ['type', 'code'],
});

/** Counts messages; ids and durations only, never content. */
export function messageMetrics(logger: Logger): MessageObserver {
  return {
    handled(type, org, outcome, milliseconds) {
      handledTotal.inc({ type, org_id: org, outcome });
      handledMs.inc({ type, org_id: org }, milliseconds);
    },
    rejected(type, code) {
      rejectedTotal.inc({ type, code });
      logger.warn({ type, code }, 'message refused');
    },
    failed(type, requestId, error) {
      logger.error({ type, request_id: requestId, error: describe(error) }, 'handler failed');
    },
  };
}

/**
 * Class, SQLSTATE and stack of an unexpected error: its message may hold values of a row, so it is left out; but for
 * what a database of another version has not, which it names.
 */
export function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code, constraint } = error as { code?: string; constraint?: string };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  const missing = isOfAnotherVersion(error) ? error.message : undefined;
  return { name: error.name, code, constraint, missing, stack: frames.slice(0, 12).join('\n') };
}

/** `GET /livez`, `/readyz` (each check by name) and `/metrics` on a port of their own. @throws Error as `listenAt` */
export async function startHealthServer(
  host: string,
  port: number,
  checks: readonly ReadinessCheck[],
): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(request.url ?? '', checks).then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    });
  });
  server.headersTimeout = 5_000;
  await listenAt(
    'HEALTH',
    { host, port },
    () => new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve)),
  );
  return server;
}

async function answer(
  url: string,
  checks: readonly ReadinessCheck[],
): Promise<{ status: number; type: string; body: string }> {
  if (url === '/livez') return { status: 200, type: 'application/json', body: '{"status":"ok"}' };
  if (url === '/metrics') return { status: 200, type: register.contentType, body: await register.metrics() };
  if (url !== '/readyz') return { status: 404, type: 'application/json', body: '{"status":"no such page"}' };
  const results = await Promise.all(checks.map(async ([name, check]) => [name, await passes(check)] as const));
  const ready = results.every(([, ok]) => ok);
  return {
    status: ready ? 200 : 503,
    type: 'application/json',
    body: JSON.stringify({ status: ready ? 'ok' : 'not ready', checks: Object.fromEntries(results) }),
  };
}

async function passes(check: ReadinessCheck[1]): Promise<boolean> {
  try {
    await check();
    return true;
  } catch {
    return false;
  }
}
