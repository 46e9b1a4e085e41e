import { newId } from '@apollo/tenancy';
import { asPlatform, type TestOrg } from '@apollo/testing';
import { codeOf, ORGS, StarsWorld } from '../spec/stars.world.spec.js';
import { PLANS } from './offer.table.js';
import type { PreparedChange } from './plan.service.js';

describe('a plan', () => {
  let world: StarsWorld;
  beforeAll(async () => {
    world = await StarsWorld.start();
  });
  afterEach(async () => expect(await world.findings()).toEqual([]));
  afterAll(() => world.test.drop());

  /** An organization on a plan since the first day of March. */
  const onPlan = async (plan: string, timeZone = 'UTC'): Promise<TestOrg> => {
    await world.clock('2026-03-01 12:00:00Z');
    const org = await world.org({}, timeZone);
    const { open_payments } = await world.plan(org, plan);
    await world.confirm(open_payments[0]?.id ?? '', 'transfer');
    return org;
  };
  const sweep = (org: TestOrg): Promise<void> => org.as(() => world.walletRows.sweep());
  const planOf = (org: TestOrg) => org.as(() => world.plans.get());

  it('comes when it is paid, for the days that are left of the month, where the organization is', async () => {
    // The 16th in Auckland: sixteen days of thirty-one are left.
    await world.clock('2026-03-15 11:00:00Z');
    const org = await world.org({}, 'Pacific/Auckland');
    const ordered = await world.plan(org, 'starter');
    expect(ordered).toMatchObject({
      plan: 'none',
      next_period: '2026-04-01',
      changes_to: null,
      open_payments: [
        {
          kind: 'plan',
          item: 'starter',
          stars: 1_033,
          cents: 980,
          currency: 'EUR',
          state: 'open',
          provider: 'manual',
          checkout_url: null,
        },
      ],
    });
    expect((await world.wallet(org)).monthly_balance).toBe(0);
    await world.confirm(ordered.open_payments[0]?.id ?? '');
    expect(await world.wallet(org)).toMatchObject({ monthly_balance: 1_033, package_balance: 500 });
    expect(await planOf(org)).toMatchObject({ plan: 'starter', stars: 2_000, cents: 1_900, open_payments: [] });
  });

  it('is paid and granted once, however often and by however many operators it is confirmed (B12)', async () => {
    const org = await world.org();
    const {
      open_payments: [payment],
    } = await world.plan(org, 'team');
    const confirmed = Array.from({ length: 12 }, (_, n) =>
      codeOf(world.confirm(payment?.id ?? '', n % 2 ? 'transfer-1' : `transfer-${n}`)),
    );
    expect(new Set(await Promise.all(confirmed))).toEqual(new Set(['ok', 'state_conflict']));
    expect((await world.wallet(org)).monthly_balance).toBe(payment?.stars);
    expect(
      await world.test.admin(
        "select 1 from billing_stars.audit_entries where org_id = $1 and action = 'payment.received'",
        [org.id],
      ),
    ).toHaveLength(1);
  });

  it('brings the month its Stars when it begins, once, whoever comes first, and bills it (B11, B12)', async () => {
    const org = await onPlan('starter');
    await world.settle(org, await world.hold(org, { stars: 1_000, agent_id: newId() }), 1_000);
    await world.clock('2026-04-01 00:00:00Z');
    await Promise.all([
      ...Array.from({ length: 20 }, () => world.reserve(org, { stars: 1 })),
      sweep(org),
      sweep(org),
      world.wallet(org),
    ]);
    expect(await world.wallet(org)).toMatchObject({
      period: '2026-04-01',
      monthly_balance: 2_000,
      package_balance: 500,
      held: 20,
    });
    expect(await planOf(org)).toMatchObject({
      plan: 'starter',
      open_payments: [{ kind: 'renewal', stars: 2_000, cents: 1_900, state: 'open' }],
    });
    expect(
      await world.test.admin(
        'select entity_id from billing_stars.outbox where org_id = $1 and body like \'%"wallet"%\'',
        [org.id],
      ),
    ).toHaveLength(0);
  });

  it('brings its Stars though nobody asks, also when the month before were all used', async () => {
    const org = await onPlan('starter', 'Europe/Berlin');
    await world.settle(org, await world.hold(org, { stars: 1_000, agent_id: newId() }), 1_000);
    await world.settle(org, await world.hold(org, { stars: 1_000, agent_id: newId() }), 1_000);
    // Summer time has begun meanwhile: midnight in Berlin is two hours before.
    await world.clock('2026-03-31 22:00:00Z');
    expect(await asPlatform(() => world.walletRows.findDue())).toContain(org.id);
    await sweep(org);
    expect(await world.wallet(org)).toMatchObject({ period: '2026-04-01', monthly_balance: 2_000 });
  });

  it('upgraded brings the difference at once, and the new month as a whole', async () => {
    const org = await onPlan('starter');
    await world.clock('2026-03-16 12:00:00Z');
    const {
      open_payments: [payment],
    } = await world.plan(org, 'team');
    expect(payment).toMatchObject({ item: 'team', stars: 4_130, cents: 3_096 });
    expect((await world.wallet(org)).monthly_balance).toBe(2_000);
    await world.confirm(payment?.id ?? '');
    expect(await world.wallet(org)).toMatchObject({ monthly_balance: 6_130 });
    await world.clock('2026-04-02 12:00:00Z');
    await sweep(org);
    expect(await world.wallet(org)).toMatchObject({ monthly_balance: 10_000 });
    expect((await planOf(org)).open_payments).toMatchObject([{ kind: 'renewal', item: 'team', cents: 7_900 }]);
  });

  it('downgraded or cancelled stays until its period ends, and a change of mind takes it back', async () => {
    const org = await onPlan('team');
    expect(await world.plan(org, 'starter')).toMatchObject({ plan: 'team', changes_to: 'starter', open_payments: [] });
    expect(await world.plan(org, 'none')).toMatchObject({ plan: 'team', changes_to: 'none' });
    expect(await world.plan(org, 'team')).toMatchObject({ plan: 'team', changes_to: null });
    await world.plan(org, 'starter');
    expect((await world.wallet(org)).monthly_balance).toBe(10_000);
    await world.clock('2026-04-01 12:00:00Z');
    await sweep(org);
    expect(await planOf(org)).toMatchObject({
      plan: 'starter',
      changes_to: null,
      open_payments: [{ kind: 'renewal', item: 'starter', cents: 1_900 }],
    });
    expect((await world.wallet(org)).monthly_balance).toBe(2_000);
    await world.plan(org, 'none');
    await world.clock('2026-05-01 12:00:00Z');
    await sweep(org);
    expect(await planOf(org)).toMatchObject({ plan: 'none', stars: 0, changes_to: null });
    expect((await world.wallet(org)).monthly_balance).toBe(0);
  });

  it('whose month nobody paid for by the next one ends, and goes on when it was paid', async () => {
    const [paying, other] = [await onPlan('starter'), await onPlan('starter')];
    await world.clock('2026-04-01 12:00:00Z');
    for (const org of [paying, other]) await sweep(org);
    await world.confirm((await planOf(paying)).open_payments[0]?.id ?? '');
    expect((await world.wallet(paying)).monthly_balance).toBe(2_000);
    await world.clock('2026-05-01 12:00:00Z');
    for (const org of [paying, other]) await sweep(org);
    expect(await planOf(paying)).toMatchObject({ plan: 'starter' });
    expect(await planOf(other)).toMatchObject({ plan: 'none', open_payments: [{ kind: 'renewal' }] });
    expect([(await world.wallet(paying)).monthly_balance, (await world.wallet(other)).monthly_balance]).toEqual([
      2_000, 0,
    ]);
  });

  it('ordered twice is ordered as wished last; whatever is paid is given, and takes no larger plan away', async () => {
    await world.clock('2026-03-01 12:00:00Z');
    const org = await world.org();
    const first = (await world.plan(org, 'starter')).open_payments[0];
    const second = (await world.plan(org, 'team')).open_payments;
    expect(second).toMatchObject([{ item: 'team', state: 'open' }]);
    expect((await org.as(() => world.payments.list({}))).items.map(({ item, state }) => [item, state])).toEqual([
      ['team', 'open'],
      ['starter', 'void'],
    ]);
    await world.confirm(second[0]?.id ?? '');
    await world.confirm(first?.id ?? '');
    expect((await world.wallet(org)).monthly_balance).toBe(12_000);
    expect(await planOf(org)).toMatchObject({ plan: 'team', changes_to: null });
  });

  it('is not ordered at the price of a plan or month that was over by then', async () => {
    const org = await onPlan('starter');
    const prepared = await org.as(() => world.plans.prepare('team'));
    await world.clock('2026-04-01 12:00:00Z');
    expect(
      await codeOf(org.as(() => world.test.database.transaction(() => world.plans.change('team', prepared)))),
    ).toBe('state_conflict');
    const again = await org.as(() => world.plans.prepare('team'));
    await world.confirm((await world.plan(org, 'scale')).open_payments.find(({ kind }) => kind === 'plan')?.id ?? '');
    expect(await codeOf(org.as(() => world.test.database.transaction(() => world.plans.change('team', again))))).toBe(
      'state_conflict',
    );
  });

  it('brings nothing any more to an organization that is gone', async () => {
    const org = await onPlan('starter');
    await org.as(() => world.wallets.close(), ORGS);
    await world.clock('2026-04-01 12:00:00Z');
    await sweep(org);
    expect(await world.wallet(org)).toMatchObject({ standing: 'closed', monthly_balance: 0 });
    expect(await planOf(org)).toMatchObject({ plan: 'none', open_payments: [] });
  });

  describe('whose money has all gone back', () => {
    const refund = (id: string, cents: number) =>
      asPlatform(
        () => world.test.database.transaction(() => world.settlements.refund({ id, cents, reference: newId() })),
        newId(),
      );
    const paidFor = async (org: TestOrg) =>
      (await org.as(() => world.payments.list({}))).items.find(({ state }) => state === 'paid') as { id: string };
    /** On a plan since the first of March, whose payment goes back after what is done in between. */
    const refunded = async (plan: keyof typeof PLANS, between: (org: TestOrg) => unknown = () => undefined) => {
      const org = await onPlan(plan);
      const { id } = await paidFor(org);
      await between(org);
      await refund(id, PLANS[plan].cents);
      return org;
    };
    const nextMonth = async (org: TestOrg): Promise<unknown> => {
      await world.clock('2026-04-01 12:00:00Z');
      await sweep(org);
      const [{ plan, open_payments }, { monthly_balance }] = [await planOf(org), await world.wallet(org)];
      return [plan, monthly_balance, open_payments.map(({ item }) => item)];
    };
    const ended = ['none', 0, []];

    it('ends with its period, not where a part of it went back', async () => {
      const org = await onPlan('starter');
      const { id } = await paidFor(org);
      await refund(id, 1_000);
      expect(await planOf(org)).toMatchObject({ plan: 'starter', changes_to: null });
      await refund(id, 1_900);
      expect(await planOf(org)).toMatchObject({ plan: 'starter', changes_to: 'none' });
      expect(await nextMonth(org)).toEqual(ended);
    });

    it.each([
      ['kept', 'scale', ['scale', 29_900]],
      ['changed for a smaller one', 'starter', ['starter', 1_900]],
    ])('is not %s: that is an order from nothing', async (_way, wish, [item, cents]) => {
      const org = await refunded('scale');
      expect(await world.plan(org, wish)).toMatchObject({ changes_to: 'none', open_payments: [{ item, cents }] });
      expect((await world.wallet(org)).monthly_balance).toBe(0);
      await world.plan(org, 'none');
      expect(await nextMonth(org)).toEqual(ended);
    });

    it('is not kept by who had cancelled it before and takes that back', async () => {
      const org = await refunded('scale', (each) => world.plan(each, 'none'));
      expect(await world.plan(org, 'scale')).toMatchObject({ changes_to: 'none', open_payments: [{ cents: 29_900 }] });
      await world.plan(org, 'none');
      expect(await nextMonth(org)).toEqual(ended);
    });

    it('ends whatever had been wished for the next period', async () => {
      expect(await nextMonth(await refunded('scale', (org) => world.plan(org, 'starter')))).toEqual(ended);
    });

    it.each(['scale', 'team', 'starter', 'none'])(
      'is no plan to go on from by a wish from before: %s',
      async (wish) => {
        let prepared: PreparedChange | undefined;
        const org = await refunded('team', async (each) => {
          prepared = await each.as(() => world.plans.prepare(wish));
        });
        const change = () => world.plans.change(wish, prepared as PreparedChange);
        const code = await codeOf(org.as(() => world.test.database.transaction(change)));
        expect(code).toBe(wish === 'none' ? 'ok' : 'state_conflict');
        expect(await nextMonth(org)).toEqual(ended);
      },
    );

    it('counts for nothing in the price of a larger one, nor in that of one ordered before', async () => {
      const org = await refunded('team', (each) => world.plan(each, 'scale'));
      expect((await planOf(org)).open_payments).toEqual([]);
      expect((await world.plan(org, 'scale')).open_payments).toMatchObject([{ stars: 50_000, cents: 29_900 }]);
    });

    it('is ordered anew, and goes on once that is paid', async () => {
      const org = await refunded('starter');
      await world.confirm((await world.plan(org, 'starter')).open_payments[0]?.id ?? '');
      expect(await planOf(org)).toMatchObject({ plan: 'starter', changes_to: null, open_payments: [] });
      expect((await world.wallet(org)).monthly_balance).toBe(2_000);
      expect(await nextMonth(org)).toEqual(['starter', 2_000, ['starter']]);
    });

    it('goes on when a dispute that was lost is won after all, with what its organization wished', async () => {
      for (const wish of ['starter', 'none', 'team']) {
        const org = await onPlan('team');
        const { id } = await paidFor(org);
        await world.plan(org, wish);
        await world.dispute(org, id, { amount: 7_900, state: 'lost' }, new Date(1));
        expect(await planOf(org)).toMatchObject({ plan: 'team', changes_to: 'none' });
        await world.dispute(org, id, { amount: 7_900, state: 'won' }, new Date(2));
        expect(await planOf(org)).toMatchObject({ plan: 'team', changes_to: wish === 'team' ? null : wish });
        expect((await world.wallet(org)).monthly_balance).toBe(10_000);
      }
    });

    it('in the month before ends with a month nobody paid for; one that is paid stands by itself', async () => {
      for (const isPaid of [false, true]) {
        const org = await onPlan('starter');
        const { id } = await paidFor(org);
        await nextMonth(org);
        const { open_payments } = await planOf(org);
        await refund(id, 1_900);
        expect(await planOf(org)).toMatchObject({ plan: 'starter', changes_to: 'none' });
        if (isPaid) await world.confirm(open_payments[0]?.id ?? '');
        expect(await planOf(org)).toMatchObject({ plan: 'starter', changes_to: isPaid ? null : 'none' });
        if (isPaid) await refund(open_payments[0]?.id ?? '', 1_900);
        expect(await planOf(org)).toMatchObject({ plan: 'starter', changes_to: 'none' });
      }
    });
  });
});
