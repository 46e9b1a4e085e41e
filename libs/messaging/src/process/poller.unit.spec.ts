import { setTimeout as sleep } from 'node:timers/promises';
import { Poller } from './poller.js';

const FOR_EVER = 2_000_000_000;

describe('a repeated look', () => {
  it('looks at once, again after its pause, and no more once it was stopped', async () => {
    let looks = 0;
    const third = Promise.withResolvers<void>();
    const looking = new Poller(
      1,
      async () => {
        if (++looks === 3) third.resolve();
      },
      () => undefined,
    );
    looking.start();
    await third.promise;
    await looking.stop();
    const then = looks;
    await sleep(20);
    expect(looks).toBe(then);
  });

  it('begins with its pause where somebody has just looked, and may be stopped in it', async () => {
    let looks = 0;
    const looking = (): Poller =>
      new Poller(
        FOR_EVER,
        async () => void looks++,
        () => undefined,
      );
    const stopped = looking();
    stopped.startLater();
    await stopped.stop();
    expect(looks).toBe(0);
    const woken = looking();
    woken.startLater();
    woken.wake();
    while (looks === 0) await sleep(1);
    await woken.stop();
    expect(looks).toBe(1);
  });

  it('has no pause where a look says that there is more', async () => {
    const third = Promise.withResolvers<void>();
    let looks = 0;
    const looking = new Poller(
      FOR_EVER,
      async () => {
        if (++looks === 3) third.resolve();
        return looks < 3;
      },
      () => undefined,
    );
    looking.start();
    await third.promise;
    await looking.stop();
    expect(looks).toBe(3);
  });

  it('has its pause cut short, also by a wake during a look, and outlives a look that fails', async () => {
    const failures: unknown[] = [];
    const second = Promise.withResolvers<void>();
    let looks = 0;
    const looking = new Poller(
      FOR_EVER,
      async () => {
        if (++looks === 2) return second.resolve();
        looking.wake();
        throw new Error('once');
      },
      (error) => failures.push(error),
    );
    looking.start();
    await second.promise;
    await looking.stop();
    expect(failures).toEqual([new Error('once')]);
    expect(looking.signal.aborted).toBe(true);
  });
});
