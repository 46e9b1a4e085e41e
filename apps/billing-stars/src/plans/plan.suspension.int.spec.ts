import { Attacker, type TestOrg } from '@apollo/testing';
import { codeOf, ORGS, StarsWorld } from '../spec/stars.world.spec.js';

describe('an organization on a plan whose month does not begin in its time', () => {
  let world: StarsWorld;
  beforeAll(async () => {
    world = await StarsWorld.start(4);
  });
  afterEach(async () => expect(await world.findings()).toEqual([]));
  afterAll(() => world.test.drop());

  /** An organization on a plan since the first day of March. */
  const onPlan = async (plan: string): Promise<TestOrg> => {
    await world.clock('2026-03-01 12:00:00Z');
    const org = await world.org();
    await world.confirm((await world.plan(org, plan)).open_payments[0]?.id ?? '', 'transfer');
    return org;
  };
  const sweep = (org: TestOrg): Promise<void> => org.as(() => world.walletRows.sweep());
  const planOf = (org: TestOrg) => org.as(() => world.plans.get());

  it('is not billed while it is suspended: a month that begins then is billed from the day it is resumed', async () => {
    const [org, other] = [await onPlan('starter'), await onPlan('starter')];
    const follow = (status: string) => org.as(() => world.wallets.stand({ status }), ORGS);
    await world.clock('2026-03-20 12:00:00Z');
    await follow('suspended');
    await world.clock('2026-04-01 00:00:00Z');
    for (const each of [org, other]) await sweep(each);
    expect(await planOf(org)).toMatchObject({ plan: 'starter', open_payments: [] });
    expect([(await world.wallet(org)).monthly_balance, (await world.wallet(other)).monthly_balance]).toEqual([
      0, 2_000,
    ]);
    expect(await codeOf(world.plan(org, 'team'))).toBe('org_suspended');
    expect(await codeOf(world.pack(org, 'pack-1000'))).toBe('org_suspended');
    // Sixteen days of thirty are left on the 15th.
    await world.clock('2026-04-15 12:00:00Z');
    for (let twice = 0; twice < 2; twice += 1) await follow('active');
    expect((await planOf(org)).open_payments).toMatchObject([{ kind: 'renewal', stars: 1_067, cents: 1_013 }]);
    expect((await world.wallet(org)).monthly_balance).toBe(1_067);
    await world.confirm((await planOf(org)).open_payments[0]?.id ?? '');
    await world.clock('2026-05-01 12:00:00Z');
    await sweep(org);
    expect((await planOf(org)).open_payments).toMatchObject([{ kind: 'renewal', stars: 2_000, cents: 1_900 }]);
  });

  it('is billed once for a month that had begun before it was suspended and resumed', async () => {
    const org = await onPlan('starter');
    await world.clock('2026-04-02 12:00:00Z');
    await sweep(org);
    for (const status of ['suspended', 'active']) await org.as(() => world.wallets.stand({ status }), ORGS);
    expect((await planOf(org)).open_payments).toMatchObject([{ kind: 'renewal', cents: 1_900 }]);
    expect((await world.wallet(org)).monthly_balance).toBe(2_000);
  });

  it('is billed once for a month, in whatever settings SQL of its own begins it (A81)', async () => {
    const org = await onPlan('starter');
    const attacker = await Attacker.connect(world.test, org);
    await world.clock('2026-04-02 12:00:00Z');
    const begun = await attacker.commit("set datestyle = 'German'", 'select billing_stars.sweep_wallet()');
    await attacker.close();
    expect(begun.code).toBeUndefined();
    for (const status of ['suspended', 'active']) await org.as(() => world.wallets.stand({ status }), ORGS);
    expect((await planOf(org)).open_payments).toMatchObject([{ kind: 'renewal', cents: 1_900 }]);
    expect((await world.wallet(org)).monthly_balance).toBe(2_000);
  });

  it('is not billed for a plan that it cancelled meanwhile', async () => {
    const org = await onPlan('starter');
    const follow = (status: string) => org.as(() => world.wallets.stand({ status }), ORGS);
    await follow('suspended');
    await world.plan(org, 'none');
    await world.clock('2026-04-15 12:00:00Z');
    await follow('active');
    expect(await planOf(org)).toMatchObject({ plan: 'none', open_payments: [] });
    expect((await world.wallet(org)).monthly_balance).toBe(0);
  });

  describe('for its money is all in dispute', () => {
    const STARTER_CENTS = 1_900;
    const now = async (org: TestOrg): Promise<unknown> => {
      const [{ plan, changes_to, open_payments }, { monthly_balance }] = [await planOf(org), await world.wallet(org)];
      return [plan, changes_to, monthly_balance, open_payments.map(({ cents }) => cents)];
    };
    /** In dispute since March, with so much of it, when April begins. */
    const disputed = async (
      amount: number,
    ): Promise<{ org: TestOrg; settle: (state: 'won' | 'lost', at: number) => unknown }> => {
      const org = await onPlan('starter');
      const [payment] = (await org.as(() => world.payments.list({}))).items;
      const tell = (state: 'open' | 'won' | 'lost', at: number) =>
        world.dispute(org, payment?.id ?? '', { amount, state }, new Date(at));
      await tell('open', 1);
      await world.clock('2026-04-01 12:00:00Z');
      await sweep(org);
      return { org, settle: tell };
    };

    it('is given nothing on trust, also in the month after, and the rest of a month once the dispute is won', async () => {
      const { org, settle } = await disputed(STARTER_CENTS);
      expect(await now(org)).toEqual(['starter', null, 0, []]);
      await world.clock('2026-05-01 12:00:00Z');
      await sweep(org);
      expect(await now(org)).toEqual(['starter', null, 0, []]);
      // Sixteen days of thirty-one are left on the 16th. What was disputed comes again with them.
      await world.clock('2026-05-16 12:00:00Z');
      for (let twice = 0; twice < 2; twice += 1) await settle('won', 2);
      expect(await now(org)).toEqual(['starter', null, 2_000 + 1_033, [980]]);
    });

    it('is given nothing more once it is lost, and the plan ends; an appeal that is won gives it back', async () => {
      const [{ org, settle }, other] = [await disputed(STARTER_CENTS), await disputed(STARTER_CENTS)];
      for (const each of [settle, other.settle]) await each('lost', 2);
      expect(await now(org)).toEqual(['starter', 'none', 0, []]);
      await settle('won', 3);
      expect(await now(org)).toEqual(['starter', null, 4_000, [STARTER_CENTS]]);
      await world.clock('2026-05-01 12:00:00Z');
      await sweep(other.org);
      expect(await now(other.org)).toEqual(['none', null, 0, []]);
    });

    it('is given the month where a part of it is not in dispute', async () => {
      const { org } = await disputed(STARTER_CENTS - 1);
      expect(await now(org)).toEqual(['starter', null, 2_000, [STARTER_CENTS]]);
    });
  });
});
