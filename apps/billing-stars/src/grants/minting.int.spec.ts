import { newId } from '@apollo/tenancy';
import { TagSigner } from '@apollo/tenancy/postgres';
import { Attacker, testOrg, type TestOrg } from '@apollo/testing';
import { ORGS, StarsWorld } from '../spec/stars.world.spec.js';

/** Every function the runtime role may call, by whose tag it asks for. */
const CALLED_BY = {
  platform: [
    'claim',
    'find_due_wallets',
    'find_overpayments',
    'find_payment',
    'grant_stars',
    'offer_checkout',
    'open_wallet',
    'pay',
    'refund',
    'reverse_grant',
    'blocked_entities',
    'delete_platform_commands',
    'unknown_zones',
  ],
  orgs: [
    'bury_event',
    'dead_letter_event',
    'follow_org',
    'purge_audit_entries',
    'purge_audit_heads',
    'purge_blocked_entities',
    'purge_caps',
    'purge_dead_letters',
    'purge_holds',
    'purge_inbox',
    'purge_ledger_transactions',
    'purge_org_commands',
    'purge_outbox',
    'purge_payments',
    'purge_warnings',
    'set_standing',
    'take_turn',
  ],
  itself: ['ask_for_replay', 'clear_dead_letters', 'dig_up_events', 'forget_blocked', 'pass_over_event', 'skip_event'],
  organization: [
    'append_audit',
    'delete_org_commands',
    'events_of_entity',
    'events_since',
    'extend',
    'newest_event',
    'order_payment',
    'place_order',
    'raise_cap',
    'release',
    'release_many',
    'repay_overdraft',
    'reserve',
    'reserve_many',
    'schedule_plan',
    'set_cap',
    'settle',
    'settle_many',
    'sweep_wallet',
    'write_event',
  ],
  person: ['delete_person_commands'],
  nobody: ['cap_layers', 'cap_subject', 'cap_subjects', 'clock', 'layers_of', 'ledger_findings'],
};

describe('Stars under arbitrary SQL with the tag of their own organization', () => {
  let world: StarsWorld;
  let a: TestOrg;
  let b: TestOrg;
  let attacker: Attacker;
  let ordered: string;
  beforeAll(async () => {
    world = await StarsWorld.start(4);
    [a, b] = [await world.org(), await world.org()];
    const starter = (await world.plan(a, 'starter')).open_payments[0]?.id ?? '';
    await world.confirm(starter);
    ordered = (await world.pack(a, 'pack-1000')).id;
    attacker = await Attacker.connect(world.test, a);
  });
  afterEach(async () => expect(await world.findings()).toEqual([]));
  afterAll(async () => {
    await attacker.close();
    await world.test.drop();
  });

  it('can be reached by these functions and no others (B28)', async () => {
    const callable = await world.test.admin(
      "select p.proname as name from pg_proc p where p.pronamespace = 'billing_stars'::regnamespace and has_function_privilege('billing_stars_app', p.oid, 'EXECUTE')",
    );
    expect(callable.map(({ name }) => name).sort()).toEqual(Object.values(CALLED_BY).flat().sort());
  });

  it.each<[string, () => string]>([
    ['a grant', () => `billing_stars.grant_stars('${a.id}', 'gift', 'package', 1, '${a.owner}')`],
    [
      "a grant in a platform's name",
      () => `billing_stars.grant_stars('${a.id}', 'gift', 'package', 1, 'system:billing-stars')`,
    ],
    ['a grant to somebody else', () => `billing_stars.grant_stars('${b.id}', 'gift', 'package', 1, '${a.owner}')`],
    ['a grant to nobody', () => `billing_stars.grant_stars(null, 'gift', 'package', 1, '${a.owner}')`],
    ['a second welcome', () => `billing_stars.open_wallet('${a.id}', 'UTC', '${a.owner}')`],
    [
      'the payment of what it ordered',
      () => `billing_stars.pay('${a.id}', '${ordered}', 'e', 'manual', 'n', 1200, 'EUR', 1200, 'EUR', '${a.owner}')`,
    ],
    [
      'a payment taken back',
      () => `billing_stars.refund('${a.id}', '${ordered}', 'e', 'manual', 'n', 1, '${a.owner}')`,
    ],
    [
      'a dispute that was won',
      () =>
        `billing_stars.claim('${a.id}', '${ordered}', 'e', 'manual', 'n', 'dispute', 'd', 1, 'EUR', 'won', now(), '${a.owner}')`,
    ],
    [
      "a way to pay that is somebody else's",
      () => `billing_stars.offer_checkout('${a.id}', '${ordered}', 'stripe', 'cs_of_b', null, null)`,
    ],
    ['a grant taken back', () => `billing_stars.reverse_grant('${a.id}', 'r', 'welcome', 1, '${a.owner}')`],
    ['a larger plan that nobody paid for', () => `billing_stars.schedule_plan('starter', 'scale')`],
    ['a plan nobody offers', () => `billing_stars.schedule_plan('starter', 'everything')`],
    ['a standing of its own', () => `billing_stars.set_standing('open')`],
    ['what orgs would tell', () => `billing_stars.follow_org('UTC')`],
    ['news of orgs taken for known', () => `billing_stars.take_turn('orgs', 'org', '${a.id}', 2)`],
    ['days of its own', () => `billing_stars.follow_org('Pacific/Kiritimati')`],
    ['the name of somebody else', () => `billing_stars.repay_overdraft('${newId()}')`],
    ['the name of a service', () => `billing_stars.repay_overdraft('system:orgs')`],
  ])('are not to be had by %s (B28)', async (_way, call) => {
    const before = [await world.wallet(a), await world.wallet(b)];
    const platform = `select tenancy.carry('${attacker.tag().replace(/^org\.[^.]+/, 'platform.-')}')`;
    const noted = `select set_config('tenancy.entered', '${a.id}', true)`;
    expect((await attacker.commit(`select ${call()}`)).code).toBe('42501');
    expect((await attacker.commit(noted, `select ${call()}`)).code).toBe('42501');
    expect((await attacker.commit(platform, `select ${call()}`)).code).toBe('42501');
    expect([await world.wallet(a), await world.wallet(b)]).toEqual(before);
  });

  it('cost what they cost: nobody orders others than there are, nor cheaper ones (B28)', async () => {
    const order = (kind: string, item: string, stars: number, cents: number): string =>
      `select outcome from billing_stars.place_order('${kind}', '${item}', ${stars}, ${cents}, 'starter', date_trunc('month', now())::date, '${a.owner}')`;
    for (const text of [
      order('pack', 'pack-1000', 1_000_000_000, 1_200),
      order('pack', 'pack-1000', 1_000, 1),
      order('pack', 'pack-9', 1_000, 1_200),
      order('plan', 'scale', 1_000_000_000, 1),
      order('plan', 'starter', 2_000, 1_900),
      order('renewal', 'starter', 2_000, 1_900),
    ])
      expect([text, (await attacker.commit(text)).rows]).toEqual([text, [{ outcome: 'changed' }]]);
    expect((await attacker.commit(order('pack', 'pack-1000', 1_000, 1_200))).rows).toEqual([{ outcome: 'ordered' }]);
  });

  it('come by what the platform does, and by nothing else that the organization may do', async () => {
    const before = await world.wallet(a);
    for (const text of [
      'select billing_stars.sweep_wallet()',
      "select billing_stars.schedule_plan('starter', null)",
      "select billing_stars.schedule_plan('starter', 'starter')",
      `select billing_stars.repay_overdraft('${a.owner}')`,
    ])
      expect([text, (await attacker.commit(text)).code]).toEqual([text, undefined]);
    expect(await world.wallet(a)).toEqual(before);
    await world.confirm(ordered);
    await world.grant(a, { stars: 7 });
    expect((await world.wallet(a)).package_balance).toBe(before.package_balance + 1_007);
    const opened = testOrg();
    expect(await opened.as(() => world.wallets.open('UTC'), ORGS)).toBe(true);
    expect((await world.wallet(opened)).package_balance).toBe(500);
  });

  it('are the platform’s to give under its genuine tag alone, to the organization it names', async () => {
    const tag = new TagSigner(world.test.tagKey).sign(
      { scope: 'platform', orgId: null, actor: 'system:billing-stars', role: 'system', requestId: 'r' },
      Date.now(),
    );
    const before = [await world.wallet(a), await world.wallet(b)] as const;
    const grant = (org: TestOrg): string =>
      `select billing_stars.grant_stars('${org.id}', 'gift', 'package', 1, 'system:billing-stars') as answer`;
    const genuine = `select tenancy.carry('${tag}')`;
    expect((await attacker.commit(genuine, grant(b))).rows).toMatchObject([{ answer: { outcome: 'granted' } }]);
    expect((await attacker.commit(genuine.replace('platform', 'org'), grant(a))).code).toBe('42501');
    expect((await attacker.commit(genuine, 'select * from billing_stars.wallets')).code).toBe('42501');
    const toNobody = grant(a).replace(`'${a.id}'`, 'null');
    expect((await attacker.commit(genuine, toNobody)).code).toBe('42501');
    expect(await world.wallet(a)).toEqual(before[0]);
    expect((await world.wallet(b)).package_balance).toBe(before[1].package_balance + 1);
  });
});
