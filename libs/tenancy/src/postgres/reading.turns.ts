/** What is read in turns: the stream of a connection. */
interface Read {
  pause(): unknown;
  resume(): unknown;
}

/** Bytes of answers that a process takes in before it looks at anything else. */
const AT_ONCE = 262_144;
/** A piece of fewer bytes is not counted: most answers come in one. */
const LARGE = 16_384;

let taken = 0;
let turning = false;
const waiting: Read[] = [];

/**
 * Counts a piece of an answer that was taken in. Where many large ones arrive at once, their connections wait for their
 * turn, one at a time: rows are put together as they arrive, and a socket that always has more leaves no time for
 * anybody else.
 */
export function takeTurn(stream: Read, bytes: number): void {
  if (bytes < LARGE) return;
  taken += bytes;
  if (taken > AT_ONCE) {
    stream.pause();
    waiting.push(stream);
  }
  if (!turning) setImmediate(turn);
  turning = true;
}

function turn(): void {
  taken = 0;
  turning = waiting.length > 0;
  if (turning) setImmediate(turn);
  waiting.shift()?.resume();
}
