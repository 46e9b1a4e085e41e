import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

/** Bytes of a chunk; as base64 it fits the bus's megabyte with room to spare. */
export const CHUNK_BYTES = 524_288;

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
    for await (const chunk of wholeChunks(file)) {
      digest.update(chunk);
      await hand(chunk);
    }
  } finally {
    await Promise.all(pending);
  }
  if (failure) throw failure.error;
  return { chunks, sha256: digest.digest('hex') };
}

async function* wholeChunks(file: Readable): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const part of file as AsyncIterable<Buffer>) {
    let rest = part;
    while (size + rest.length >= CHUNK_BYTES) {
      const taken = CHUNK_BYTES - size;
      yield Buffer.concat([...parts, rest.subarray(0, taken)]);
      rest = rest.subarray(taken);
      parts = [];
      size = 0;
    }
    if (rest.length > 0) parts.push(rest);
    size += rest.length;
  }
  if (size > 0) yield Buffer.concat(parts);
}
