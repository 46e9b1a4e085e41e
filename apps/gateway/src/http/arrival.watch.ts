import type { IncomingMessage } from 'node:http';

/** Bytes that have to arrive within each span of a watch, as long as there are more to come. */
export const LEAST_BYTES = 65_536;

/**
 * Watches how fast a body arrives: what is held of one that hardly does is held for nothing. Time in which we do not
 * read, because something of ours is not as fast, is not the client's.
 *
 * @param spanMs in which `LEAST_BYTES` have to arrive, or the rest
 * @param onSlow told once for each span in which they did not
 * @returns ends the watch
 */
export function watchArrival(raw: IncomingMessage, spanMs: number, onSlow: () => void): () => void {
  let before = raw.socket.bytesRead;
  let ended = false;
  const look = (): void => {
    const { bytesRead } = raw.socket;
    const slow = bytesRead - before < LEAST_BYTES && !raw.isPaused();
    before = bytesRead;
    if (slow && !ended) onSlow();
  };
  // What lies there already, because this process stood still, is read first.
  const timer = setInterval(() => setImmediate(look), spanMs);
  return () => {
    ended = true;
    clearInterval(timer);
  };
}
