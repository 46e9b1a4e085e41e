import { once } from 'node:events';
import { connect } from 'node:net';
import { currentTenant, newId } from '@apollo/tenancy';
import type { FastifyReply } from 'fastify';
import { DEFAULT_LIMITS } from '../config.js';
import { GatewayAdapter } from './gateway.adapter.js';

describe('the error handler', () => {
  it.each(['{"half":', '"bytes that are not UTF-8: \xff"'])(
    'runs in the context of the request whose body %p could not be read',
    async (body) => {
      const orgId = newId();
      const adapter = new GatewayAdapter({ limits: DEFAULT_LIMITS, trustProxy: false }, () => undefined);
      const fastify = adapter.getInstance();
      fastify.decorateRequest('tenant', null);
      fastify.addHook('onRequest', (request, _reply, done) => {
        request.tenant = Object.freeze({ scope: 'org', orgId, actor: newId(), role: 'owner', requestId: request.id });
        done();
      });
      adapter.setErrorHandler(
        (_error, _request, reply) => void (reply as unknown as FastifyReply).code(400).send(currentTenant().orgId),
      );
      fastify.post('/', () => 'unreachable');
      const answer = await fastify.inject({
        method: 'POST',
        url: '/',
        headers: { 'content-type': 'application/json' },
        payload: Buffer.from(body, 'latin1'),
      });
      expect([answer.statusCode, answer.body]).toEqual([400, orgId]);
      await fastify.close();
    },
  );
});

describe('a connection that is reset', () => {
  const fastify = new GatewayAdapter({ limits: DEFAULT_LIMITS, trustProxy: false }, () => undefined).getInstance();
  afterAll(() => fastify.close());

  it('brings no request to the guard without saying where it comes from', async () => {
    const addresses: (string | undefined)[] = [];
    fastify.addHook('onRequest', (request, _reply, done) => {
      addresses.push(request.ip);
      done();
    });
    fastify.get('/', () => 'here');
    const { port } = new URL(await fastify.listen({ host: '127.0.0.1', port: 0 }));
    for (let times = 0; times < 300; times++) {
      const socket = connect(Number(port), '127.0.0.1');
      await once(socket, 'connect');
      socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n'.repeat(3));
      await new Promise((resolve) => setImmediate(resolve));
      socket.resetAndDestroy();
    }
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('here');
    expect(new Set(addresses)).toEqual(new Set(['127.0.0.1']));
  });
});

describe('what cannot be read, behind what can', () => {
  const fastify = new GatewayAdapter({ limits: DEFAULT_LIMITS, trustProxy: false }, () => undefined).getInstance();
  let port: number;
  let answer: () => void;
  beforeAll(async () => {
    fastify.get('/', () => new Promise((resolve) => (answer = () => resolve('the first answer'))));
    port = Number(new URL(await fastify.listen({ host: '127.0.0.1', port: 0 })).port);
  });
  afterAll(() => fastify.close());

  const FIRST = 'GET / HTTP/1.1\r\nHost: here\r\n\r\n';

  /** What comes back while the first request is being answered. */
  async function behind(text: string): Promise<string> {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    const asked = once(fastify.server, 'request');
    socket.write(FIRST);
    await asked;
    const heard = once(
      fastify.server,
      text.startsWith('GET') ? 'checkExpectation' : text.startsWith('CONNECT') ? 'connect' : 'clientError',
    );
    socket.write(text);
    await heard;
    answer();
    return Buffer.concat((await socket.toArray()) as Buffer[]).toString('latin1');
  }

  it.each([
    ['garbage', 'GARBAGE\r\n\r\n'],
    ['a tunnel', 'CONNECT leads:80 HTTP/1.1\r\nHost: here\r\n\r\n'],
  ])('is not answered in its place (%s)', async (_, text) => {
    expect(await behind(text)).toBe('');
  });

  it('is answered after it, where it is a request', async () => {
    const answers = await behind('GET / HTTP/1.1\r\nHost: here\r\nExpect: nonsense\r\n\r\n');
    expect(answers).toMatch(/^HTTP\/1\.1 200 [^]*the first answer[^]*HTTP\/1\.1 400 [^]*malformed_request/);
  });
});
