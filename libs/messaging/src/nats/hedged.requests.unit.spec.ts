import { setTimeout as sleep } from 'node:timers/promises';
import { HedgedRequests } from './hedged.requests.js';

class Unserved extends Error {}
const isUnserved = (error: unknown): boolean => error instanceof Unserved;
const never = (ms: number): Promise<string> => sleep(ms).then(() => Promise.reject(new Error('no answer in time')));

/** Members of a group that are asked in turn. */
function group(...members: ((timeoutMs: number) => Promise<string>)[]) {
  const asked: number[] = [];
  return {
    asked,
    ask: (timeoutMs: number): Promise<string> => {
      asked.push(timeoutMs);
      return members[asked.length - 1]!(timeoutMs);
    },
  };
}

describe('a request that may be asked twice', () => {
  it('is asked once where it is answered or refused', async () => {
    const requests = new HedgedRequests();
    const one = group(async () => 'answer');
    expect(await requests.ask(one.ask, isUnserved, 5_000)).toBe('answer');
    const other = group(async () => Promise.reject(new Error('not found')));
    await expect(requests.ask(other.ask, isUnserved, 5_000)).rejects.toThrow('not found');
    expect([one.asked.length, other.asked.length]).toEqual([1, 1]);
  });

  it('is answered by another one where one stands still, within its time', async () => {
    const { ask, asked } = group(never, never, async () => 'from another one');
    const begun = performance.now();
    expect(await new HedgedRequests().ask(ask, isUnserved, 5_000)).toBe('from another one');
    expect(performance.now() - begun).toBeLessThan(2_500);
    expect(asked[1]).toBeLessThanOrEqual(4_510);
  });

  it('is answered by the first one all the same where that was only slow', async () => {
    const { ask } = group(
      () => sleep(700).then(() => 'slow'),
      () => sleep(1_000).then(() => 'slower'),
    );
    expect(await new HedgedRequests().ask(ask, isUnserved, 5_000)).toBe('slow');
  });

  it('is answered by another one at once where one cannot serve, and says so where none can', async () => {
    const cannot = () => Promise.reject(new Unserved('not now'));
    const begun = performance.now();
    expect(await new HedgedRequests().ask(group(cannot, async () => 'served').ask, isUnserved, 5_000)).toBe('served');
    expect(performance.now() - begun).toBeLessThan(450);
    const none = group(...Array.from({ length: 16 }, () => cannot));
    await expect(new HedgedRequests().ask(none.ask, isUnserved, 5_000)).rejects.toThrow('not now');
    expect(none.asked).toHaveLength(16);
  });

  it('waits no longer than it may', async () => {
    const { ask, asked } = group(never, never, never, never, never);
    const begun = performance.now();
    await expect(new HedgedRequests().ask(ask, isUnserved, 1_200)).rejects.toThrow('no answer in time');
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it('is asked again no more often than others are asked, but for fifty at once', async () => {
    const requests = new HedgedRequests();
    let asked = 0;
    const ask = (): Promise<string> => {
      asked += 1;
      return Promise.reject(new Unserved('not now'));
    };
    const many = Array.from({ length: 100 }, () => requests.ask(ask, isUnserved, 1_000).catch(() => undefined));
    await Promise.all(many);
    expect(asked).toBeGreaterThan(100);
    expect(asked).toBeLessThanOrEqual(251);
  });

  it('is asked again for others too where one organization has none answered', async () => {
    const requests = new HedgedRequests();
    const asked = { a: 0, b: 0, platform: 0 };
    const ask = (holder: keyof typeof asked, whose?: string): Promise<unknown> => {
      const unserved = (): Promise<string> => {
        asked[holder] += 1;
        return Promise.reject(new Unserved('not now'));
      };
      return requests.ask(unserved, isUnserved, 1_000, whose).catch(() => undefined);
    };
    await Promise.all(Array.from({ length: 20 }, () => ask('a', 'a')));
    // What it gave by its own requests, and a half of the fifty.
    expect(asked.a).toBeLessThanOrEqual(20 + 19 + 25);
    await ask('b', 'b');
    await ask('platform');
    expect(asked.b).toBe(16);
    expect(asked.platform).toBeGreaterThan(8);
    const before = asked.a;
    await ask('a', 'a');
    expect(asked.a - before).toBeLessThanOrEqual(2);
  });

  it('is hardly ever asked again where all are slow', async () => {
    const requests = new HedgedRequests();
    let asked = 0;
    const slow = (): Promise<string> => {
      asked += 1;
      return sleep(900).then(() => 'answer');
    };
    const round = (): Promise<unknown> =>
      Promise.all(Array.from({ length: 100 }, () => requests.ask(slow, isUnserved, 5_000)));
    await round();
    await round();
    const before = asked;
    await round();
    expect(asked - before).toBeLessThanOrEqual(115);
  });
});
