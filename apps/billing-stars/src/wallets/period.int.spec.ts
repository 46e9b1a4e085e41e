import { newId } from '@apollo/tenancy';
import type { TestOrg } from '@apollo/testing';
import { ORGS, StarsWorld } from '../spec/stars.world.spec.js';

describe('the turn of a month', () => {
  let world: StarsWorld;
  beforeAll(async () => {
    world = await StarsWorld.start();
  });
  afterEach(async () => expect(await world.findings()).toEqual([]));
  afterAll(() => world.test.drop());

  /** What the ledger says about a kind of transaction, oldest first: account → Stars, debits above zero. */
  const booked = async (org: TestOrg, kind: string): Promise<unknown[]> =>
    (
      await world.test.admin(
        `select jsonb_object_agg(e.account, e.debit - e.credit) as entries from billing_stars.ledger_transactions t
      join billing_stars.ledger_entries e on e.org_id = t.org_id and e.transaction_id = t.id where t.org_id = $1 and t.kind = $2 group by t.seq order by t.seq`,
        [org.id, kind],
      )
    ).map((row) => row['entries']);

  it('lets the monthly Stars expire once, at the very instant that everything else happens too (B11)', async () => {
    await world.clock('2026-03-31 23:59:59.999Z');
    const org = await world.org({ monthly: 100 });
    const holds = [
      await world.hold(org, { stars: 40 }),
      await world.hold(org, { stars: 30 }),
      await world.hold(org, { stars: 20 }),
    ];
    await world.clock('2026-04-01 00:00:00Z');
    const { findings } = await world.watched(() =>
      Promise.all([
        world.settle(org, holds[0] as string, 25),
        world.release(org, holds[1] as string),
        ...Array.from({ length: 30 }, () => world.reserve(org, { stars: 1 })),
        world.wallet(org),
        org.as(() => world.walletRows.sweep()),
      ]),
    );
    expect(findings).toEqual([]);
    expect(await booked(org, 'period_end')).toEqual([{ monthly: -100, carried: 90, expired: 10 }]);
    // Each hold belongs to the month it was made in: it is charged from that month's Stars, and the rest of them has
    // expired.
    expect(await booked(org, 'charge')).toEqual([{ carried: -40, used: 25, expired: 15 }]);
    expect(await booked(org, 'hold_lapsed')).toEqual([{ carried: -30, expired: 30 }]);
    expect(await world.wallet(org)).toMatchObject({
      period: '2026-04-01',
      monthly_balance: 0,
      carried: 20,
      package_balance: 500,
      held: 50,
    });
    const months = await world.test.admin(
      "select starts::text, spent, held from billing_stars.cap_counters where org_id = $1 and layer = 'org_month' order by 1",
      [org.id],
    );
    expect(months).toEqual([
      { starts: '2026-03-01', spent: '25', held: '20' },
      { starts: '2026-04-01', spent: '0', held: '30' },
    ]);
  });

  it('is not undone by a clock that goes back (B11)', async () => {
    await world.clock('2026-04-01 00:00:01Z');
    const org = await world.org({ monthly: 100 });
    await world.clock('2026-05-01 00:00:00Z');
    await world.hold(org, { stars: 1 });
    await world.clock('2026-04-30 23:00:00Z');
    await world.grant(org, { compartment: 'monthly', stars: 50 });
    await world.hold(org, { stars: 1 });
    await world.clock('2026-05-01 00:00:01Z');
    await world.hold(org, { stars: 1 });
    expect(await booked(org, 'period_end')).toEqual([{ monthly: -100, expired: 100 }]);
    expect(await world.wallet(org)).toMatchObject({
      period: '2026-05-01',
      monthly_balance: 50,
      package_balance: 500,
      held: 3,
    });
  });

  it('comes when it comes where the organization is (B11)', async () => {
    await world.clock('2026-03-31 10:59:59Z');
    const [auckland, honolulu] = [
      await world.org({ monthly: 100 }, 'Pacific/Auckland'),
      await world.org({ monthly: 100 }, 'Pacific/Honolulu'),
    ];
    await world.clock('2026-03-31 11:00:00Z');
    expect([(await world.wallet(auckland)).period, (await world.wallet(honolulu)).period]).toEqual([
      '2026-04-01',
      '2026-03-01',
    ]);
    expect([(await world.wallet(auckland)).monthly_balance, (await world.wallet(honolulu)).monthly_balance]).toEqual([
      0, 100,
    ]);
    for (const org of [auckland, honolulu]) await world.hold(org, { stars: 1 });
    expect([(await booked(auckland, 'period_end')).length, (await booked(honolulu, 'period_end')).length]).toEqual([
      1, 0,
    ]);
  });

  it('and of a day keep to the local clock when it is put forward and back (B11)', async () => {
    const spentOn = async (agent_id: string, org: TestOrg, instants: string[]): Promise<(string | null)[]> => {
      const refusals: (string | null)[] = [];
      for (const instant of instants) {
        await world.clock(instant);
        const { hold_id, refused_by } = await world.reserve(org, { stars: 600, agent_id });
        if (hold_id) await world.settle(org, hold_id, 600);
        refusals.push(refused_by);
      }
      return refusals;
    };
    await world.clock('2026-03-28 12:00:00Z');
    const org = await world.org({ package: 50_000 }, 'Europe/Berlin');
    // 29 March has 23 hours, 25 October 25.
    expect(
      await spentOn(newId(), org, [
        '2026-03-28 22:59:59Z',
        '2026-03-28 23:00:00Z',
        '2026-03-29 21:59:59Z',
        '2026-03-29 22:00:00Z',
      ]),
    ).toEqual([null, null, 'agent_day', null]);
    expect(
      await spentOn(newId(), org, ['2026-10-24 22:00:00Z', '2026-10-25 22:59:59Z', '2026-10-25 23:00:00Z']),
    ).toEqual([null, 'agent_day', null]);
  });

  it('is not repeated by moving to a zone where it is still the month before (B11)', async () => {
    await world.clock('2026-03-31 20:00:00Z');
    const org = await world.org({ monthly: 100 }, 'Pacific/Auckland');
    expect((await world.wallet(org)).period).toBe('2026-04-01');
    await org.as(() => world.walletRows.follow('Pacific/Honolulu'), ORGS);
    await world.hold(org, { stars: 1 });
    expect(await world.wallet(org)).toMatchObject({
      period: '2026-04-01',
      monthly_balance: 100,
      time_zone: 'Pacific/Honolulu',
    });
    await world.clock('2026-04-01 12:00:00Z');
    await world.hold(org, { stars: 1 });
    expect(await booked(org, 'period_end')).toEqual([]);
  });

  it('gives back expired holds before it ends the month, and lets months without any work pass at once', async () => {
    await world.clock('2026-01-10 00:00:00Z');
    const org = await world.org({ monthly: 100 });
    await world.hold(org, { stars: 60, ttl_seconds: 60 });
    await world.clock('2026-06-15 00:00:00Z');
    await world.hold(org, { stars: 500 });
    expect(await booked(org, 'period_end')).toEqual([{ monthly: -100, expired: 100 }]);
    expect(await world.wallet(org)).toMatchObject({ period: '2026-06-01', monthly_balance: 0, carried: 0, held: 500 });
  });

  it("charges a settlement after the hold expired in the month before to that month's caps, from today's Stars (B08, B11)", async () => {
    await world.clock('2026-03-31 23:59:00Z');
    const org = await world.org({ monthly: 100 });
    const hold = await world.hold(org, { stars: 60, ttl_seconds: 600 });
    await world.clock('2026-04-01 00:20:00Z');
    expect(await world.settle(org, hold, 60)).toMatchObject({ settled: 60, from_monthly: 0, from_package: 60 });
    const months = await world.test.admin(
      "select starts::text, spent, overrun from billing_stars.cap_counters where org_id = $1 and layer = 'org_month'",
      [org.id],
    );
    expect(months).toEqual([{ starts: '2026-03-01', spent: '60', overrun: '60' }]);
  });
});
