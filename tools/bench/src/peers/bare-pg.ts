import fastify from 'fastify';
import { peerConfig } from './config.js';
import { announceReady, portOf } from './peer.life.js';
import { type NewLead, TaggedLeads } from './tagged.leads.js';

// Peer 1: what the same two requests cost with nothing but an HTTP server, a driver and the same policy.
const leads = new TaggedLeads(peerConfig());
const server = fastify();
server.get<{ Params: { org: string } }>('/orgs/:org/leads', ({ params }) => leads.newest(params.org));
server.post<{ Params: { org: string }; Body: NewLead; Headers: { 'idempotency-key': string; 'x-actor': string } }>(
  '/orgs/:org/leads',
  async ({ params, body, headers }, reply) => {
    return reply.code(201).send(await leads.create(params.org, headers['x-actor'], headers['idempotency-key'], body));
  },
);
await server.listen({ host: '127.0.0.1', port: 0 });
announceReady(portOf(server.server.address()));
