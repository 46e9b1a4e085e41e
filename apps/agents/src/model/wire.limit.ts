import type { Transformer } from 'node:stream/web';
import type { WireBounds } from './model.bounds.js';
import { ModelFailureError } from './model.failure.js';

const LF = 10;
const CR = 13;

/**
 * @param response of an endpoint, not yet read
 * @returns the same, whose body fails with a `ModelFailureError` (`too_long`) beyond a bound. Of an answer that says
 *   what went wrong, only the beginning is read, and it ends there.
 */
export function boundedResponse(response: Response, bounds: WireBounds): Response {
  if (!response.body) return response;
  const limit = response.ok ? new AnswerLimit(bounds) : new ErrorLimit(bounds.errorBytes);
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(new TransformStream(limit)), { status, statusText, headers });
}

/** Lets an answer through that is within bounds, as a whole and in each of its events. */
class AnswerLimit implements Transformer<Uint8Array, Uint8Array> {
  private bytes = 0;
  private eventBytes = 0;
  /** Of the line that is being read. */
  private lineBytes = 0;
  private before = 0;

  constructor(private readonly bounds: WireBounds) {}

  transform(chunk: Uint8Array, controller: TransformStreamDefaultController<Uint8Array>): void {
    this.bytes += chunk.length;
    if (this.bytes > this.bounds.answerBytes) throw new ModelFailureError({ kind: 'too_long', bound: 'wire' });
    for (const octet of chunk) this.read(octet);
    controller.enqueue(chunk);
  }

  /** An event ends with an empty line; lines end with LF, CR or both. */
  private read(octet: number): void {
    const isEnd = octet === LF || octet === CR;
    const isSecondHalf = octet === LF && this.before === CR;
    this.before = octet;
    if (isSecondHalf) return;
    if (isEnd && this.lineBytes === 0) this.eventBytes = 0;
    this.lineBytes = isEnd ? 0 : this.lineBytes + 1;
    this.eventBytes += 1;
    if (this.eventBytes > this.bounds.eventBytes) throw new ModelFailureError({ kind: 'too_long', bound: 'event' });
  }
}

/** Ends an error's body where it grows too long: its status says what is needed. */
class ErrorLimit implements Transformer<Uint8Array, Uint8Array> {
  private left: number;

  constructor(bytes: number) {
    this.left = bytes;
  }

  transform(chunk: Uint8Array, controller: TransformStreamDefaultController<Uint8Array>): void {
    controller.enqueue(chunk.subarray(0, this.left));
    this.left -= chunk.length;
    if (this.left <= 0) controller.terminate();
  }
}
