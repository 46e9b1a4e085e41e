import { LedgerChecker } from '@apollo/operate';
import { newId } from '@apollo/tenancy';
import { Attacker, type TestOrg } from '@apollo/testing';
import { StarsWorld } from '../spec/stars.world.spec.js';

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
  'warnings',
  'subscriptions',
  'payments',
  'payment_events',
  'charges',
  'claims',
];
const OTHERS = [
  'audit_entries',
  'audit_heads',
  'outbox',
  'inbox',
  'dead_letters',
  'blocked_entities',
  'event_positions',
  'org_commands',
  'person_commands',
  'platform_commands',
  'wallet_watch',
  'payment_references',
  'overpayments',
  'schema_migrations',
];

describe('the role of the continuous checker', () => {
  let world: StarsWorld;
  let checker: LedgerChecker;
  let sql: Attacker;
  let orgs: TestOrg[];
  beforeAll(async () => {
    world = await StarsWorld.start(8);
    checker = new LedgerChecker(world.test.checkerUrl);
    orgs = [await world.org({ monthly: 100 }), await world.org({ monthly: 100 })];
    for (const org of orgs) await world.settle(org, await world.hold(org, { stars: 10 }), 5);
    sql = await Attacker.connect({ ...world.test, appUrl: world.test.checkerUrl }, orgs[0] as TestOrg);
  });
  afterAll(async () => {
    await sql.close();
    await world.test.drop();
  });

  it('sees the money of every organization at one instant, and that it adds up, while everything goes on (B19)', async () => {
    const over = { done: false };
    const load = Promise.all(
      orgs.map(async (org) => {
        for (let n = 0; n < 40; n += 1)
          await Promise.all([
            world.hold(org, { stars: 1 }).then((hold) => world.settle(org, hold, 1)),
            world.grant(org, { stars: 2 }),
          ]);
      }),
    ).finally(() => {
      over.done = true;
    });
    let last = await checker.look();
    while (!over.done) {
      last = await checker.look();
      expect(last.findings).toEqual([]);
    }
    await load;
    expect(await checker.look()).toMatchObject({ wallets: 2, holds: 82, findings: [] });
  });

  it('is told of what does not add up, in which organization', async () => {
    const [org] = orgs as [TestOrg];
    const change = (by: number): Promise<unknown> =>
      world.test.admin(`update billing_stars.wallets set package_balance = package_balance + ${by} where org_id = $1`, [
        org.id,
      ]);
    await change(1);
    const { findings } = await checker.look();
    await change(-1);
    expect(findings).toMatchObject([{ equation: 'wallet package = ledger', org_id: org.id }]);
    expect((await checker.look()).findings).toEqual([]);
  });

  it.each(MONEY)('reads %s and writes none of it, read-only or not (B15)', async (table) => {
    expect((await sql.plain(`select count(*) from billing_stars.${table}`)).code).toBeUndefined();
    for (const text of [
      `delete from billing_stars.${table}`,
      `update billing_stars.${table} set org_id = org_id`,
      `truncate billing_stars.${table}`,
      `insert into billing_stars.${table} select * from billing_stars.${table}`,
      `select * from billing_stars.${table} for update`,
    ]) {
      expect([text, (await sql.plain(text)).code]).toEqual([text, expect.stringMatching(/^(25006|42501)$/)]);
      expect([text, (await sql.plain('begin read write', text)).code]).toEqual([text, '42501']);
      await sql.plain('rollback');
    }
  });

  it.each(OTHERS)('reads nothing of %s', async (table) => {
    expect((await sql.plain(`select * from billing_stars.${table}`)).code).toBe('42501');
  });

  it('calls none of the functions that change or look up anything, and becomes nobody else', async () => {
    const functions = await world.test.admin(
      "select p.oid::regprocedure::text as name from pg_proc p where p.pronamespace = 'billing_stars'::regnamespace and has_function_privilege('billing_stars_checker', p.oid, 'EXECUTE')",
    );
    expect(functions.map((row) => row['name'])).toEqual(['billing_stars.ledger_findings()']);
    for (const role of [
      'billing_stars_owner',
      'billing_stars_app',
      'billing_stars_relay',
      'billing_stars_migrate',
      'tenancy_owner',
    ])
      expect((await sql.plain(`set role ${role}`)).code).toBe('42501');
    for (const text of [
      'create table x (a int)',
      'create temp table x (a int)',
      "create function billing_stars.f() returns int language sql as 'select 1'",
    ]) {
      expect((await sql.plain('begin read write', text)).code).toBe('42501');
      await sql.plain('rollback');
    }
  });

  it('works at one instant even when it is not asked to', async () => {
    expect((await sql.plain('show default_transaction_isolation')).rows).toEqual([
      { default_transaction_isolation: 'repeatable read' },
    ]);
    expect((await sql.plain('show default_transaction_read_only')).rows).toEqual([
      { default_transaction_read_only: 'on' },
    ]);
  });
});

describe('the vault', () => {
  let world: StarsWorld;
  let attacker: Attacker;
  let a: TestOrg;
  let b: TestOrg;
  beforeAll(async () => {
    world = await StarsWorld.start(2);
    [a, b] = [await world.org(), await world.org()];
    attacker = await Attacker.connect(world.test, a);
  });
  afterAll(async () => {
    await attacker.close();
    await world.test.drop();
  });

  it('is entered by every function that runs as its owner, before anything else', async () => {
    const functions = await world.test.admin(
      `select p.proname as name, p.prosrc as body from pg_proc p where p.pronamespace = 'billing_stars'::regnamespace and p.prosecdef`,
    );
    const entering = functions.filter(({ body }) =>
      /^\ndeclare\n {2}org uuid := tenancy\.enter(?:_as_platform\(for_org\)|\(\));\nbegin\n/.test(String(body)),
    );
    expect(entering.length).toBeGreaterThan(12);
    const others = functions.filter((each) => !entering.includes(each));
    // What does not enter touches no table of the vault and calls no step that touches anything.
    const steps = (
      await world.test.admin(
        "select p.proname as name from pg_proc p where p.pronamespace = 'billing_stars'::regnamespace and not p.prosecdef and p.prosrc ~ 'billing_stars\\.'",
      )
    ).map(({ name }) => String(name));
    for (const { name, body } of others) {
      const touched = [...String(body).matchAll(/billing_stars\.(\w+)/g)].map(([, object]) => String(object));
      expect([name, touched.filter((object) => MONEY.includes(object) || steps.includes(object))]).toEqual([name, []]);
    }
  });

  it('heeds no note of an entered organization but that of its own functions (A17, B17)', async () => {
    const before = await world.wallet(b);
    const forged = `select set_config('tenancy.entered', '${b.id}', true)`;
    expect((await attacker.attempt(forged, 'select org_id from billing_stars.wallets')).rows).toEqual([
      { org_id: a.id },
    ]);
    expect(
      (
        await attacker.attempt(
          `select w.org_id from billing_stars.wallets w, set_config('tenancy.entered', '${b.id}', true)`,
        )
      ).rows,
    ).toEqual([{ org_id: a.id }]);
    const agent = newId();
    const reserve = (key: string): string =>
      `select set_config('tenancy.entered', '${b.id}', true), billing_stars.reserve('${key}', 'h', 5, '${agent}', null, '${agent}', 1, 60, '${a.owner}') as answer`;
    expect((await attacker.commit(reserve('forged-1'), forged, reserve('forged-2'))).rows).toMatchObject([
      { answer: { outcome: 'reserved' } },
    ]);
    expect(await world.wallet(b)).toEqual(before);
    expect((await world.wallet(a)).held).toBe(10);
  });

  it('is closed to a session without a genuine tag, whatever it notes', async () => {
    const noted = `select set_config('tenancy.entered', '${b.id}', false)`;
    for (const text of [
      'select * from billing_stars.wallets',
      'select billing_stars.sweep_wallet()',
      'select tenancy.enter()',
    ])
      expect((await attacker.plain(noted, text)).code).toBe('42501');
  });
});
