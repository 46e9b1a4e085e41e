import { newId } from '@apollo/tenancy';
import { testOrg } from '@apollo/testing';
import { codeOf, StarsWorld } from '../spec/stars.world.spec.js';

describe('grants', () => {
  let world: StarsWorld;
  beforeAll(async () => {
    world = await StarsWorld.start();
  });
  afterEach(async () => expect(await world.findings()).toEqual([]));
  afterAll(() => world.test.drop());

  it('begin with 500 package Stars for a new organization, once, however often and at once it is opened', async () => {
    const org = testOrg();
    const opened = await Promise.all(
      Array.from({ length: 12 }, () => org.as(() => world.wallets.open('Europe/Berlin'))),
    );
    expect(opened.filter(Boolean)).toHaveLength(1);
    expect(await world.wallet(org)).toMatchObject({
      state: 'active',
      package_balance: 500,
      monthly_balance: 0,
      available: 500,
      time_zone: 'Europe/Berlin',
      price_version: 1,
    });
  });

  it('of one source are made once, however often the payment is told (B12)', async () => {
    const org = await world.org();
    const grant = { source: 'payment-1', compartment: 'monthly', stars: 2_000 } as const;
    const ids = await Promise.all(Array.from({ length: 24 }, () => world.grant(org, grant)));
    expect(new Set(ids).size).toBe(1);
    expect(await world.wallet(org)).toMatchObject({ monthly_balance: 2_000, package_balance: 500 });
  });

  it('of a known source with another amount or compartment are refused (B12)', async () => {
    const org = await world.org();
    await world.grant(org, { source: 'payment-1', stars: 100 });
    expect(await codeOf(world.grant(org, { source: 'payment-1', stars: 101 }))).toBe('idempotency_mismatch');
    expect(await codeOf(world.grant(org, { source: 'payment-1', compartment: 'monthly', stars: 100 }))).toBe(
      'idempotency_mismatch',
    );
    expect((await world.wallet(org)).package_balance).toBe(600);
  });

  it('of one source in two organizations know nothing of each other (B04, B12)', async () => {
    const [a, b] = [await world.org(), await world.org()];
    await Promise.all([
      world.grant(a, { source: 'payment-1', stars: 1 }),
      world.grant(b, { source: 'payment-1', stars: 2 }),
    ]);
    expect([(await world.wallet(a)).package_balance, (await world.wallet(b)).package_balance]).toEqual([501, 502]);
  });

  it('race with reservations, settlements and each other without a Star lost (B19)', async () => {
    const org = await world.org();
    const { findings } = await world.watched(() =>
      Promise.all(
        Array.from({ length: 60 }, async (_, n) => {
          if (n % 3 === 0) return world.grant(org, { source: `payment-${n % 9}`, stars: 10 });
          const { hold_id } = await world.reserve(org, { stars: 20 });
          return hold_id && (n % 2 ? world.settle(org, hold_id, 15) : world.release(org, hold_id));
        }),
      ),
    );
    expect(findings).toEqual([]);
    expect(await world.wallet(org)).toMatchObject({ held: 0, overdraft: 0 });
  });

  it('taken back after they were spent are owed, and block reservations until new Stars come (B13)', async () => {
    const org = await world.org();
    await world.grant(org, { source: 'payment-1', stars: 1_000 });
    await world.settle(org, await world.hold(org, { stars: 900 }), 900);
    const open = await world.hold(org, { stars: 100, agent_id: newId() });
    const back = { source: 'chargeback-1', of: 'payment-1', stars: 1_000 };
    const ids = await Promise.all(Array.from({ length: 8 }, () => world.reverse(org, back)));
    expect(new Set(ids).size).toBe(1);
    expect(await world.wallet(org)).toMatchObject({
      state: 'owing',
      package_balance: 100,
      held: 100,
      available: 0,
      overdraft: 500,
    });
    expect(await world.reserve(org, { stars: 1 })).toMatchObject({
      outcome: 'refused',
      refused_by: 'wallet',
      reason: 'owing',
    });
    expect(await world.settle(org, open, 50)).toMatchObject({ settled: 50, overdrawn: 0 });
    await world.grant(org, { source: 'payment-2', stars: 600 });
    expect(await world.wallet(org)).toMatchObject({ state: 'active', package_balance: 150, overdraft: 0 });
  });

  it('are taken back from their own compartment first, and never by more than they were (B13)', async () => {
    const org = await world.org();
    await world.grant(org, { source: 'plan-1', compartment: 'monthly', stars: 100 });
    await world.reverse(org, { source: 'refund-1', of: 'plan-1', stars: 60 });
    expect(await world.wallet(org)).toMatchObject({ monthly_balance: 40, package_balance: 500 });
    expect(await codeOf(world.reverse(org, { of: 'plan-1', stars: 41 }))).toBe('state_conflict');
    expect(await codeOf(world.reverse(org, { source: 'refund-1', of: 'plan-1', stars: 1 }))).toBe(
      'idempotency_mismatch',
    );
    expect(await codeOf(world.reverse(org, { of: 'plan-2', stars: 1 }))).toBe('not_found');
    await world.hold(org, { stars: 30 });
    await world.reverse(org, { of: 'plan-1', stars: 40 });
    expect(await world.wallet(org)).toMatchObject({ monthly_balance: 30, package_balance: 470, overdraft: 0 });
  });

  it('are for a wallet: without one there is nothing to grant to, to read or to reserve from', async () => {
    const org = testOrg();
    expect(await codeOf(world.grant(org, { stars: 1 }))).toBe('not_found');
    expect(await codeOf(world.wallet(org))).toBe('not_found');
    expect(await codeOf(world.settle(org, newId(), 1))).toBe('not_found');
    expect(await codeOf(org.as(() => world.caps.set({ layer: 'org_month', stars: 1 })))).toBe('not_found');
    expect(await world.reserve(org, { stars: 1 })).toMatchObject({
      outcome: 'refused',
      refused_by: 'wallet',
      reason: 'no_wallet',
    });
  });
});
