import {
  BuyPack,
  ChangePlan,
  CheckOut,
  ConfirmPayment,
  contractsOf,
  Extend,
  GetBalance,
  GetPlan,
  GetPriceList,
  GetPrices,
  GetWallet,
  ListBillingAuditLog,
  ListBillingEvents,
  ListCaps,
  ListLedger,
  ListPacks,
  ListPayments,
  RaiseCap,
  RefundPayment,
  Release,
  RepayOverdraft,
  type orgsMessages,
  type RequestContract,
  Reserve,
  type Role,
  ROLES,
  SetCap,
  Settle,
  SimulateCaps,
  typeOf,
} from '@apollo/contracts';
import { type RunningService, startService } from '@apollo/service-kit';
import { newId } from '@apollo/tenancy';
import {
  asPlatform,
  orgContext,
  testDelegation,
  type TestOrg,
  testOrgs,
  testPeer,
  type TestPeer,
  testServiceConfig,
  until,
} from '@apollo/testing';
import { BillingStarsModule } from './billing-stars.module.js';
import { billingStarsSchema } from './billing-stars.schema.js';
import { codeOf, StarsWorld } from './spec/stars.world.spec.js';

const [owners, admins, workers, everyone] = ['owner', 'owner admin', 'owner admin member', 'owner admin member viewer'];

/** Who may send each request, and a payload that changes little: the table of the product, written out. */
const TABLE: [RequestContract, object, string][] = [
  [GetBalance, {}, workers],
  [GetWallet, {}, admins],
  [ListLedger, {}, admins],
  [GetPrices, {}, admins],
  [ListCaps, {}, admins],
  [SetCap, { layer: 'org_month', stars: 400 }, admins],
  [RaiseCap, { layer: 'org_month', stars: 500, until: '2020-01-01T00:00:00Z' }, admins],
  [SimulateCaps, { since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z', caps: [] }, admins],
  [RepayOverdraft, {}, admins],
  [GetPlan, {}, admins],
  [ChangePlan, { plan: 'none' }, owners],
  [ListPacks, {}, admins],
  [BuyPack, { pack: 'pack-1000' }, owners],
  [ListPayments, {}, admins],
  [CheckOut, { id: newId() }, owners],
  [ListBillingAuditLog, {}, everyone],
  [ListBillingEvents, { limit: 10 }, everyone],
];

describe('billing-stars on the bus', () => {
  let world: StarsWorld;
  let service: RunningService;
  let gateway: TestPeer;
  let agents: TestPeer;
  let orgs: TestPeer;
  /** What orgs says of everybody; undefined while it does not answer. */
  let standing: orgsMessages.Standing | undefined = { status: 'active', role: 'owner' };
  let a: TestOrg;
  let b: TestOrg;

  beforeAll(async () => {
    world = await StarsWorld.start(4);
    service = await startService({
      name: 'billing-stars',
      schema: billingStarsSchema,
      config: testServiceConfig('billing-stars', world.test),
      module: await BillingStarsModule.with({}),
    });
    [gateway, agents] = [await testPeer('gateway'), await testPeer('agents')];
    orgs = await testOrgs(() => standing);
    [a, b] = [await world.org(), await world.org()];
  }, 300_000);
  afterAll(async () => {
    await Promise.all([gateway.close(), agents.close(), orgs.close()]);
    await service.stop();
    await world.test.drop();
  });

  const ask = <Q extends object, R extends object>(
    org: TestOrg,
    contract: RequestContract<Q, R>,
    request: NoInfer<Q>,
    role: Role = 'owner',
  ): Promise<R> => org.as(() => gateway.bus.request(contract, request), { role });
  const act = <Q extends object, R extends object>(
    org: TestOrg,
    contract: RequestContract<Q, R>,
    request: NoInfer<Q>,
  ): Promise<R> =>
    org.as(() => agents.bus.request(contract, request), contract.underGrant ? { delegation: grantedBy(org) } : {});
  /** What a person of the organization grants agents with a message to one of them. */
  const grantedBy = (org: TestOrg, role: Role = 'owner') =>
    testDelegation(orgContext(org.id, org.owner, role), newId());
  const wish = (stars: number) => ({
    key: newId(),
    stars,
    agent_id: newId(),
    person_id: newId(),
    run_id: newId(),
    price_version: 1,
  });

  it('reserves, extends, settles and releases for a service, and tells the price of a refusal', async () => {
    const org = await world.org();
    const request = wish(100);
    const reserved = await act(org, Reserve, request);
    expect(reserved).toMatchObject({
      outcome: 'reserved',
      from_monthly: 0,
      from_package: 100,
      refused_by: null,
      raised_by: [],
    });
    expect(await act(org, Reserve, request)).toEqual(reserved);
    const hold_id = reserved.hold_id as string;
    expect(await act(org, Extend, { hold_id, ttl_seconds: 3_600 })).toMatchObject({ id: hold_id, state: 'open' });
    expect(await act(org, Settle, { hold_id, stars: 60 })).toMatchObject({
      state: 'settled',
      settled: 60,
      from_package: 60,
      overdrawn: 0,
    });
    const other = await act(org, Reserve, wish(440));
    expect(await act(org, Reserve, wish(1))).toMatchObject({
      outcome: 'refused',
      refused_by: 'wallet',
      reason: 'balance',
      cap: 440,
      used: 440,
      raised_by: ['owner'],
    });
    expect(await act(org, Release, { hold_id: other.hold_id as string })).toMatchObject({ state: 'released' });
    expect(await ask(org, GetBalance, {})).toEqual({ total: 440 });
  });

  it('names actor, agent, person, run, price version and key in the ledger, in pages, newest first', async () => {
    const org = await world.org();
    const request = wish(10);
    const { hold_id } = await act(org, Reserve, request);
    await act(org, Settle, { hold_id: hold_id as string, stars: 12 });
    const page = await ask(org, ListLedger, { limit: 1 });
    const { key: idempotency_key, agent_id, person_id, run_id, price_version } = request;
    expect(page.items).toEqual([
      expect.objectContaining({
        seq: 2,
        kind: 'charge',
        actor: 'system:agents',
        idempotency_key,
        agent_id,
        person_id,
        run_id,
        price_version,
        entries: { used: 12, package: -10, overdraft: -2 },
      }),
    ]);
    const rest = await ask(org, ListLedger, { limit: 1, cursor: page.next_cursor ?? '' });
    expect(rest).toMatchObject({
      items: [{ seq: 1, kind: 'grant', entries: { package: 500, granted: -500 } }],
      next_cursor: null,
    });
    expect((await ask(org, ListLedger, { run_id })).items).toHaveLength(1);
    expect((await ask(org, ListLedger, { run_id: newId() })).items).toEqual([]);
    expect((await ask(org, ListLedger, { kind: 'grant' })).items.map(({ seq }) => seq)).toEqual([1]);
    const { at } = page.items[0] as { at: string };
    expect((await ask(org, ListLedger, { since: at })).items.map(({ seq }) => seq)).toEqual([2]);
    expect((await ask(org, ListLedger, { until: at })).items.map(({ seq }) => seq)).toEqual([1]);
    expect(await codeOf(ask(a, ListLedger, { limit: 1, cursor: page.next_cursor ?? '' }))).toBe('invalid_cursor');
    expect(await ask(org, RepayOverdraft, {})).toMatchObject({ state: 'active', overdraft: 0, package_balance: 488 });
  });

  it('has every request that travels for an organization in the table of who may', () => {
    const all = contractsOf('billing-stars').filter(
      (contract): contract is RequestContract =>
        contract.kind !== 'event' && contract.scope === 'org' && contract.callers.includes('gateway'),
    );
    expect(TABLE.map(([contract]) => typeOf(contract)).sort()).toEqual(all.map(typeOf).sort());
  });

  it.each(TABLE.map(([contract, request, allowed]) => [typeOf(contract), allowed, contract, request] as const))(
    '%s is for %s, and nobody below (H06)',
    async (_type, allowed, contract, request) => {
      const may: string[] = [];
      for (const role of ROLES) if ((await codeOf(ask(a, contract, request, role))) !== 'forbidden') may.push(role);
      expect(may.join(' ')).toBe(allowed);
    },
  );

  it('confirms and refunds payments for operators alone (H06)', async () => {
    const request = { id: newId(), reference: 'transfer 1' };
    const asked = (operator?: string) =>
      asPlatform(() => codeOf(gateway.bus.request(ConfirmPayment, request)), operator);
    expect([await asked(), await asked(newId())]).toEqual(['forbidden', 'not_found']);
    expect(await asPlatform(() => codeOf(gateway.bus.request(RefundPayment, { ...request, cents: 1 })))).toBe(
      'forbidden',
    );
  });

  it('sets a cap, which counts at the next reservation, and has it in the audit log', async () => {
    const org = await world.org();
    const cap = await ask(org, SetCap, { layer: 'org_month', stars: 5 }, 'admin');
    expect(cap).toMatchObject({ layer: 'org_month', agent_id: null, stars: 5, used: 0, version: 1 });
    expect(await act(org, Reserve, wish(6))).toMatchObject({
      refused_by: 'org_month',
      cap: 5,
      used: 0,
      raised_by: ['owner', 'admin'],
    });
    expect((await ask(org, ListCaps, {})).items).toEqual([cap]);
    expect((await ask(org, ListBillingAuditLog, {})).items.map(({ action }) => action)).toEqual([
      'cap.set',
      'wallet.opened',
    ]);
  });

  it('tells people who see the wallet and services that estimate what billable actions cost', async () => {
    const told = await ask(a, GetPrices, {}, 'admin');
    expect(told).toMatchObject({ price_version: 1, next: null });
    expect(told.items.find(({ action }) => action === 'agent.step')).toMatchObject({ stars: 1 });
    expect(await act(a, GetPriceList, {})).toEqual(told);
  });

  it("takes no organization but the envelope's: not in the body, not by a hold's id (B17)", async () => {
    const before = await world.wallet(b);
    await expect(act(a, Reserve, { ...wish(1), org_id: b.id } as never)).rejects.toMatchObject({
      code: 'validation_failed',
    });
    const hold_id = await world.hold(b, { stars: 10 });
    for (const id of [hold_id, newId()]) {
      expect(await codeOf(act(a, Settle, { hold_id: id, stars: 10 }))).toBe('not_found');
      expect(await codeOf(act(a, Release, { hold_id: id }))).toBe('not_found');
    }
    expect(await world.wallet(b)).toEqual({ ...before, held: before.held + 10, available: before.available - 10 });
  });

  it('reserves for services alone: a gateway is refused before anything is done (B17)', async () => {
    const { held } = await world.wallet(a);
    expect(await codeOf(ask(a, Reserve, wish(1)))).toMatch(
      /^(message_rejected|service_unavailable|deadline_exceeded)$/,
    );
    expect((await world.wallet(a)).held).toBe(held);
  });

  it("holds nobody's Stars for a service that no person of the organization has asked for anything (M46)", async () => {
    const [asked, other] = [await world.org(), await world.org()];
    const hold_id = await world.hold(other, { stars: 10 });
    const alone = (org: TestOrg, as?: TestOrg) => (contract: RequestContract, request: object) =>
      codeOf(
        org.as(() => agents.bus.request(contract, request, { timeoutMs: 500 }), as && { delegation: grantedBy(as) }),
      );
    for (const each of [alone(other), alone(other, asked)]) {
      expect(await each(Reserve, wish(1))).toMatch(/^(forbidden|deadline_exceeded)$/);
      expect(await each(Extend, { hold_id, ttl_seconds: 3_600 })).toMatch(/^(forbidden|deadline_exceeded)$/);
    }
    expect(await world.wallet(other)).toMatchObject({ held: 10 });
    expect(await alone(asked, asked)(Reserve, wish(1))).toBe('ok');
    expect(await alone(other)(Release, { hold_id })).toBe('ok');
  });

  it('answers another organization while everybody wants one wallet (H31, B25)', async () => {
    const [hot, other] = [await world.org({ package: 10_000 }), await world.org()];
    let answered = 0;
    const all = Promise.all(Array.from({ length: 300 }, () => act(hot, Reserve, wish(1)).then(() => (answered += 1))));
    expect((await act(other, Reserve, wish(1))).outcome).toBe('reserved');
    expect(answered).toBeLessThan(270);
    await all;
    expect((await world.wallet(hot)).held).toBe(300);
  });

  it.each([
    '2026-W10-1',
    '2026-070',
    '2026-02-30T00:00:00Z',
    '2026-03-10 12:00',
    '-0001-03-10T00:00:00Z',
    'now',
    '',
    1_772_000_000,
  ])('refuses %p as no moment', async (since) => {
    expect(await codeOf(ask(a, ListLedger, { since } as never))).toBe('validation_failed');
    expect(await codeOf(ask(a, RaiseCap, { layer: 'org_month', stars: 5, until: since } as never))).toBe(
      'validation_failed',
    );
    expect(await codeOf(ask(a, SimulateCaps, { since, caps: [] } as never))).toBe('validation_failed');
  });

  it('takes its statement from the ledger, whatever became of the events (B23)', async () => {
    const org = await world.org();
    const { hold_id } = await act(org, Reserve, wish(300));
    await act(org, Settle, { hold_id: hold_id as string, stars: 300 });
    const before = await ask(org, ListLedger, {});
    await world.test.admin('delete from billing_stars.outbox where org_id = $1', [org.id]);
    expect(await ask(org, ListLedger, {})).toEqual(before);
    expect(await ask(org, GetBalance, {})).toEqual({ total: 200 });
  });

  it.each([0, -1, 1.5, NaN, Infinity, 1e30, 1_000_000_001, '5', null, undefined, [5]])(
    'refuses %p Stars as not valid (B16)',
    async (stars) => {
      expect(await codeOf(act(a, Reserve, { ...wish(1), stars } as never))).toBe('validation_failed');
      expect(await codeOf(act(a, Settle, { hold_id: newId(), stars } as never))).toBe('validation_failed');
    },
  );

  describe('for a person who granted it to agents', () => {
    const MEMBER: orgsMessages.Standing = { status: 'active', role: 'member', sign_outs: 0 };
    /** Milliseconds within which an end of the person's rights is one of the grant's. */
    const SOON_MS = 5_000;
    const run = newId();
    const permissions = ['leads.write', 'balance.read'] as const;
    /** As the gateway signs it, when the person asks agents for something. */
    const granted = (org: TestOrg, service: 'agents' | 'leads' = 'agents'): string =>
      String(
        testDelegation(orgContext(org.id, org.owner, 'member'), run, {
          service,
          delegates: { permissions, seconds: 600 },
        } as unknown as RequestContract).grant,
      );
    const actFor = <Q extends object, R extends object>(
      org: TestOrg,
      contract: RequestContract<Q, R>,
      request: NoInfer<Q>,
      grant = granted(org),
      timeoutMs = 10_000,
    ): Promise<R> =>
      org.as(() => agents.bus.request(contract, request, { timeoutMs }), {
        delegation: { service: 'agents', run, as: 'Chief of Staff', grant },
      });
    const reserve = (org: TestOrg, grant?: string) => codeOf(actFor(org, Reserve, wish(1), grant));
    beforeEach(() => void (standing = MEMBER));

    it('reserves in the name of that person, whom the ledger names', async () => {
      const org = await world.org();
      const request = wish(10);
      const { hold_id } = await actFor(org, Reserve, request);
      await actFor(org, Settle, { hold_id: hold_id as string, stars: 10 });
      const { items } = await ask(org, ListLedger, { limit: 1 });
      expect(items).toEqual([expect.objectContaining({ kind: 'charge', actor: org.owner })]);
    });

    it.each([
      ['was removed', { ...MEMBER, role: null }, 'forbidden'],
      ['has signed out everywhere', { ...MEMBER, sign_outs: 1 }, 'forbidden'],
      ['is of a suspended organization', { ...MEMBER, status: 'suspended' }, 'org_suspended'],
      ['is of a deleted organization', { ...MEMBER, status: 'deleted' }, 'org_not_found'],
    ])('does nothing more five seconds after that one %s', async (_what, now, code) => {
      const org = await world.org();
      const grant = granted(org);
      expect(await reserve(org, grant)).toBe('ok');
      standing = now as orgsMessages.Standing;
      await until(async () => (await reserve(org, grant)) === code, { withinMs: SOON_MS });
      const { held } = await world.wallet(org);
      expect([await reserve(org, grant), (await world.wallet(org)).held]).toEqual([code, held]);
    });

    it('leaves in the audit log who was refused, and for whom', async () => {
      const org = await world.org();
      standing = { ...MEMBER, role: null };
      expect(await reserve(org)).toBe('forbidden');
      const [entry] = (await ask(org, ListBillingAuditLog, { outcome: 'denied' })).items;
      const via = { service: 'agents', run, as: 'Chief of Staff' };
      expect(entry).toMatchObject({ actor: org.owner, action: typeOf(Reserve), via });
    });

    it('is refused five seconds after orgs was heard of last, also when the bus is down for orgs', async () => {
      const org = await world.org();
      const grant = granted(org);
      expect(await reserve(org, grant)).toBe('ok');
      standing = undefined;
      const briefly = () => codeOf(actFor(org, Reserve, wish(1), grant, 3_000));
      await until(async () => (await briefly()) !== 'ok', { withinMs: 3 * SOON_MS });
      const { held } = await world.wallet(org);
      expect(await briefly()).toMatch(/^(service_unavailable|deadline_exceeded)$/);
      expect((await world.wallet(org)).held).toBe(held);
    });

    it('is nothing in another organization, by another service’s grant, or for what was not granted', async () => {
      for (const grant of [granted(b), granted(a, 'leads'), 'no grant', `${granted(a)}x`])
        expect(await codeOf(actFor(a, Reserve, wish(1), grant, 500))).toBe('deadline_exceeded');
      expect(await codeOf(actFor(a, SetCap, { layer: 'org_month', stars: 1 }, granted(a), 500))).not.toBe('ok');
    });
  });

  it('adds up when all of it is over (B19)', async () => {
    expect(await world.findings()).toEqual([]);
  });
});
