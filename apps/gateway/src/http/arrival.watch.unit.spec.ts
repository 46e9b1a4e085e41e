import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { LEAST_BYTES, watchArrival } from './arrival.watch.js';

/** A request of which so many bytes arrive between two looks, and the looks. */
function request(arriving: number, paused = false): { raw: IncomingMessage; looks: () => number } {
  let looks = 0;
  const socket = {
    get bytesRead() {
      return arriving * looks++;
    },
  };
  return { raw: { socket, isPaused: () => paused } as unknown as IncomingMessage, looks: () => looks };
}

/** How often somebody was told that a body is slow, by the tenth look. */
async function toldOf({ raw, looks }: ReturnType<typeof request>): Promise<number> {
  let told = 0;
  const unwatch = watchArrival(raw, 1, () => (told += 1));
  while (looks() < 10) await sleep(1);
  unwatch();
  const before = told;
  await sleep(20);
  expect(told).toBe(before);
  return told;
}

describe('a body', () => {
  it('that arrives as it has to is left alone for as long as it takes', async () => {
    expect(await toldOf(request(LEAST_BYTES))).toBe(0);
  });

  it('that does not is told of, and no more once nobody watches', async () => {
    expect(await toldOf(request(LEAST_BYTES - 1))).toBeGreaterThan(0);
  });

  it('is not slow while it is us who do not read', async () => {
    expect(await toldOf(request(0, true))).toBe(0);
  });
});
