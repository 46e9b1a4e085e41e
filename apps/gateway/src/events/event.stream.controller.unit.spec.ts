import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { EventWatch } from '@apollo/messaging';
import { newId, runInTenantContext, type TenantContext } from '@apollo/tenancy';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EventStreamController } from './event.stream.controller.js';

/** Streams that one person may have open. */
const PER_PERSON = 10;
const context: TenantContext = { scope: 'org', orgId: newId(), actor: newId(), role: 'viewer', requestId: 'r' };

describe('an event stream', () => {
  const events = new EventWatch({ subscribe: () => ({ unsubscribe: () => undefined }) } as never);
  const answerless = { ask: () => new Promise(() => undefined) };
  const controller = new EventStreamController(answerless as never, {} as never, events);
  let server: Server;

  beforeAll(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => server.close());

  /** A request whose client has gone away before anybody looked at it. */
  async function leftRequest(): Promise<[FastifyRequest, FastifyReply]> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('GET /v1/orgs/acme/events HTTP/1.1\r\nhost: x\r\n\r\n');
    const [raw, answer] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
    const gone = once(answer, 'close');
    socket.resetAndDestroy();
    await gone;
    const request = { raw, headers: {}, params: { org: 'acme' }, query: {}, id: 'r', method: 'GET' };
    return [request as never, { raw: answer } as never];
  }

  it('of a client that has gone away already takes no place', async () => {
    for (let times = 0; times < PER_PERSON; times++) {
      const [request, reply] = await leftRequest();
      void runInTenantContext(context, () => controller.watch(request, reply));
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(() => runInTenantContext(context, () => events.watch())).not.toThrow();
  });
});
