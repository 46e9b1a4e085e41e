import { DomainError } from '@apollo/contracts';
import type { Msg } from '@nats-io/nats-core';
import type { MsgImpl } from '@nats-io/nats-core/internal';

/** Bytes of all headers of a message together, their names included. An envelope has less than half as many. */
export const HEADER_BYTES = 8_192;

/**
 * Looks at how long a message's headers are before anybody reads one: the client parses them all when the first is
 * asked for, in time that grows with the square of their number: as many as one message carries take minutes.
 *
 * @throws DomainError `message_rejected` for more than an envelope ever has
 */
export function assertHeadersBounded(message: Msg): void {
  const rest = Buffer.byteLength(message.subject) + Buffer.byteLength(message.reply ?? '') + message.data.length;
  // The size is the client's own, and only its interface does not say so.
  if ((message as MsgImpl).size() - rest > HEADER_BYTES)
    throw new DomainError('message_rejected', `The headers take more than ${HEADER_BYTES} bytes.`);
}
