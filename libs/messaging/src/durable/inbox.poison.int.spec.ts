import { setTimeout as sleep } from 'node:timers/promises';
import { OrgCreatedEvent, type orgsMessages, typeOf } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { OutboxDatabase, statement, TagSigner } from '@apollo/tenancy/postgres';
import {
  asPlatform,
  Attacker,
  ownBus,
  type OwnBus,
  specimenSchema,
  testDatabase,
  type TestDatabase,
  testOrg,
  type TestOrg,
  testPeer,
  type TestPeer,
  testProcessConfig,
} from '@apollo/testing';
import {
  Bus,
  type ConsumerObserver,
  MessageKeys,
  DeadLetters,
  EventConsumer,
  EventReactor,
  EventReconciler,
  EventSigner,
  EventVerifier,
  Inbox,
  MessageServer,
  Outbox,
  OutboxRelay,
} from '../index.js';
import { answerHistory } from './history.world.spec.js';

const FACTS = { slug: 'x', time_zone: 'UTC', currency: 'EUR', status: 'active' } as const;
const ORIGIN = { source: 'orgs', entity: 'org' } as const;
/** Milliseconds in which an event takes effect, also on a slow machine. */
const USUAL_MS = 20_000;
const PATIENCE_MS = 100_000;
/** More than JetStream delivers without a confirmation. */
const MANY = 600;

const follow = statement<object, { id: string; zone: string; text: string }>(
  'follow',
  'insert into specimen.stamps (org_id, id, text) select :org, :id::uuid, :text where (now() at time zone :zone) is not null',
);

/** Waits for a row of the organization, if it has one that somebody keeps. */
const change = statement<object, object>(
  'change own papers',
  "update specimen.papers set title = 'changed' where org_id = :org",
);

/** A writes what SQL can into the outbox of one service and the inbox of another, which are one database here; B's events take effect meanwhile. */
describe('A74 what one organization writes for who takes events', () => {
  let test: TestDatabase;
  let bus: OwnBus;
  let [orgs, billing]: TestPeer[] = [];
  let history: MessageServer;
  let reactor: EventReactor;
  let reconciler: EventReconciler;
  let letters: DeadLetters;
  let a: TestOrg;
  let b: TestOrg;
  let attacker: Attacker;
  const outcomes: string[] = [];
  const failures: unknown[] = [];
  const running: { stop(): Promise<void> }[] = [];
  const observer: ConsumerObserver = {
    event: (_type, org, outcome) => outcomes.push(`${org} ${outcome}`),
    failed: (_type, _id, error) => failures.push(error),
  };

  beforeAll(async () => {
    test = await testDatabase(await specimenSchema(), { poolSize: 10 });
    bus = await ownBus();
    [orgs, billing] = [await testPeer('orgs', bus.url), await testPeer('billing-stars', bus.url)];
    history = await answerHistory(test, orgs, (error) => failures.push(error));
  }, 60_000);
  beforeEach(async () => {
    [a, b] = [testOrg(), testOrg()];
    attacker = await Attacker.connect(test, a);
    outcomes.length = failures.length = 0;
    letters = new DeadLetters(test.database, 'specimen');
    reactor = new EventReactor(
      new Inbox(test.database, 'specimen'),
      letters,
      () => async (payload) => {
        const { time_zone, slug } = payload as orgsMessages.OrgFacts;
        await test.database.query(change, {});
        return test.database.query(follow, { id: newId(), zone: time_zone, text: slug });
      },
      observer,
    );
    reconciler = new EventReconciler({
      service: 'billing-stars',
      bus: new Bus(
        'billing-stars',
        new MessageKeys('billing-stars', testProcessConfig('billing-stars')),
        billing!.connection,
      ),
      database: test.database,
      schema: 'specimen',
      deadLetters: letters,
      observer,
      isBehind: () => false,
      reactor,
    });
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
    await attacker.close();
    for (const table of ['outbox', 'inbox', 'dead_letters', 'blocked_entities', 'event_positions'])
      await test.admin(`delete from specimen.${table}`);
  });
  afterAll(async () => {
    await history?.close();
    await Promise.all([orgs?.close(), billing?.close()]);
    await bus?.stop();
    await test?.drop();
  });

  const emit = (org: TestOrg, facts: object = FACTS): Promise<void> =>
    org.as(() =>
      new Outbox(test.database, 'specimen', () => undefined).emit(OrgCreatedEvent, org.id, {
        ...FACTS,
        ...facts,
      }),
    );
  /** Events of A, each of an entity of its own. */
  const write = (body: object, count: number): string =>
    `select specimen.write_event('${typeOf(OrgCreatedEvent)}', gen_random_uuid(), '${a.owner}', null, 'r', null, '${JSON.stringify(body)}') from generate_series(1, ${count})`;
  const count = async (table: string, org: TestOrg): Promise<number> =>
    Number((await test.admin(`select count(*) from specimen.${table} where org_id = $1`, [org.id]))[0]?.['count']);

  async function until(what: () => Promise<boolean> | boolean, patience = PATIENCE_MS): Promise<boolean> {
    for (const end = Date.now() + patience; !(await what()); await sleep(50)) if (Date.now() > end) return false;
    return true;
  }

  /** As if all had been written a while ago, no transaction of then were open, and JetStream had lost it. */
  async function lost(): Promise<void> {
    await test.admin("update specimen.outbox set published_at = now(), created_at = now() - interval '1 minute'");
    const open =
      'select 1 from specimen.outbox where written_in >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint limit 1';
    expect(await until(async () => (await test.admin(open)).length === 0)).toBe(true);
  }

  /** Whether a comparison brings an event of B, and the next one begins behind it. */
  async function isBrought(): Promise<boolean> {
    await emit(b);
    await lost();
    await reconciler.compare('orgs');
    const passed = await test.admin(
      `select 1 from specimen.event_positions p, specimen.outbox o where o.org_id = $1 and o.written_in < split_part(p.mark, '.', 1)::bigint`,
      [b.id],
    );
    return (await count('stamps', b)) === 1 && passed.length === 1;
  }

  /** What brings events by JetStream; neither is started yet. */
  function delivery(): { relay: OutboxRelay; consumer: EventConsumer } {
    const relay = new OutboxRelay(
      'orgs',
      new OutboxDatabase(test.relayUrl, 'specimen'),
      orgs!.connection,
      new EventSigner('orgs', testProcessConfig('orgs').signingKey),
      {
        published: () => undefined,
        failed: (error) => failures.push(error),
        refused: (_event, reason) => failures.push(reason),
      },
    );
    const consumer = new EventConsumer({
      service: 'billing-stars',
      connection: billing!.connection,
      verifier: new EventVerifier(testProcessConfig('orgs').publicKeys),
      reactor,
      observer,
    });
    running.push(relay, consumer);
    return { relay, consumer };
  }

  /** A has events each of which waits for a row of A. @returns what locks it, and what lets it go */
  async function writeWaiting(count: number): Promise<{ lock(): Promise<void>; free(): Promise<void> }> {
    const paper = `insert into specimen.papers (org_id, id, title, secret) values ('${a.id}', gen_random_uuid(), 'own', 's')`;
    expect((await attacker.commit(paper, write(FACTS, count))).code).toBeUndefined();
    return {
      lock: async () => {
        const outcome = await attacker.plain(
          'set idle_in_transaction_session_timeout = 0',
          'begin',
          `select tenancy.carry('${attacker.tag()}')`,
          "update specimen.papers set title = 'held'",
        );
        expect(outcome.code).toBeUndefined();
      },
      free: async () => void (await attacker.plain('rollback')),
    };
  }

  it('delays no event of another one while events of it wait for what it keeps locked, and none of them is lost', async () => {
    const { relay, consumer } = delivery();
    await consumer.start();
    relay.start();
    const told = async (org: TestOrg): Promise<number> => {
      const begun = performance.now();
      await emit(org);
      relay.wake();
      expect(await until(async () => (await count('stamps', org)) === 1, USUAL_MS)).toBe(true);
      return performance.now() - begun;
    };
    const control = await told(testOrg());
    await consumer.stop();
    const row = await writeWaiting(MANY);
    relay.wake();
    const unpublished = 'select 1 from specimen.outbox where published_at is null';
    expect(await until(async () => (await test.admin(unpublished)).length === 0)).toBe(true);
    await row.lock();
    // All of them are there at once.
    const { consumer: next } = delivery();
    await next.start();
    running.push(reconciler);
    reconciler.start();
    for (let n = 0; n < 3; n += 1) {
      await sleep(500);
      expect(await told(testOrg())).toBeLessThan(control + 3_000);
    }
    await row.free();
    expect(await until(async () => (await count('stamps', a)) === MANY)).toBe(true);
    expect(await count('dead_letters', a)).toBe(0);
  }, 120_000);

  it('delays no comparison for another one while events of it wait for what it keeps locked', async () => {
    const row = await writeWaiting(40);
    await emit(b);
    await lost();
    await row.lock();
    const begun = performance.now();
    const comparing = reconciler.compare('orgs');
    expect(await until(async () => (await count('stamps', b)) === 1, 2_000)).toBe(true);
    await comparing;
    // Those that were tried have waited for the lock as long as anybody does; the others were not.
    expect(performance.now() - begun).toBeLessThan(20_000);
    await row.free();
    expect(await until(async () => (await reconciler.compare('orgs')) === 0)).toBe(true);
    expect(await count('stamps', a)).toBe(40);
  }, 60_000);

  it('keeps JetStream delivering, however many events of it have to wait, and none of them is lost', async () => {
    const { relay, consumer } = delivery();
    await consumer.start();
    // The contract knows no time zones; the database does.
    expect((await attacker.commit(write({ ...FACTS, time_zone: 'Nowhere/None' }, MANY))).code).toBeUndefined();
    relay.start();
    expect(await until(() => outcomes.filter((outcome) => outcome === `${a.id} failed`).length >= 500)).toBe(true);
    await emit(b);
    relay.wake();
    expect(await until(async () => (await count('stamps', b)) === 1, USUAL_MS)).toBe(true);
    running.push(reconciler);
    reconciler.start();
    expect(await until(async () => (await count('dead_letters', a)) === MANY)).toBe(true);
  }, 120_000);

  it('has no event taken for known, or for one that waits: nothing of either is written under its own tag', async () => {
    await emit(a);
    const place = `'orgs', 'org', '${a.id}'`;
    const added = `${place}, '?', 1, 'r', null, '{}', '?'`;
    for (const statement of [
      `insert into specimen.inbox (org_id, id, source, entity, entity_id, version, at) values ('${a.id}', gen_random_uuid(), ${place}, 1, now())`,
      `insert into specimen.dead_letters (org_id, id, type, source, entity, entity_id, entity_version, request_id, body, reason, at)
        values ('${a.id}', gen_random_uuid(), '?', ${place}, 1, '', '', '', now())`,
      "update specimen.inbox set version = 9223372036854775807, at = 'infinity'",
      "update specimen.dead_letters set body = repeat('x', 100000000)",
      `select specimen.take_turn(${place}, 1)`,
      `select specimen.dead_letter_event(${added})`,
      `select specimen.bury_event(${added})`,
      ...[
        'ask_for_replay',
        'skip_event',
        'pass_over_event',
        'clear_dead_letters',
        'dig_up_events',
        'forget_blocked',
      ].map((name) => `select specimen.${name}(${place})`),
    ])
      expect([statement, (await attacker.commit(statement)).code]).toEqual([statement, '42501']);
    expect(await isBrought()).toBe(true);
    expect(await count('stamps', a)).toBe(1);
    // The control: who handles an event may write it down, if it is its turn.
    const control = testOrg();
    const asOrgs = new TagSigner(test.tagKey).sign(
      { scope: 'org', orgId: control.id, actor: 'system:orgs', role: 'system', requestId: 'r' },
      Date.now(),
    );
    const turn = `select specimen.take_turn('orgs', 'org', '${control.id}', 1)`;
    const tagged = `select tenancy.carry('${asOrgs}')`;
    expect((await attacker.plain('begin', tagged, turn, 'commit')).code).toBeUndefined();
    expect(await attacker.plain('begin', tagged, turn)).toMatchObject({ code: '55000' });
    await attacker.plain('rollback');
    expect(await count('inbox', control)).toBe(1);
  });

  it('hides from nobody what waits of others, nor that somebody asked for it', async () => {
    await emit(b, { time_zone: 'Nowhere/None' });
    // As three thousand events of it would end that nobody can handle, each of them asked for anew.
    await test.admin(
      `with waiting as (insert into specimen.dead_letters (org_id, id, type, source, entity, entity_id, entity_version, request_id, body, reason, at)
        select $1, gen_random_uuid(), '?', 'orgs', 'org', gen_random_uuid(), 1, '', '', '', now() from generate_series(1, 3000) returning *)
      insert into specimen.blocked_entities select org_id, source, entity, entity_id, at, true from waiting`,
      [a.id],
    );
    await lost();
    for (let attempt = 0; attempt < 10; attempt += 1) await reconciler.compare('orgs');
    expect((await asPlatform(() => letters.list())).map(({ org_id }) => org_id)).toContain(b.id);
    await test.admin(`update specimen.outbox set body = $2 where org_id = $1`, [b.id, JSON.stringify(FACTS)]);
    expect(
      await b.as(() => letters.askForReplay(ORIGIN, b.id), { actor: 'system:billing-stars', role: 'system' }),
    ).toBe(true);
    const begun = performance.now();
    await reconciler.replay();
    expect(await count('stamps', b)).toBe(1);
    expect(performance.now() - begun).toBeLessThan(USUAL_MS);
    // The control: its own wishes were met as far as there was time.
    expect(await count('blocked_entities', a)).toBeLessThan(3_000);
  }, 60_000);
});
