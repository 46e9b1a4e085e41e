import { Writable } from 'node:stream';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { until } from '@apollo/testing';
import { pino } from 'pino';
import { ServingWatch } from './serving.watch.js';

describe('a process that doubts its database', () => {
  const share = () => {
    const told: string[] = [];
    return {
      told,
      takeShare: () => void told.push('takes'),
      leaveShare: () => Promise.resolve(void told.push('leaves')),
    };
  };
  const silent = pino({ level: 'silent' });

  /** The process stands still for longer than it waits, while what it waits for arrives. */
  it('keeps its share where the database answers and the process itself stood still', async () => {
    const taker = share();
    const alive = async (): Promise<void> => void (await readFile(fileURLToPath(import.meta.url)));
    const watch = new ServingWatch(taker, alive, silent);
    watch.doubt();
    for (const end = performance.now() + 2_500; performance.now() < end;);
    await watch.stop();
    expect(taker.told).toEqual([]);
  });

  it('leaves its share where the database does not answer', async () => {
    const taker = share();
    const watch = new ServingWatch(taker, () => new Promise<void>(() => undefined), silent);
    watch.doubt();
    for (const end = performance.now() + 10_000; taker.told.length === 0 && performance.now() < end;)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(taker.told).toEqual(['leaves']);
    await watch.stop();
  });

  it('takes its share again once the database serves, and says both', async () => {
    const taker = share();
    const lines: string[] = [];
    const logger = pino({}, new Writable({ write: (line, _, done) => (lines.push(String(line)), done()) }));
    let isServed = false;
    const alive = async (): Promise<void> => (isServed ? undefined : Promise.reject(new TypeError('away')));
    const watch = new ServingWatch(taker, alive, logger);
    watch.doubt();
    watch.doubt();
    await until(() => taker.told.length > 0);
    isServed = true;
    await until(() => taker.told.length > 1);
    await watch.stop();
    expect(taker.told).toEqual(['leaves', 'takes']);
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 50, error: { name: 'TypeError' } },
      { level: 30, msg: 'the database serves again' },
    ]);
    // Once stopped, it looks no more.
    watch.doubt();
    await watch.stop();
    expect(taker.told).toHaveLength(2);
  });

  it('leaves its share to others for good where it is stopped meanwhile', async () => {
    const taker = share();
    const watch = new ServingWatch(taker, () => Promise.reject(new Error('away')), silent);
    watch.doubt();
    await until(() => taker.told.length > 0);
    await watch.stop();
    expect(taker.told).toEqual(['leaves']);
  });
});
