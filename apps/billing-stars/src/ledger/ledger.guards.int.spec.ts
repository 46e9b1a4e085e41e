import { newId } from '@apollo/tenancy';
import { Attacker, type TestOrg } from '@apollo/testing';
import { codeOf, StarsWorld } from '../spec/stars.world.spec.js';

const MONEY = [
  'wallets',
  'grants',
  'reversals',
  'caps',
  'cap_counters',
  'holds',
  'ledger_transactions',
  'ledger_entries',
  'price_versions',
  'prices',
  'payments',
  'payment_events',
  'charges',
  'claims',
];
const COLUMN: Record<string, string> = {
  wallets: 'package_balance = 9',
  grants: 'stars = 9',
  reversals: 'stars = 9',
  caps: 'stars = 9',
  cap_counters: 'spent = 0',
  holds: 'stars = 9',
  ledger_transactions: 'seq = 9',
  ledger_entries: 'debit = 9',
  price_versions: 'version = 9',
  prices: 'stars = 0',
  payments: 'cents = 1',
  payment_events: "what = 'paid'",
  charges: 'cents = 9',
  claims: "state = 'won'",
};

describe('the money against arbitrary SQL under the tag of its own organization', () => {
  let world: StarsWorld;
  let a: TestOrg;
  let b: TestOrg;
  let attacker: Attacker;
  beforeAll(async () => {
    world = await StarsWorld.start(4);
    [a, b] = [await world.org(), await world.org()];
    for (const org of [a, b]) {
      await world.reverse(org, { of: 'welcome', stars: 20 });
      await world.grant(org, { stars: 20 });
      await org.as(() => world.caps.set({ layer: 'org_month', stars: 400 }));
      await world.settle(org, await world.hold(org, { stars: 10 }), 5);
      await world.lose(org, (await world.pack(org, 'pack-1000')).id);
    }
    attacker = await Attacker.connect(world.test, a);
  });
  afterAll(async () => {
    await attacker.close();
    await world.test.drop();
  });

  it.each(MONEY)('%s is read, and neither changed, emptied nor added to (B15)', async (table) => {
    const { rows } = await attacker.attempt(`select * from billing_stars.${table}`);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((row) => row['org_id'] !== a.id)).toEqual([]);
    for (const sql of [
      `update billing_stars.${table} set ${COLUMN[table]}`,
      `delete from billing_stars.${table}`,
      `truncate billing_stars.${table}`,
      `insert into billing_stars.${table} select * from billing_stars.${table}`,
      `select * from billing_stars.${table} for update`,
    ]) {
      expect([sql, (await attacker.attempt(sql)).code]).toEqual([sql, '42501']);
    }
  });

  it.each([
    "billing_stars.post(null, null, array['package', 'granted'], array[9, -9])",
    'billing_stars.enter_wallet(null)',
    'billing_stars.repay(null, null)',
    "billing_stars.turn_period(null, now(), '2026-01-01')",
    "billing_stars.note_charge(null, null, 'stripe', 'pi_of_b')",
    'billing_stars.weigh_charges(null, null)',
    "billing_stars.follow_charges(null, null, 'e', 'stripe', null)",
    "billing_stars.move_paid_stars(null, null, -9, 'e', null)",
    'billing_stars.take_paid_plan(null, null)',
    'billing_stars.void_plan_orders(null)',
    'billing_stars.plan_went_back(null)',
    'billing_stars.plan_waits(null)',
    'billing_stars.resume_plan(null)',
    "billing_stars.stand(null, 'open')",
    'billing_stars.expire_due_holds(null, now())',
    "billing_stars.adopt_prices(null, 1, '2026-01-01')",
    'billing_stars.price_book()',
    'billing_stars.newest_prices()',
  ])("a step of the functions is nobody's to call: %s (B15)", async (step) => {
    expect((await attacker.attempt(`select ${step}`)).code).toBe('42501');
  });

  it("the clock is nobody's to set, and the lists of due wallets and of overpaid orders no organization's to read (B15, B17)", async () => {
    expect(
      (
        await attacker.attempt(
          "create or replace function billing_stars.clock() returns timestamptz language sql as 'select now()'",
        )
      ).code,
    ).toBe('42501');
    expect((await attacker.attempt('select * from billing_stars.find_due_wallets()')).code).toBe('42501');
    expect((await attacker.attempt('select * from billing_stars.wallet_watch')).code).toBe('42501');
    expect((await attacker.attempt('select * from billing_stars.find_overpayments()')).code).toBe('42501');
    expect((await attacker.attempt('select * from billing_stars.overpayments')).code).toBe('42501');
  });

  it("another organization's wallet cannot be named: every function acts for the tag's (B17)", async () => {
    const before = await world.wallet(b);
    const [hold] = await world.test.admin('select id from billing_stars.holds where org_id = $1 limit 1', [b.id]);
    expect(
      (await attacker.commit(`select billing_stars.settle('${String(hold?.['id'])}', 5, '${a.owner}') as answer`)).rows,
    ).toEqual([{ answer: { outcome: 'not_found' } }]);
    expect((await attacker.attempt(`select billing_stars.repay_overdraft('${a.owner}')`)).code).toBeUndefined();
    expect(await world.wallet(b)).toEqual(before);
  });

  it.each([
    '0',
    '-1',
    'null',
    '1000000001',
    '9223372036854775807',
    '9223372036854775808',
    '1.5',
    "'1.5'",
    "'NaN'",
    "'Infinity'",
    '1e3',
    "''",
  ])('an amount of %s is refused everywhere (B16)', async (amount) => {
    const id = newId();
    const before = await world.wallet(a);
    for (const sql of [
      `billing_stars.reserve('k-${id}', 'h', ${amount}, '${id}', null, '${id}', 1, 60, '${a.owner}')`,
      `billing_stars.settle('${id}', ${amount}, '${a.owner}')`,
      `billing_stars.raise_cap('org_month', null, null, ${amount}, now() + interval '1 day', '${a.owner}')`,
    ]) {
      expect([sql, (await attacker.commit(`select ${sql}`)).code]).toEqual([
        sql,
        expect.stringMatching(/^(22003|22P02|42883)$/),
      ]);
    }
    expect(await world.wallet(a)).toEqual(before);
  });

  it('an amount that is no whole number of Stars in range ends in an error from the service too (B16)', async () => {
    for (const stars of [0, -1, 1.5, NaN, Infinity, 1e30, 1_000_000_001])
      expect(await codeOf(world.reserve(a, { stars }))).not.toBe('ok');
  });

  it('Postgres itself refuses a wallet or a counter that is exceeded, whoever writes it', async () => {
    const own = (sql: string): Promise<unknown> => world.test.admin(sql, [a.id]);
    await expect(
      own('update billing_stars.wallets set package_held = package_balance + 1 where org_id = $1'),
    ).rejects.toMatchObject({ code: '23514' });
    await expect(own('update billing_stars.wallets set overdraft = 1 where org_id = $1')).rejects.toMatchObject({
      code: '23514',
    });
    await expect(
      own('update billing_stars.cap_counters set held = allowed + 1 where org_id = $1 and allowed is not null'),
    ).rejects.toMatchObject({ code: '23514' });
  });
});

describe('the checker', () => {
  let world: StarsWorld;
  let org: TestOrg;
  beforeAll(async () => {
    world = await StarsWorld.start(4);
    org = await world.org({ monthly: 100 });
    const person_id = newId();
    await world.settle(org, await world.hold(org, { stars: 10, person_id }), 5);
    await world.hold(org, { stars: 110, person_id });
    await world.lose(org, (await world.pack(org, 'pack-1000')).id);
  });
  afterAll(() => world.test.drop());

  it('finds nothing where nothing is wrong, from inside the organization and from outside (B19)', async () => {
    expect(await world.findings()).toEqual([]);
    const inside = await Attacker.connect(world.test, org);
    expect(await inside.attempt('select * from billing_stars.ledger_findings()')).toEqual({ rows: [], said: '[]' });
    await inside.close();
  });

  it.each([
    ['a balance', 'update billing_stars.wallets set package_balance = package_balance + 1', 'wallet package = ledger'],
    ['a deleted entry', "delete from billing_stars.ledger_entries where account = 'used'", 'debits = credits'],
    [
      'a changed entry',
      "update billing_stars.ledger_entries set credit = credit + 1 where account = 'granted' and credit > 0",
      'debits = credits',
    ],
    [
      'a whole transaction gone',
      "with e as (delete from billing_stars.ledger_entries e using billing_stars.ledger_transactions t where t.id = e.transaction_id and t.kind = 'charge') select 1; alter table billing_stars.ledger_entries drop constraint ledger_entries_transaction; delete from billing_stars.ledger_transactions where kind = 'charge'",
      'ledger without gaps',
    ],
    ['a held sum', 'update billing_stars.wallets set package_held = package_held - 1', 'held = open holds'],
    [
      'a hold ended by hand',
      "update billing_stars.holds set state = 'released', ended_at = now() where state = 'open'",
      'held = open holds',
    ],
    [
      'a counter',
      "update billing_stars.cap_counters set spent = spent - 1 where layer = 'user_agent_month' and spent > 0",
      'counters = ledger',
    ],
    ['a counter gone', "delete from billing_stars.cap_counters where layer = 'agent_day'", 'counters = holds'],
    [
      'a settlement',
      "update billing_stars.holds set settled = settled + 1 where state = 'settled'",
      'used = settled holds',
    ],
    ['a grant', 'update billing_stars.grants set stars = stars + 1', 'granted = grants - reversals'],
    ['what an order was paid', 'update billing_stars.payments set paid_cents = paid_cents + 1', 'order = its charges'],
    [
      'a month billed twice',
      "insert into billing_stars.payments (org_id, id, kind, item, stars, cents, currency, state, grant_source, period, ordered_by, ordered_at) select org_id, gen_random_uuid(), 'renewal', item, stars, cents, currency, 'open', n::text, period, ordered_by, ordered_at from (select * from billing_stars.payments limit 1) p, generate_series(1, 2) n",
      'one renewal a month',
    ],
    ['a charge', 'update billing_stars.charges set refunded = refunded + 1', 'order = its charges'],
    [
      'Stars taken back of an order',
      'update billing_stars.payments set refunded_stars = refunded_stars + 1',
      'Stars taken back = money that went back',
    ],
  ])("finds %s that was changed behind the functions' back (B19)", async (_name, sql, equation) => {
    const found = await world.seeded(sql);
    expect(found.map((finding) => finding['equation'])).toContain(equation);
    expect(await world.findings()).toEqual([]);
  });
});
