import {
  ListBillingAuditLog,
  ListOrgEntityEvents,
  ListOrgEventHeads,
  OrgCreatedEvent,
  type orgsMessages,
  RepayOverdraft,
  SetCap,
  typeOf,
} from '@apollo/contracts';
import { Bus, GrantReader, LiveFrames, Outbox } from '@apollo/messaging';
import { currentTenant, newId } from '@apollo/tenancy';
import { TenantDatabase, UnprotectedDatabaseError } from '@apollo/tenancy/postgres';
import {
  asPlatform,
  ownBus,
  type OwnBus,
  testPeer,
  type TestPeer,
  testServiceConfig,
  twoOrgs,
  until,
} from '@apollo/testing';
import { AuditTrail } from '../audit/audit.trail.js';
import { CursorCodec } from '../lists/cursor.codec.js';
import { type Answers, kitSchema, type KitService, kitService, stamp } from './kit.world.spec.js';
import { startService } from './service.start.js';

describe('a service', () => {
  const [a, b] = twoOrgs();
  const answers: Answers = {};
  const told: { org: string | null; payload: object }[] = [];
  let bus: OwnBus;
  let gateway: TestPeer;
  let billing: KitService;
  let orgs: KitService;

  beforeAll(async () => {
    bus = await ownBus();
    gateway = await testPeer('gateway', bus.url);
    answers[typeOf(OrgCreatedEvent)] = async (payload) => {
      told.push({ org: currentTenant().orgId, payload });
      return {};
    };
    billing = await kitService('billing-stars', bus, answers);
    orgs = await kitService('orgs', bus, {});
  }, 60_000);
  afterAll(async () => {
    await orgs?.stop();
    await billing?.stop();
    await gateway?.close();
    await bus?.stop();
  });

  const stamps = async (): Promise<unknown[]> => billing.test.admin('select text from specimen.stamps order by id');
  const cap = { layer: 'org_month', stars: 5 } as never;
  const set = (org: typeof a, role: 'owner' | 'viewer', idempotencyKey?: string): Promise<object> =>
    org.as(() => gateway.bus.request(SetCap, cap, { idempotencyKey }), { role });

  it('does what it is asked once per key, and remembers the answer', async () => {
    let times = 0;
    answers[typeOf(SetCap)] = async () => {
      await billing.get(TenantDatabase).query(stamp, { id: newId(), text: `set ${(times += 1)}` });
      return { times };
    };
    expect([await set(a, 'owner', 'k'), await set(a, 'owner', 'k'), await set(b, 'owner', 'k')]).toEqual([
      { times: 1 },
      { times: 1 },
      { times: 2 },
    ]);
    expect(await stamps()).toEqual([{ text: 'set 1' }, { text: 'set 2' }]);
  });

  it('writes down who was refused what, in the log of their organization alone', async () => {
    await expect(set(a, 'viewer')).rejects.toMatchObject({ code: 'forbidden' });
    const list = (org: typeof a) =>
      org.as(() => billing.get(AuditTrail).list({ outcome: 'denied' }, true)).then(({ items }) => items);
    expect(await list(a)).toMatchObject([
      { action: typeOf(SetCap), actor: a.owner, outcome: 'denied', subject: null, detail: { code: 'forbidden' } },
    ]);
    expect(await list(b)).toEqual([]);
  });

  it('lists its log newest first, page by page, by what is asked for, and to its person what is theirs', async () => {
    const trail = billing.get(AuditTrail);
    const database = billing.get(TenantDatabase);
    const other = newId();
    for (const [nth, actor] of [a.owner, other, a.owner].entries())
      await a.as(() => database.transaction(() => trail.done(`kit.${nth}`, null, { nth })), { actor });
    const list = (request: orgsMessages.AuditLogRequest, everybody = true, actor = a.owner) =>
      a.as(() => trail.list(request, everybody), { actor });
    const first = await list({ outcome: 'done', limit: 2 });
    expect(first.items.map(({ action, detail }) => [action, detail])).toEqual([
      ['kit.2', { nth: 2 }],
      ['kit.1', { nth: 1 }],
    ]);
    expect(first.items[0]).toMatchObject({ seq: 4, outcome: 'done', at: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(first.items[0]).not.toHaveProperty('via');
    const next = await list({ outcome: 'done', limit: 2, cursor: first.next_cursor ?? '' });
    expect([next.items.map(({ action }) => action), next.next_cursor]).toEqual([['kit.0'], null]);
    expect((await list({ actor_id: other })).items.map(({ action }) => action)).toEqual(['kit.1']);
    expect((await list({ action: 'kit.0' })).items.map(({ action }) => action)).toEqual(['kit.0']);
    expect((await list({}, false, other)).items.map(({ action }) => action)).toEqual(['kit.1']);
    expect((await list({ actor_id: other }, false)).items.map(({ actor }) => actor)).not.toContain(other);
    await a.as(() => database.transaction(() => trail.done('kit.via', null)), {
      delegation: { service: 'agents', run: newId(), as: 'Chief of Staff' },
    });
    expect((await list({ action: 'kit.via' })).items[0]).toMatchObject({ detail: {}, via: { as: 'Chief of Staff' } });
    await expect(list({ outcome: 'denied', limit: 2, cursor: first.next_cursor ?? '' })).rejects.toMatchObject({
      code: 'invalid_cursor',
    });
  });

  it('keeps of a request id what a log line has room for', async () => {
    const { requestId } = await a.as(async () => currentTenant());
    expect(requestId.length).toBeLessThanOrEqual(64);
    const [row] = await billing.test.admin(
      "select request_id, at > now() - interval '1 minute' as recent from specimen.audit_entries order by at desc limit 1",
    );
    expect(row).toMatchObject({ recent: true, request_id: expect.stringMatching(/^[\w-]{1,64}$/) });
  });

  it('has for its module what is written in its definition', () => {
    for (const token of [TenantDatabase, Bus, GrantReader, Outbox, LiveFrames, AuditTrail, CursorCodec])
      expect(billing.get(token as never)).toBeInstanceOf(token);
  });

  it('tells of its events, is told of others’, once, and answers what it told', async () => {
    const facts = { slug: 'kit', time_zone: 'UTC', currency: 'USD', status: 'active' } as const;
    await a.as(() => orgs.get(Outbox).emit(OrgCreatedEvent, a.id, facts));
    await until(() => told.length > 0);
    expect(told).toEqual([{ org: a.id, payload: facts }]);
    const peer = await testPeer('billing-stars', bus.url);
    const head = { org_id: a.id, entity: 'org', entity_id: a.id, entity_version: 1 };
    // Told once nothing older is being written any more, in any database of the server.
    const heads = () => asPlatform(() => peer.bus.request(ListOrgEventHeads, {}));
    await until(async () => (await heads()).items.length > 0);
    expect(await heads()).toMatchObject({ items: [head], complete: true });
    const from = { entity: 'org', entity_id: a.id, after: 0 };
    const events = await a.as(() => peer.bus.request(ListOrgEntityEvents, from));
    expect(events.items.map(({ type }) => type)).toEqual([typeOf(OrgCreatedEvent)]);
    await peer.close();
    const unpublished = 'select 1 from specimen.outbox where published_at is null';
    await until(async () => (await orgs.test.admin(unpublished)).length === 0);
  });

  it('says whether it lives, is ready and what it counted, on a port of its own', async () => {
    const page = async (path: string) => {
      const answer = await fetch(`http://127.0.0.1:${billing.healthPort}${path}`);
      return { status: answer.status, text: await answer.text() };
    };
    expect(await page('/livez')).toEqual({ status: 200, text: '{"status":"ok"}' });
    const { status, text } = await page('/readyz');
    const checks = { postgres: true, nats: true, streams: true, relay: true };
    expect([status, JSON.parse(text)]).toEqual([200, { status: 'ok', checks }]);
    const metrics = (await page('/metrics')).text;
    expect(metrics).toMatch(
      new RegExp(`apollo_messages_total\\{type="${typeOf(SetCap)}",org_id="${a.id}",outcome="ok"\\} 2`),
    );
    expect(metrics).toMatch(
      new RegExp(`apollo_messages_total\\{type="${typeOf(SetCap)}",org_id="${a.id}",outcome="error"\\} 1`),
    );
    expect(metrics).toMatch(
      new RegExp(`apollo_message_milliseconds_total\\{type="${typeOf(SetCap)}",org_id="${a.id}"\\} \\d`),
    );
    expect(metrics).toContain(
      `apollo_events_total{type="${typeOf(OrgCreatedEvent)}",org_id="${a.id}",outcome="handled"} 1`,
    );
    expect((await page('/other')).status).toBe(404);
  });

  it('tells nobody what failed, and goes on', async () => {
    answers[typeOf(ListBillingAuditLog)] = async () => {
      throw new Error('secret of somebody');
    };
    const asked = a.as(() => gateway.bus.request(ListBillingAuditLog, {}));
    await expect(asked).rejects.toMatchObject({ code: 'internal_error' });
    answers[typeOf(RepayOverdraft)] = async () => ({ done: true });
    expect(await a.as(() => gateway.bus.request(RepayOverdraft, {}))).toEqual({ done: true });
  });

  it('does not start where its database does not protect, and keeps nothing open then', async () => {
    const schema = await kitSchema();
    const { test } = billing;
    await test.admin('alter table specimen.papers no force row level security');
    const config = { ...testServiceConfig('billing-stars', test), natsUrl: bus.url };
    await expect(startService({ name: 'billing-stars', schema, config, module: class {} })).rejects.toThrow(
      UnprotectedDatabaseError,
    );
    await test.admin('alter table specimen.papers force row level security');
  });
});
