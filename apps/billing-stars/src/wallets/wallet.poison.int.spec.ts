import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@apollo/service-kit';
import { asPlatform, Attacker, longestLockWait, LONG_WAIT, type TestOrg } from '@apollo/testing';
import { StarsWorld } from '../spec/stars.world.spec.js';
import { WalletSweeper } from './wallet.sweeper.js';

const MANY = 500;
/** Milliseconds in which a due wallet is swept, also on a slow machine. */
const USUAL_MS = 3_000;

/** A does with its wallet what the functions of the money let SQL do; B's holds end meanwhile. */
describe('A74 a wallet', () => {
  let world: StarsWorld;
  let sweeper: WalletSweeper;
  let a: TestOrg;
  let b: TestOrg;
  let attacker: Attacker;

  beforeAll(async () => {
    world = await StarsWorld.start(6);
    sweeper = new WalletSweeper(world.walletRows, createLogger('billing-stars', 'silent'));
  });
  beforeEach(async () => {
    await world.clock('2026-03-10 12:00:00Z');
    [a, b] = [await world.org(), await world.org()];
    attacker = await Attacker.connect(world.test, a);
  });
  afterEach(async () => {
    await attacker.close();
    expect(await world.findings()).toEqual([]);
  });
  afterAll(() => world.test.drop());

  const reserve = (key: string, more: { agent?: string; ttl?: number; count?: number } = {}): string =>
    `select billing_stars.reserve(${key}, '', 1, ${more.agent ?? 'gen_random_uuid()'}, null, gen_random_uuid(), 1, ${more.ttl ?? 1}, '${a.owner}') ->> 'outcome' as outcome from generate_series(1, ${more.count ?? 1}) n`;

  /** Stars of B that a sweep leaves held within the usual time: their hold is due a minute after A's. */
  async function leftHeld(): Promise<number> {
    await world.hold(b, { stars: 100, ttl_seconds: 61 });
    await world.clock('2026-03-10 12:05:00Z');
    expect(await asPlatform(() => world.walletRows.findDue())).toEqual([a.id, b.id]);
    const sweeping = sweeper.sweep();
    const held = async (): Promise<number> => {
      const [row] = await world.test.admin('select package_held as held from billing_stars.wallets where id = $1', [
        b.id,
      ]);
      return Number(row?.['held']);
    };
    for (const end = Date.now() + USUAL_MS; (await held()) > 0 && Date.now() < end; await sleep(20));
    const left = await held();
    await sweeping;
    return left;
  }

  it.each([
    ['with very many holds', () => reserve("'k' || n", { count: MANY })],
    [
      'with holds of one agent',
      () => reserve("'k' || n", { agent: `'${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}'`, count: MANY }),
    ],
    ['with a hold whose key is a megabyte', () => reserve("repeat(encode(sha256(n::text::bytea), 'hex'), 30)")],
  ])('delays no other: one %s', async (_what, sql) => {
    expect((await attacker.commit(sql())).rows[0]).toEqual({ outcome: 'reserved' });
    expect(await leftHeld()).toBe(0);
    // The control: A's are given back too.
    expect((await world.wallet(a)).held).toBe(0);
  });

  /** A keeps its wallet's row until it rolls back. */
  async function keepBusy(): Promise<void> {
    await attacker.client.query('begin');
    await attacker.client.query('select tenancy.carry($1)', [attacker.tag()]);
    await attacker.client.query(reserve("'another'", { ttl: 3_600 }));
  }

  /** Milliseconds that everything takes which is done with B's wallet, by B and by the platform. */
  async function served(payment: string): Promise<number> {
    const begun = performance.now();
    await world.grant(b, { stars: 1 });
    await world.hold(b, { stars: 1 });
    await b.as(() => world.wallets.open('UTC'));
    await world.confirm(payment);
    return performance.now() - begun;
  }

  it.each([
    ['it is granted Stars', () => world.grant(a, { stars: 1 })],
    ['it is opened anew', () => a.as(() => world.wallets.open('UTC'))],
    ['its payment comes in', (payment: string) => world.confirm(payment)],
  ])(
    'kept busy keeps no connection from another one while %s',
    async (_what, request: (payment: string) => Promise<unknown>) => {
      const [first, second, ofA] = [
        await world.pack(b, 'pack-1000'),
        await world.pack(b, 'pack-1000'),
        await world.pack(a, 'pack-1000'),
      ];
      const control = await served(first.id);
      await keepBusy();
      const requests = Promise.allSettled(Array.from({ length: 30 }, () => request(ofA.id)));
      await sleep(200);
      expect(await served(second.id)).toBeLessThan(control + 3_000);
      await attacker.client.query('rollback');
      expect((await requests).map(({ status }) => status)).toContain('fulfilled');
    },
    30_000,
  );

  it('delays no other: one that is kept busy', async () => {
    await attacker.commit(reserve("'k'"));
    await keepBusy();
    let isOver = false;
    const left = leftHeld().finally(() => (isOver = true));
    expect(await longestLockWait(world.test, () => isOver)).toBeLessThan(LONG_WAIT);
    expect(await left).toBe(0);
    // Put off: a hundred like it would hide all others from the next look.
    expect(await asPlatform(() => world.walletRows.findDue())).toEqual([a.id]);
    expect(await sweeper.sweep()).toBe(0);
    await attacker.client.query('rollback');
    const another = new WalletSweeper(world.walletRows, createLogger('billing-stars', 'silent'));
    expect(await another.sweep()).toBe(1);
  }, 30_000);
});
