import { newId } from '@apollo/tenancy';
import { asPlatform, type TestOrg } from '@apollo/testing';
import { codeOf, ORGS, StarsWorld } from '../spec/stars.world.spec.js';

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
    await world.confirm(open_payments[0]?.id ?? '');
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

  it('ordered twice is ordered as wished last; whatever is paid is given', async () => {
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

  it('whose money has all gone back ends with its period', async () => {
    const org = await onPlan('starter');
    const { id } = (await org.as(() => world.payments.list({}))).items[0] as { id: string };
    const refund = (cents: number) =>
      asPlatform(
        () => world.test.database.transaction(() => world.settlements.refund({ id, cents, reference: newId() })),
        newId(),
      );
    await refund(1_000);
    expect(await planOf(org)).toMatchObject({ plan: 'starter', changes_to: null });
    await refund(1_900);
    expect(await planOf(org)).toMatchObject({ plan: 'starter', changes_to: 'none' });
    await world.clock('2026-04-01 12:00:00Z');
    await sweep(org);
    expect(await planOf(org)).toMatchObject({ plan: 'none', open_payments: [] });
  });
});
