import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { register } from 'prom-client';
import { consumerMetrics, relayMetrics } from './event.metrics.js';
import { describe as described, messageMetrics, startHealthServer } from './health.server.js';
import { httpMetrics } from './http.metrics.js';

const lines: Record<string, unknown>[] = [];
const logger = pino(
  { level: 'debug' },
  new Writable({ write: (line, _, done) => (lines.push(JSON.parse(String(line)) as never), done()) }),
);
beforeEach(() => void (lines.length = 0));

/** What a counter has counted under these labels. */
async function counted(name: string, labels: Record<string, string> = {}): Promise<number> {
  const metric = (await register.getSingleMetric(name)?.get()) as
    { values: { value: number; labels: Record<string, string> }[] } | undefined;
  const found = metric?.values.find((each) => JSON.stringify(each.labels) === JSON.stringify(labels));
  return found?.value ?? 0;
}

describe('the health of a process', () => {
  let server: Server;
  let isWell = true;
  beforeAll(async () => {
    server = await startHealthServer('127.0.0.1', 0, [
      ['one', () => undefined],
      ['other', async () => (isWell ? undefined : Promise.reject(new Error('secret of somebody')))],
    ]);
  });
  afterAll(() => server.close());

  async function page(path: string) {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    const { status, headers } = answer;
    return {
      status,
      type: headers.get('content-type'),
      cache: headers.get('cache-control'),
      text: await answer.text(),
    };
  }
  const json = { type: 'application/json', cache: 'no-store' };

  it('is that it answers', async () => {
    expect(await page('/livez')).toEqual({ status: 200, ...json, text: '{"status":"ok"}' });
    expect(await page('/')).toEqual({ status: 404, ...json, text: '{"status":"no such page"}' });
  });

  it('is ready where every check passes, and says which does not, and no more of it', async () => {
    const text = '{"status":"ok","checks":{"one":true,"other":true}}';
    expect(await page('/readyz')).toEqual({ status: 200, ...json, text });
    isWell = false;
    const other = '{"status":"not ready","checks":{"one":true,"other":false}}';
    expect(await page('/readyz')).toEqual({ status: 503, ...json, text: other });
  });

  it('is told in numbers', async () => {
    const { status, type, text } = await page('/metrics');
    expect([status, type]).toEqual([200, register.contentType]);
    expect(text).toContain('process_cpu_user_seconds_total');
  });

  it('waits for no headers for long, and refuses a port that somebody has', async () => {
    expect(server.headersTimeout).toBe(5_000);
    const taken = startHealthServer('127.0.0.1', (server.address() as AddressInfo).port, []);
    await expect(taken).rejects.toThrow(/^HEALTH_PORT: port \d+ of 127\.0\.0\.1 is taken/);
  });
});

describe('an unexpected error', () => {
  it('is told by its class, state and stack, without its message, which may hold values of a row', () => {
    const error = Object.assign(new TypeError('secret of somebody'), { code: '23505', constraint: 'leads_key' });
    const { stack, ...told } = described(error);
    expect(told).toEqual({ name: 'TypeError', code: '23505', constraint: 'leads_key', missing: undefined });
    const frames = String(stack).split('\n');
    expect(frames.every((frame) => frame.startsWith('    at '))).toBe(true);
    expect(frames.length).toBeLessThanOrEqual(12);
    expect(JSON.stringify(described(error))).not.toContain('secret');
    expect(described('secret of somebody')).toEqual({ name: 'string' });
    const bare = Object.assign(new Error('x'), { stack: undefined });
    expect(described(bare)['stack']).toBe('');
  });

  it('is told with at most a dozen frames', () => {
    const error = new Error('x');
    error.stack = ['Error: x', ...Array.from({ length: 20 }, (_, nth) => `    at frame ${nth}`)].join('\n');
    expect(String(described(error)['stack']).split('\n')).toHaveLength(12);
  });

  it('names what a database of another version has not', () => {
    const missing = Object.assign(new Error('relation "leads.tomorrow" does not exist'), { code: '42P01' });
    expect(described(missing)['missing']).toBe('relation "leads.tomorrow" does not exist');
  });
});

describe('what a process counts', () => {
  it('of messages: by type, organization and outcome, how long they took, and which were refused', async () => {
    const metrics = messageMetrics(logger);
    metrics.handled('kit.a.v1', 'org-1', 'ok', 4);
    metrics.handled('kit.a.v1', 'org-1', 'ok', 5);
    metrics.handled('kit.a.v1', 'org-1', 'error', 6);
    metrics.rejected('kit.a.v1', 'message_rejected');
    metrics.failed('kit.a.v1', 'request-1', new TypeError('secret'));
    expect(await counted('apollo_messages_total', { type: 'kit.a.v1', org_id: 'org-1', outcome: 'ok' })).toBe(2);
    expect(await counted('apollo_messages_total', { type: 'kit.a.v1', org_id: 'org-1', outcome: 'error' })).toBe(1);
    expect(await counted('apollo_message_milliseconds_total', { type: 'kit.a.v1', org_id: 'org-1' })).toBe(15);
    expect(await counted('apollo_messages_rejected_total', { type: 'kit.a.v1', code: 'message_rejected' })).toBe(1);
    expect(lines).toMatchObject([
      { level: 40, type: 'kit.a.v1', code: 'message_rejected' },
      { level: 50, type: 'kit.a.v1', request_id: 'request-1', error: { name: 'TypeError' } },
    ]);
  });

  it('of requests over HTTP: by route, organization and status, and how long they took', async () => {
    const count = httpMetrics();
    expect(httpMetrics()).toBe(count);
    count('/v1/me', 'none', 200, 3);
    count('/v1/me', 'none', 404, 4);
    const labels = { route: '/v1/me', org_id: 'none' };
    expect(await counted('apollo_http_requests_total', { ...labels, status: 200 } as never)).toBe(1);
    expect(await counted('apollo_http_requests_total', { ...labels, status: 404 } as never)).toBe(1);
    expect(await counted('apollo_http_request_milliseconds_total', labels)).toBe(7);
  });

  it('of events that leave: those published, refused and failed', async () => {
    const metrics = relayMetrics(logger);
    metrics.published(3);
    metrics.refused({ id: 'event-1' } as never, 'too large');
    metrics.failed(new TypeError('secret'));
    expect(await counted('apollo_events_published_total')).toBe(3);
    expect([await counted('apollo_events_refused_total'), await counted('apollo_relay_failures_total')]).toEqual([
      1, 1,
    ]);
    expect(lines).toMatchObject([
      { level: 50, id: 'event-1', reason: 'too large' },
      { level: 40, error: { name: 'TypeError' } },
    ]);
  });

  it('of events that come in: what became of each, said where it wants to be looked at', async () => {
    const metrics = consumerMetrics(logger);
    for (const outcome of ['handled', 'buried', 'rejected', 'unknown'] as const)
      metrics.event('kit.told.v1', 'org-1', outcome);
    metrics.failed('kit.told.v1', 'request-2', new TypeError('secret'));
    const labels = { type: 'kit.told.v1', org_id: 'org-1' };
    for (const outcome of ['handled', 'buried', 'rejected', 'unknown'])
      expect(await counted('apollo_events_total', { ...labels, outcome })).toBe(1);
    const of = { type: 'kit.told.v1' };
    expect(lines).toMatchObject([
      { level: 50, ...of, org_id: 'org-1' },
      { level: 40, ...of },
      { level: 40, ...of, org_id: 'org-1' },
      { level: 40, ...of, request_id: 'request-2', error: { name: 'TypeError' } },
    ]);
    expect(lines).toHaveLength(4);
  });
});
