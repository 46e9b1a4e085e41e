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

  it('brings no request to the door without saying where it comes from', async () => {
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
