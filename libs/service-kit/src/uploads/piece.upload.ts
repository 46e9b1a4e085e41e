import { createHash } from 'node:crypto';
import { DomainError, refusedField } from '@apollo/contracts';

/** Bytes of one piece of a file; with base64 and envelope it stays below one message. */
export const PIECE_BYTES = 512 * 1024;

/** A piece of a file as it arrived. */
export interface ReceivedPiece {
  readonly data: Buffer;
  /** Hex. */
  readonly sha256: string;
}

/**
 * What a message brought of a file.
 *
 * @param data base64, as field `data` has it
 * @throws DomainError `validation_failed` for what is no base64, `payload_too_large`
 */
export function receivedPiece(data: string): ReceivedPiece {
  const bytes = Buffer.from(data, 'base64');
  // Decoding skips what is not base64; only the canonical text comes back the same.
  if (bytes.toString('base64') !== data) throw refusedField('data', 'must be base64');
  if (bytes.length > PIECE_BYTES)
    throw new DomainError('payload_too_large', `A chunk has at most ${PIECE_BYTES} bytes.`);
  return { data: bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}
