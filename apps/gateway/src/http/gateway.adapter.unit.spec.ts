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
