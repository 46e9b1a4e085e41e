import { setImmediate as turn } from 'node:timers/promises';

/** Times that others get their turn in the event loop while `work` goes on. @param onTurn called at each of them */
export async function turnsDuring(work: () => Promise<unknown>, onTurn?: () => void): Promise<number> {
  let turns = 0;
  let isDone = false;
  const done = work().finally(() => (isDone = true));
  for (; !isDone; turns++) {
    await turn();
    onTurn?.();
  }
  await done;
  return turns;
}
