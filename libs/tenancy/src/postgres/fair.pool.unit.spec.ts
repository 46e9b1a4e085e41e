import type pg from 'pg';
import { DatabaseBusyError, NotConnectedError } from './database.errors.js';
import { FairPool } from './fair.pool.js';

const { jest } = import.meta;

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

  it('hands the place of a holder on to whoever waits longest, until nobody does', async () => {
    const served: string[] = [];
    const first = await fair.connect(['ada']);
    const others = ['second', 'third', 'fourth'].map(async (name) => {
      const client = await fair.connect(['ada']);
      served.push(name);
      client.release();
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(served).toEqual([]);
    first.release();
    await Promise.all(others);
    expect(served).toEqual(['second', 'third', 'fourth']);
    await expect(enterAll(['ada'])).resolves.toBeUndefined();
  });
});

describe('a fair pool of a server that lets no more connections in', () => {
  const full = Object.assign(new Error('too many clients'), { code: '53300' });
  const client = { release: () => undefined } as unknown as pg.PoolClient;
  /** What each attempt to connect comes to, in order, and whether others of the pool are there, or idle. */
  let attempts: (() => Promise<pg.PoolClient>)[];
  let [totalCount, idleCount] = [0, 0];
  let release: () => void;
  let fair: FairPool;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    attempts = [];
    [totalCount, idleCount] = [1, 0];
    const pool = {
      on: (_event: string, heard: () => void) => void (release = heard),
      connect: () => (attempts.shift() ?? (() => Promise.reject(full)))(),
      get totalCount() {
        return totalCount;
      },
      get idleCount() {
        return idleCount;
      },
    };
    fair = new FairPool(pool as unknown as pg.Pool, 4);
  });
  afterEach(() => jest.useRealTimers());
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const refused = (): Promise<pg.PoolClient> => Promise.reject(full);

  it('serves whoever it turned away with what others give back, and waits for nothing more then', async () => {
    attempts = [refused, async () => client];
    const waiting = fair.connect([]);
    await turn();
    release();
    expect(await waiting).toBe(client);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('asks at once for one that lies idle', async () => {
    idleCount = 1;
    attempts = [refused, async () => client];
    expect(await fair.connect([])).toBe(client);
  });

  it.each([
    ['it is busy where the server is full', refused, DatabaseBusyError],
    [
      'there is no connection where none was made in time',
      () => Promise.reject(new NotConnectedError()),
      NotConnectedError,
    ],
  ])('says after five seconds that %s', async (_what, attempt, error) => {
    attempts = [attempt];
    let found: unknown;
    fair.connect([]).catch((failure: unknown) => (found = failure));
    await turn();
    jest.advanceTimersByTime(4_999);
    await turn();
    expect(found).toBeUndefined();
    jest.advanceTimersByTime(1);
    await turn();
    expect(found).toBeInstanceOf(error);
  });

  it('says at once what came of it where there is no connection to wait for, to all who waited', async () => {
    const early = fair.connect([]).catch((failure: unknown) => failure);
    await turn();
    totalCount = 0;
    const late = fair.connect([]).catch((failure: unknown) => failure);
    expect([await early, await late]).toEqual([full, full]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('says at once what has nothing to do with how many there are', async () => {
    const refusal = Object.assign(new Error('no such role'), { code: '28000' });
    attempts = [() => Promise.reject(refusal)];
    await expect(fair.connect([])).rejects.toBe(refusal);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives a turn that comes too late to the next one', async () => {
    const gone = fair.connect([]).catch((failure: unknown) => failure);
    await turn();
    jest.advanceTimersByTime(5_000);
    expect(await gone).toBeInstanceOf(DatabaseBusyError);
    const next = fair.connect([]);
    await turn();
    attempts = [async () => client];
    release();
    expect(await next).toBe(client);
  });
});
