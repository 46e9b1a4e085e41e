import { newId } from '@apollo/tenancy';
import { Attacker } from '@apollo/testing';
import { codeOf, StarsWorld } from '../spec/stars.world.spec.js';

describe('a hold', () => {
  let world: StarsWorld;
  beforeAll(async () => {
    world = await StarsWorld.start(4);
  });
  beforeEach(() => world.clock('2026-03-10 12:00:00Z'));
  afterEach(async () => expect(await world.findings()).toEqual([]));
  afterAll(() => world.test.drop());

  it('settled in part gives the rest back', async () => {
    const org = await world.org();
    const hold = await world.hold(org, { stars: 100 });
    expect(await world.settle(org, hold, 30)).toMatchObject({
      state: 'settled',
      stars: 100,
      settled: 30,
      from_package: 30,
      overdrawn: 0,
    });
    expect(await world.wallet(org)).toMatchObject({ package_balance: 470, held: 0, available: 470 });
  });

  it('settled again with the same amount gives the same answer, with another one a conflict', async () => {
    const org = await world.org();
    const hold = await world.hold(org, { stars: 100 });
    const first = await world.settle(org, hold, 30);
    expect(await world.settle(org, hold, 30)).toEqual(first);
    expect(await codeOf(world.settle(org, hold, 31))).toBe('state_conflict');
    expect(await codeOf(world.release(org, hold))).toBe('state_conflict');
    expect(await codeOf(org.as(() => world.holds.extend(hold, 60)))).toBe('state_conflict');
    expect((await world.wallet(org)).package_balance).toBe(470);
  });

  it('settled above itself books the rest as owed, which blocks every reservation until it is paid (B05)', async () => {
    const org = await world.org();
    const hold = await world.hold(org, { stars: 100 });
    expect(await world.settle(org, hold, 130)).toMatchObject({ settled: 130, from_package: 100, overdrawn: 30 });
    expect(await world.wallet(org)).toMatchObject({ state: 'owing', package_balance: 400, overdraft: 30 });
    expect(await world.reserve(org, { stars: 1 })).toMatchObject({
      outcome: 'refused',
      refused_by: 'wallet',
      reason: 'owing',
      used: 30,
      raised_by: ['owner'],
    });
    await world.grant(org, { stars: 20 });
    expect(await world.wallet(org)).toMatchObject({ state: 'active', package_balance: 390, overdraft: 0 });
    expect((await world.reserve(org, { stars: 390 })).outcome).toBe('reserved');
  });

  it('settled above everything there is never takes the balance below zero (B05)', async () => {
    const org = await world.org();
    const hold = await world.hold(org, { stars: 500 });
    await world.settle(org, hold, 2_000);
    expect(await world.wallet(org)).toMatchObject({
      state: 'owing',
      package_balance: 0,
      available: 0,
      overdraft: 1_500,
    });
    await world.grant(org, { stars: 1_000 });
    expect(await world.wallet(org)).toMatchObject({ state: 'owing', package_balance: 0, overdraft: 500 });
    await world.grant(org, { stars: 600 });
    expect(await world.wallet(org)).toMatchObject({ state: 'active', package_balance: 100, overdraft: 0 });
  });

  it('whose overdraft is repaid from what is free lets reservations go on', async () => {
    const org = await world.org();
    await world.settle(org, await world.hold(org, { stars: 10 }), 12);
    expect(await org.as(() => world.wallets.repayOverdraft())).toMatchObject({
      state: 'active',
      package_balance: 488,
      overdraft: 0,
    });
    expect((await world.reserve(org, { stars: 1 })).outcome).toBe('reserved');
  });

  it('nobody came back for expires and is given back once (B07)', async () => {
    const org = await world.org();
    await world.hold(org, { stars: 500, ttl_seconds: 600 });
    expect((await world.reserve(org, { stars: 1 })).outcome).toBe('refused');
    await world.clock('2026-03-10 12:09:59Z');
    expect((await world.reserve(org, { stars: 1 })).outcome).toBe('refused');
    await world.clock('2026-03-10 12:10:00Z');
    const all = await Promise.all(Array.from({ length: 8 }, () => world.reserve(org, { stars: 500 })));
    expect(all.filter(({ outcome }) => outcome === 'reserved')).toHaveLength(1);
    expect(await world.wallet(org)).toMatchObject({ package_balance: 500, held: 500 });
  });

  it('extended lives on, and is never shortened', async () => {
    const org = await world.org();
    const hold = await world.hold(org, { stars: 10, ttl_seconds: 600 });
    expect((await org.as(() => world.holds.extend(hold, 60))).expires_at).toBe('2026-03-10T12:10:00.000Z');
    expect((await org.as(() => world.holds.extend(hold, 1_200))).expires_at).toBe('2026-03-10T12:20:00.000Z');
    await world.clock('2026-03-10 12:19:59Z');
    expect(await world.settle(org, hold, 10)).toMatchObject({ state: 'settled', overdrawn: 0 });
  });

  it('extended lasts a day at most: what a month’s Stars were held for is paid by that month', async () => {
    const org = await world.org();
    const hold = await world.hold(org, { stars: 10, ttl_seconds: 3_600 });
    const extended = async () => (await org.as(() => world.holds.extend(hold, 3_600))).expires_at;
    const begun = Date.parse('2026-03-10T12:00:00Z');
    for (let minutes = 50; minutes < 24 * 60; minutes += 50) {
      await world.clock(new Date(begun + minutes * 60_000).toISOString());
      await extended();
    }
    expect(await extended()).toBe('2026-03-11T12:00:00.000Z');
  });

  it.each(['released', 'expired'])(
    'settled after it was %s is a new debit of what is free, and the rest is owed: never lost (B08)',
    async (end) => {
      const org = await world.org();
      const [early, late] = [
        await world.hold(org, { stars: 100, ttl_seconds: 60 }),
        await world.hold(org, { stars: 100, ttl_seconds: 60 }),
      ];
      if (end === 'released') await Promise.all([early, late].map((hold) => world.release(org, hold)));
      else await world.clock('2026-03-10 12:05:00Z');
      expect(await world.settle(org, early, 100)).toMatchObject({ state: 'settled', from_package: 100, overdrawn: 0 });
      await world.hold(org, { stars: 370 });
      expect(await world.settle(org, late, 100)).toMatchObject({ state: 'settled', from_package: 30, overdrawn: 70 });
      expect(await world.settle(org, late, 100)).toMatchObject({ from_package: 30, overdrawn: 70 });
      expect(await world.wallet(org)).toMatchObject({ state: 'owing', package_balance: 370, held: 370, overdraft: 70 });
    },
  );

  it("cannot be had while somebody sits on the wallet's lock: an error in time, and nothing done (B25)", async () => {
    const [org, other] = [await world.org(), await world.org()];
    const sitter = await Attacker.connect(world.test, org);
    await sitter.plain('begin', `select tenancy.carry('${sitter.tag()}')`, 'select billing_stars.sweep_wallet()');
    const waiting = codeOf(world.reserve(org, { stars: 1 }));
    expect((await world.reserve(other, { stars: 1 })).outcome).toBe('reserved');
    expect(await waiting).toBe('service_unavailable');
    await sitter.plain('rollback');
    await sitter.close();
    expect((await world.reserve(org, { stars: 500 })).outcome).toBe('reserved');
  });

  it('of an estimate by another price-book version is refused', async () => {
    const org = await world.org();
    expect(await codeOf(world.reserve(org, { stars: 1, price_version: 2 }))).toBe('price_changed');
  });

  it('of another organization is one that does not exist (B17)', async () => {
    const [a, b] = [await world.org(), await world.org()];
    const hold = await world.hold(b, { stars: 100 });
    for (const id of [hold, newId()]) {
      expect(await codeOf(world.settle(a, id, 100))).toBe('not_found');
      expect(await codeOf(world.release(a, id))).toBe('not_found');
      expect(await codeOf(a.as(() => world.holds.extend(id, 60)))).toBe('not_found');
    }
    expect((await world.wallet(b)).held).toBe(100);
  });
});
