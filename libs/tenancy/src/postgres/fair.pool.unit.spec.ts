import type pg from 'pg';
import { FairPool } from './fair.pool.js';

describe('a fair pool', () => {
  let isBroken: boolean;
  let given: number;
  let fair: FairPool;

  beforeEach(() => {
    isBroken = false;
    given = 0;
    const connect = async () => ({
      release: () => {
        given += 1;
        if (isBroken) throw new Error('is broken');
      },
    });
    fair = new FairPool({ on: () => undefined, connect } as unknown as pg.Pool, 2);
  });

  /** Whether each has its share: none of them waits. */
  const enterAll = async (holders: readonly string[]): Promise<void> => {
    for (const holder of holders) (await fair.connect([holder])).release();
  };

  it('gives back a connection that counts for very many, and the share of each', async () => {
    const holders = Array.from({ length: 20_000 }, (_, n) => `holder ${n}`);
    const client = await fair.connect([holders[0]!]);
    for (const holder of holders.slice(1)) await fair.join(client, holder);
    client.release();
    expect(given).toBe(1);
    await expect(enterAll([holders[0]!, holders.at(-1)!])).resolves.toBeUndefined();
  });

  it('gives back the share of each, however the connection ends', async () => {
    const client = await fair.connect(['ada', 'bob']);
    await fair.join(client, 'eve');
    isBroken = true;
    expect(() => client.release()).toThrow('is broken');
    isBroken = false;
    await expect(enterAll(['ada', 'bob', 'eve'])).resolves.toBeUndefined();
  });
});
