import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** Bytes of a log's end that are looked at: whoever can make a process write may have made gigabytes of it. */
const END_BYTES = 256 * 1024;

/**
 * The end of a log, from its last 256 KB at most.
 *
 * @throws the file system's error
 */
export async function endOf(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - END_BYTES);
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(size - start),
      position: start,
    });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * Whether a line of what a log has gained since it had `from` bytes has this text in it.
 *
 * @throws the file system's error
 */
export async function saidSince(file: string, from: number, text: string): Promise<boolean> {
  for await (const line of createInterface({ input: createReadStream(file, { start: from }) }))
    if (line.includes(text)) return true;
  return false;
}
