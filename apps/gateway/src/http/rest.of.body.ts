import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream';
import type { FastifyInstance } from 'fastify';

/** Milliseconds for which the rest of a body is read that nobody wants any more. */
const LINGER_MS = 5_000;

/**
 * Has the server read what a handler left of a body. Where the connection ends with the answer, the answer waits for that:
 * a client that is still sending would be cut off, and see a broken connection instead of why.
 */
export function readRests(fastify: FastifyInstance): void {
  fastify.addHook('onSend', ({ raw }, reply, _payload, done) => {
    if (!mayHaveRest(raw)) return done();
    raw.unpipe();
    raw.resume();
    const staysOpen = reply.raw.shouldKeepAlive;
    const timer = setTimeout(() => (staysOpen ? raw.destroy() : done()), LINGER_MS).unref();
    finished(raw, () => {
      clearTimeout(timer);
      if (!staysOpen) done();
    });
    if (staysOpen) done();
  });
}

/** Whether there is a body of which something is not read yet: it may have arrived, and lie there. */
function mayHaveRest(raw: IncomingMessage): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = raw.headers;
  return !raw.readableEnded && !raw.destroyed && (encoding !== undefined || length !== '0');
}
