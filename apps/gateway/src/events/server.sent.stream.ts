import { finished, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError, type ErrorCode } from '@apollo/contracts';
import type { StreamSlots } from '@apollo/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpGuard } from '../admission/http.guard.js';
import type { RoutePlan } from '../http/route.plan.js';

/** Milliseconds between two looks at whether the person may still watch. */
const LOOK_EVERY_MS = 500;

/** Milliseconds between two signs of life. */
export const ALIVE_EVERY_MS = 15_000;
/** A sign of life, of which clients are told nothing. */
export const STILL_HERE = ': still here\n\n';

/**
 * Why a stream ends: what the client came with is valid no longer, it may not watch any more, it is to come back at once, or
 * there is nothing more to see.
 */
export type StreamEnd = 'expired' | 'removed' | 'suspended' | 'restarted' | 'done';

const ENDS: Partial<Record<ErrorCode, StreamEnd>> = {
  unauthenticated: 'expired',
  org_not_found: 'removed',
  not_found: 'removed',
  forbidden: 'removed',
  mfa_enrollment_required: 'removed',
  org_suspended: 'suspended',
};

/** Why a stream ends that failed so. */
export function endBy(error: unknown): StreamEnd {
  return ENDS[error instanceof DomainError ? error.code : 'internal_error'] ?? 'restarted';
}

/** Resolves by the time to look whether the person may still watch. */
export function untilLook(): Promise<void> {
  return sleep(LOOK_EVERY_MS, undefined, { ref: false });
}

/** Why the person may watch no longer; nothing while they may. */
export function endOf(guard: HttpGuard, request: FastifyRequest, plan: RoutePlan): Promise<StreamEnd | undefined> {
  return guard.again(request, plan, () => Promise.resolve(undefined)).catch(endBy);
}

/**
 * Takes a place to watch from, which is left when the answer is over: also where the client went away while the guard
 * still asked about it.
 *
 * @returns is aborted then, and when the stream is to end
 * @throws DomainError as `StreamSlots.take`
 */
export function placeFor(reply: FastifyReply, slots: StreamSlots): AbortSignal {
  const gone = new AbortController();
  const slot = slots.take();
  finished(reply.raw, () => {
    gone.abort();
    slot.leave();
  });
  return AbortSignal.any([gone.signal, slot.ending]);
}

/** What is to be sent of a watch: something that it shows, why the person may watch no longer, or a sign of life. */
export type Sight<Look> = { readonly look: Look } | { readonly end: StreamEnd } | 'still here';

/**
 * What a watch shows, each time after a look at whether the person may still see it. It is over where the watch is.
 *
 * @param first of the watch, which was waited for before the first byte
 * @param endOf why the person may watch no longer; nothing while they may
 * @throws why the watch fails
 */
export async function* sightsOf<Look>(
  watch: AsyncGenerator<Look, void>,
  first: IteratorResult<Look, void>,
  endOf: () => Promise<StreamEnd | undefined>,
): AsyncGenerator<Sight<Look>, void> {
  let news = Promise.resolve(first);
  for (let aliveAt = performance.now(); ;) {
    const look = await Promise.race([news, untilLook()]);
    if (look?.done) return;
    const end = await endOf();
    if (end) return yield { end };
    if (look) {
      yield { look: look.value };
      news = watch.next();
    }
    if (performance.now() - aliveAt < ALIVE_EVERY_MS) continue;
    aliveAt = performance.now();
    yield 'still here';
  }
}

/** Answers with a stream of events. @param events none for HEAD: without a body, it would be said to be empty */
export async function streamed(reply: FastifyReply, events: Iterable<string> | AsyncIterable<string>): Promise<void> {
  await reply
    .header('content-type', 'text/event-stream; charset=utf-8')
    .header('x-accel-buffering', 'no')
    .send(Readable.from(events));
}

/** One server-sent event. @param before its other lines, each with its end */
export function sent(event: string, data: object, before = ''): string {
  return `${before}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The first event of a stream: when what the client came with expires. @param before as of `sent` */
export async function opened(guard: HttpGuard, request: FastifyRequest, before = ''): Promise<string> {
  return sent('stream.opened', { ends_at: (await guard.endOf(request)).toISOString() }, `retry: 2000\n${before}`);
}

/** The last event of a stream. */
export function ended(reason: StreamEnd): string {
  return sent('stream.ended', { reason });
}
