import type { IncomingMessage } from 'node:http';
import { DomainError } from '@apollo/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BodyBudget, BodyLease } from '../admission/body.budget.js';
import { watchArrival } from './arrival.watch.js';
import { assertPlain } from './content.encoding.js';
import { LEAST_ROOM } from './body.room.js';
import { assertUtf8, parseJsonBody, RAW_JSON } from './json.parser.js';

/** Milliseconds in which the least part of a body has to arrive; see `watchArrival`. */
const SPAN_MS = 10_000;

/**
 * Reads JSON bodies, each into one piece of memory that grows as it arrives, counted to whom the request acts for until
 * it is answered: bytes and not pieces, for a client may send each byte by itself.
 */
export class BodyReader {
  private readonly leases = new WeakMap<FastifyRequest, BodyLease>();

  /** @param maxBytes of one body */
  constructor(
    private readonly budget: BodyBudget,
    private readonly maxBytes: number,
  ) {}

  /** Makes the server read JSON by this. */
  install(fastify: FastifyInstance): void {
    fastify.addContentTypeParser('application/json', async (request: FastifyRequest, raw: IncomingMessage) => {
      assertPlain(request.headers['content-encoding'], 'application/json');
      assertUtf8(request.headers['content-type']);
      const { plan } = request.routeOptions.config;
      const body = await this.read(request, raw, Math.min(this.maxBytes, plan?.room.bytes ?? Infinity));
      if (plan?.route.accepts === RAW_JSON) return body;
      return parseJsonBody(body, plan?.room.pieces ?? LEAST_ROOM.pieces);
    });
    // Every answer passes here, of what was refused, cut short or taken; until then somebody works on what was sent.
    fastify.addHook('onSend', (request, _reply, _payload, done) => {
      this.leases.get(request)?.release();
      done();
    });
  }

  private read(request: FastifyRequest, raw: IncomingMessage, most: number): Promise<Buffer> {
    const announced = Number(request.headers['content-length'] ?? most);
    if (announced > most) throw tooLarge(most);
    if (raw.destroyed) throw cutShort();
    const lease = this.budget.open(request);
    this.leases.set(request, lease);
    return new Promise((resolve, reject) => {
      let body: Buffer = Buffer.alloc(0);
      let size = 0;
      const onData = (chunk: Buffer): void => {
        const needed = size + chunk.length;
        try {
          if (needed > most) throw tooLarge(most);
          if (needed > body.length) body = grown(body, size, Math.max(needed, Math.min(2 * size, announced)), lease);
        } catch (error) {
          end(error);
          return;
        }
        chunk.copy(body, size);
        size = needed;
      };
      const onEnd = (): void => end();
      const onCut = (): void => end(cutShort());
      const unwatch = watchArrival(raw, SPAN_MS, () =>
        end(new DomainError('request_timeout', 'The body arrives too slowly.')),
      );
      const end = (error?: unknown): void => {
        unwatch();
        raw.off('data', onData).off('end', onEnd).off('close', onCut);
        if (error === undefined) resolve(body.subarray(0, size));
        else reject(error as Error);
      };
      raw.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut);
    });
  }
}

function tooLarge(most: number): DomainError {
  return new DomainError('payload_too_large', `The body of this request is ${most} bytes at most.`);
}

function cutShort(): DomainError {
  return new DomainError('malformed_request', 'The body was cut short.');
}

/** The same bytes in a larger piece of memory, once that is counted. */
function grown(body: Buffer, size: number, capacity: number, lease: BodyLease): Buffer {
  lease.take(capacity - body.length);
  const larger = Buffer.allocUnsafeSlow(capacity);
  body.copy(larger, 0, 0, size);
  return larger;
}
