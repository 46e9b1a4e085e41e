import { TablePurger } from '@apollo/service-kit';
import { newId } from '@apollo/tenancy';
import { functionCall } from '@apollo/tenancy/postgres';
import { Attacker, rowsOf, testOrg, type TestOrg } from '@apollo/testing';
import { billingStarsPurge } from '../purge/purge.plan.js';
import { ORGS, StarsWorld } from '../spec/stars.world.spec.js';

const purgeHolds = functionCall<{ rows: number }, { most: number }>(
  'purge holds in a spec',
  'select billing_stars.purge_holds(:most) as rows',
);

/** In whose name rows are purged, once orgs has asked. */
const PURGE = { actor: 'system:purge', role: 'system' } as const;
/** What a caller names an action by. */
const CALLED = 'jane.doe@example.test';

describe('a wallet follows its organization', () => {
  let world: StarsWorld;
  beforeAll(async () => {
    world = await StarsWorld.start(4);
  });
  afterEach(async () => expect(await world.findings()).toEqual([]));
  afterAll(() => world.test.drop());

  it('and reserves nothing while it is suspended; what is under way ends by rule (M27)', async () => {
    const [org, other] = [await world.org(), await world.org()];
    const [first, second] = [await world.hold(org, { stars: 100 }), await world.hold(org, { stars: 100 })];
    for (let twice = 0; twice < 2; twice += 1) await org.as(() => world.wallets.stand({ status: 'suspended' }), ORGS);
    // What else changes about it changes nothing of that.
    await org.as(() => world.wallets.follow({ time_zone: 'Europe/Berlin' }), ORGS);
    expect(await world.reserve(org, { stars: 1 })).toMatchObject({
      outcome: 'refused',
      refused_by: 'wallet',
      reason: 'suspended',
      hold_id: null,
    });
    expect(await world.settle(org, first, 40)).toMatchObject({ settled: 40, overdrawn: 0 });
    await world.release(org, second);
    expect(await world.wallet(org)).toMatchObject({
      standing: 'suspended',
      package_balance: 460,
      held: 0,
      time_zone: 'Europe/Berlin',
    });
    expect((await world.reserve(other, { stars: 1 })).outcome).toBe('reserved');
    await org.as(() => world.wallets.stand({ status: 'active' }), ORGS);
    expect((await world.reserve(org, { stars: 1 })).outcome).toBe('reserved');
  });

  it('and reserves nothing any more once it is gone, whatever comes late (M27)', async () => {
    const org = await world.org();
    const hold = await world.hold(org, { stars: 100 });
    for (let twice = 0; twice < 2; twice += 1) await org.as(() => world.wallets.close(), ORGS);
    await org.as(() => world.wallets.stand({ status: 'active' }), ORGS);
    expect(await org.as(() => world.wallets.open('UTC'))).toBe(false);
    expect(await world.reserve(org, { stars: 1 })).toMatchObject({
      outcome: 'refused',
      refused_by: 'wallet',
      reason: 'closed',
    });
    expect(await world.settle(org, hold, 100)).toMatchObject({ settled: 100 });
    expect(await world.wallet(org)).toMatchObject({ standing: 'closed', package_balance: 400, held: 0 });
  });

  it('also to the end of one that has no wallet: nothing is done', async () => {
    const org = testOrg();
    await org.as(() => world.wallets.close(), ORGS);
    await org.as(() => world.wallets.follow({ time_zone: 'UTC' }), ORGS);
    expect(await world.test.admin('select 1 from billing_stars.wallets where org_id = $1', [org.id])).toEqual([]);
  });

  it('also where it is heard of the suspension before it is of the beginning (M26, M27)', async () => {
    const org = testOrg();
    await org.as(() => world.wallets.stand({ status: 'suspended' }), ORGS);
    expect(await org.as(() => world.wallets.open('Europe/Berlin'), ORGS)).toBe(false);
    await org.as(() => world.wallets.follow({ time_zone: 'Europe/Berlin' }), ORGS);
    expect(await world.wallet(org)).toMatchObject({ standing: 'suspended', time_zone: 'Europe/Berlin' });
    expect(await world.reserve(org, { stars: 1 })).toMatchObject({ outcome: 'refused', reason: 'suspended' });
    await org.as(() => world.wallets.stand({ status: 'active' }), ORGS);
    expect((await world.reserve(org, { stars: 1 })).outcome).toBe('reserved');
  });

  describe('until its data is purged, which', () => {
    const rows = (org: TestOrg): Promise<Record<string, number>> => rowsOf(world.test, 'billing_stars', org.id);
    const purge = (org: TestOrg) =>
      org.as(() => new TablePurger(world.test.database, 'billing_stars', billingStarsPurge).step(), ORGS);
    const purgeSome = async (org: TestOrg, most: number): Promise<number | undefined> =>
      (await org.as(() => world.test.database.query(purgeHolds, { most }), PURGE))[0]?.rows;
    const textOf = async (org: TestOrg): Promise<string> => {
      const tables = Object.keys(await rows(org));
      const select = (table: string) => `select * from billing_stars.${table} where org_id = $1`;
      return JSON.stringify(await Promise.all(tables.map((table) => world.test.admin(select(table), [org.id]))));
    };
    /** An organization with a pack that was ordered, a cap, and holds of people in every state but open. */
    async function used(person: string): Promise<TestOrg> {
      const org = testOrg();
      await org.as(() => world.wallets.open('UTC'), ORGS);
      const agent_id = newId();
      await world.confirm((await world.pack(org, 'pack-1000')).id);
      await org.as(() => world.caps.set({ layer: 'user_agent_month', agent_id, person_id: person, stars: 900 }));
      await world.settle(org, await world.hold(org, { stars: 1 }), 1);
      for (const stars of [10, 20, 700]) {
        const hold = await world.hold(org, { key: `${stars} for ${CALLED}`, stars, agent_id, person_id: person });
        await (stars === 20 ? world.release(org, hold) : world.settle(org, hold, stars === 700 ? 705 : stars));
      }
      return org;
    }

    it('keeps the money, names nobody in it, and adds up after each step', async () => {
      const person = newId();
      const [org, other] = [await used(person), await used(person)];
      await org.as(() => world.wallets.close(), ORGS);
      const [before, others, wallet] = [await rows(org), await textOf(other), await world.wallet(org)];
      expect(before).toMatchObject({ caps: 1, warnings: expect.any(Number), audit_entries: expect.any(Number) });
      for (let left = 4; left > 0; left -= 1) {
        expect(await purgeSome(org, 1)).toBe(1);
        expect(await world.findings()).toEqual([]);
      }
      expect(await purgeSome(org, 1)).toBe(0);
      const [{ complete }, receipt] = [await purge(org), await purge(org)];
      expect([complete, receipt.complete]).toEqual([false, true]);
      const gone = Object.fromEntries(
        receipt.tables.map(({ table, outcome, rows: count }) => [table, [outcome, count]]),
      );
      expect(gone).toMatchObject({
        holds: ['anonymized', 4],
        payments: ['anonymized', 1],
        caps: ['deleted', 1],
        audit_entries: ['deleted', before['audit_entries']],
      });
      const { cap_counters, purge_receipts, ...after } = await rows(org);
      const kept = Object.entries(before).filter(
        ([table]) => table in billingStarsPurge.kept && table !== 'cap_counters',
      );
      expect(after).toEqual(Object.fromEntries(kept));
      expect([cap_counters, purge_receipts]).toEqual([Number(before['cap_counters']) - 1, receipt.tables.length]);
      const text = await textOf(org);
      expect([person, org.owner, CALLED].filter((named) => text.includes(named))).toEqual([]);
      const { warnings: _gone, ...money } = wallet;
      expect(await world.wallet(org)).toMatchObject({ ...money, warnings: [] });
      expect(await textOf(other)).toBe(others);
    });

    it('waits until the deletion was heard of', async () => {
      const org = await used(newId());
      const before = await textOf(org);
      await expect(purge(org)).rejects.toMatchObject({ code: '55000' });
      expect(await textOf(org)).toBe(before);
      await org.as(() => world.wallets.close(), ORGS);
      await purge(org);
      expect(await rows(org)).not.toHaveProperty('audit_entries');
    });

    it('is of orgs alone, and of the people of an organization in no way', async () => {
      const org = await used(newId());
      await org.as(() => world.wallets.close(), ORGS);
      const before = await textOf(org);
      const attacker = await Attacker.connect(world.test, org);
      const { anonymized = [], deleted } = billingStarsPurge;
      for (const table of [...anonymized, ...deleted])
        expect((await attacker.commit(`select billing_stars.purge_${table}(10)`)).code).toBe('42501');
      await attacker.close();
      expect(await textOf(org)).toBe(before);
    });
  });
});
