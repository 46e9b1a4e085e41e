import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two looks. */
const LOOK_EVERY_MS = 20;

/**
 * Waits for what comes about by itself, instead of sleeping for as long as it usually takes.
 * @param isSo asked again and again until it holds
 * @param options how many milliseconds to wait at most, and what to tell of the state of things when it was in vain
 * @throws Error when the time is over
 */
export async function until(
  isSo: () => Promise<boolean> | boolean,
  { withinMs = 30_000, state = () => '' }: { withinMs?: number; state?: () => string } = {},
): Promise<void> {
  for (const end = Date.now() + withinMs; !(await isSo()); await sleep(LOOK_EVERY_MS))
    if (Date.now() > end) throw new Error(`waited in vain for ${String(isSo)} ${state()}`.trimEnd());
}
