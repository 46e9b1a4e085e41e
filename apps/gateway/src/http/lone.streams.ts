import type { Socket } from 'node:net';
import { DomainError } from '@apollo/contracts';
import type { FastifyInstance } from 'fastify';

/**
 * Keeps a stream alone on its connection, which ends with it. Answers on one connection wait for each other: one that
 * waits behind a stream, or a stream that waits behind what nobody reads, would hold a place for as long as its client
 * likes. So a stream that is asked for behind an answer under way is refused, and whatever is asked behind a stream ends
 * the connection: refused, it would have to wait as well.
 */
export function keepStreamsAlone(fastify: FastifyInstance): void {
  const streaming = new WeakSet<Socket>();
  fastify.addHook('onRequest', ({ raw: { socket }, routeOptions }, reply, done) => {
    if (streaming.has(socket)) return void socket.destroy();
    if (!routeOptions.config.plan?.route.streams) return done();
    reply.header('connection', 'close');
    // Node gives an answer the socket when those before it are sent.
    if (reply.raw.socket === null)
      return done(new DomainError('malformed_request', 'A stream is asked for once the answers before it are read.'));
    streaming.add(socket);
    done();
  });
}
