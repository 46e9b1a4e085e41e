/**
 * Keeps `callers` callers busy for `seconds`, each beginning again when it is done.
 *
 * @returns how often `work` was done per second, from the first beginning to the last end
 * @throws the first error of `work`, once all have stopped: what fails fast must not look fast
 */
export async function keepBusy(callers: number, seconds: number, work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  const until = begun + seconds * 1_000;
  const over = new AbortController();
  let done = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < until && !over.signal.aborted) {
      await work();
      done += 1;
    }
  };
  const outcomes = await Promise.allSettled(
    Array.from({ length: callers }, () =>
      caller().catch((error: unknown) => {
        over.abort();
        throw error;
      }),
    ),
  );
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
  return done / ((performance.now() - begun) / 1_000);
}

/**
 * Begins `work` `count` times, evenly, so many per second, whether those before are done or not. Resolves when all are.
 */
export async function beginEvenly(
  count: number,
  perSecond: number,
  work: (n: number) => Promise<unknown>,
): Promise<void> {
  const begun = performance.now();
  const all: Promise<unknown>[] = [];
  while (all.length < count) {
    const due = Math.min(count, Math.floor(((performance.now() - begun) / 1_000) * perSecond) + 1);
    while (all.length < due) all.push(work(all.length));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await Promise.all(all);
}
