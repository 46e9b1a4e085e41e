import { connect } from '@nats-io/transport-node';
import fastify from 'fastify';
import { peerConfig } from './config.js';
import { envelopeHeaders } from './floor.wire.js';
import { announceReady, portOf } from './peer.life.js';

// Peer 3, its edge: the shape of our gateway (HTTP in, one muxed NATS request out) and not a single check.
const { natsUrl, natsToken } = peerConfig();
const connection = await connect({ servers: natsUrl, token: natsToken });
const server = fastify();
server.get<{ Params: { org: string } }>('/orgs/:org/leads', async ({ params }, reply) => {
  const subject = `rpc.${params.org}.leads.list-leads.v1`;
  const answer = await connection.request(subject, JSON.stringify({ limit: 20 }), {
    timeout: 5_000,
    headers: envelopeHeaders(params.org),
  });
  return reply.header('content-type', 'application/json; charset=utf-8').send(Buffer.from(answer.data));
});
await server.listen({ host: '127.0.0.1', port: 0 });
announceReady(portOf(server.server.address()));
