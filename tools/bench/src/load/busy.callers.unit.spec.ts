import { setTimeout as delay } from 'node:timers/promises';
import { beginEvenly, keepBusy } from './busy.callers.js';

describe('busy callers', () => {
  it('are never more than asked for, and each begins again when it is done', async () => {
    let [busy, most, done] = [0, 0, 0];
    const perSecond = await keepBusy(4, 0.1, async () => {
      most = Math.max(most, ++busy);
      await delay(5);
      busy -= 1;
      done += 1;
    });
    expect(most).toBe(4);
    expect(perSecond).toBeGreaterThan(0);
    expect(done).toBeGreaterThanOrEqual(4);
  });

  it('stop at the first error and tell it', async () => {
    let calls = 0;
    await expect(
      keepBusy(2, 30, async () => {
        await delay(1);
        if (++calls === 5) throw new Error('no');
      }),
    ).rejects.toThrow('no');
  });

  it('begin as often as asked for, whether those before are done or not', async () => {
    const begun: number[] = [];
    await beginEvenly(20, 1_000, async (n) => {
      begun.push(n);
      await delay(100);
    });
    expect(begun).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });
});
