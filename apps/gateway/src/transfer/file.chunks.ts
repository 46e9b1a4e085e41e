import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

/** Bytes of a chunk; as base64 it fits the bus's megabyte with room to spare. */
export const CHUNK_BYTES = 524_288;

/** Chunks under way at once: one is stored while the next arrives. */
export const CHUNKS_IN_FLIGHT = 2;

/** Bytes an upload holds at most: the chunks under way, as bytes and as they are sent, and the one that arrives. */
export const UPLOAD_HELD_BYTES = 2 * (CHUNKS_IN_FLIGHT + 1) * CHUNK_BYTES;

/** What was sent in all. */
export interface FileSummary {
  readonly chunks: number;
  /** Of the whole file, hex. */
  readonly sha256: string;
}

/**
 * Cuts a file into chunks and hands them over, at most `inFlight` at once; the source waits meanwhile.
 *
 * @throws whatever the source or `send` throws, after the chunks under way have settled
 */
export async function sendInChunks(
  file: Readable,
  inFlight: number,
  send: (seq: number, data: Buffer) => Promise<void>,
): Promise<FileSummary> {
  const digest = createHash('sha256');
  const pending = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  let chunks = 0;
  const hand = async (data: Buffer): Promise<void> => {
    while (pending.size >= inFlight) await Promise.race(pending);
    if (failure) throw failure.error;
    const work = send(chunks++, data)
      .catch((error: unknown) => void (failure ??= { error }))
      .finally(() => pending.delete(work));
    pending.add(work);
  };
  try {
    for await (const chunk of wholeChunks(file, CHUNK_BYTES)) {
      digest.update(chunk);
      await hand(chunk);
    }
  } finally {
    await Promise.all(pending);
  }
  if (failure) throw failure.error;
  return { chunks, sha256: digest.digest('hex') };
}

/**
 * Cuts a stream into pieces of `size` bytes, the last one smaller. Each has memory of its own that is filled as bytes
 * arrive: kept as they come, a thousand pieces of a byte take far more than a thousand bytes.
 */
export async function* wholeChunks(file: Readable, size: number): AsyncGenerator<Buffer> {
  let chunk = Buffer.allocUnsafeSlow(size);
  let filled = 0;
  for await (const part of file as AsyncIterable<Buffer>) {
    for (let taken = 0; taken < part.length;) {
      const copied = part.copy(chunk, filled, taken);
      taken += copied;
      filled += copied;
      if (filled < size) continue;
      yield chunk;
      chunk = Buffer.allocUnsafeSlow(size);
      filled = 0;
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}
