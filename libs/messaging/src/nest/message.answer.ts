import { DomainError, type ErrorBody } from '@apollo/contracts';
import { headers, type Msg, type MsgHdrs } from '@nats-io/nats-core';
import { entityTag } from '../envelope/entity.tag.js';
import { HEADER } from '../envelope/envelope.codec.js';
import { type LiveMark, liveFields } from '../live/live.mark.js';
import { LARGEST_ANSWER_BYTES } from '../nats/answer.budget.js';

/** What a message is answered with. */
export interface Answer {
  /** JSON, within what one message carries. */
  readonly body: string | Uint8Array;
  readonly fields: MsgHdrs;
}

/**
 * Whether two messages are one that was sent again: told by the same signed context, under the same key, to the last
 * byte.
 */
export function isCopy(message: Msg, other: Msg): boolean {
  return (
    message.subject === other.subject &&
    [HEADER.context, HEADER.delegation, HEADER.idempotency, HEADER.expires].every(
      (name) => message.headers?.get(name) === other.headers?.get(name),
    ) &&
    Buffer.compare(message.data, other.data) === 0
  );
}

/**
 * A reply as it is sent.
 *
 * @throws DomainError `payload_too_large` for a reply that one message does not carry: asked again, it would be as
 *   large
 */
export function answerOf(reply: object, place: string): Answer {
  const body = Buffer.from(JSON.stringify(reply));
  if (body.byteLength > LARGEST_ANSWER_BYTES)
    throw new DomainError('payload_too_large', 'The answer is larger than one message carries: ask for less of it.');
  const fields = headers();
  fields.append(HEADER.status, 'ok');
  const { version } = reply as { version?: number };
  if (version !== undefined) fields.append(HEADER.etag, entityTag(place, reply));
  return { body, fields };
}

/** Whoever asked to be shown something is told how far it has come, and shown it from then on. */
export function keptAnswer(mark: LiveMark): Answer {
  return { body: '', fields: liveFields(mark) };
}

/** A refusal, without its fields where they are more than one message carries. */
export function refusalOf(error: ErrorBody): Answer {
  const fields = headers();
  fields.append(HEADER.status, 'error');
  return { body: refusalText(error), fields };
}

function refusalText({ fields, ...refusal }: ErrorBody): string {
  const text = JSON.stringify({ ...refusal, fields });
  return Buffer.byteLength(text) > LARGEST_ANSWER_BYTES ? JSON.stringify(refusal) : text;
}
