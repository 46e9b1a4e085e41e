import { randomUUID } from 'node:crypto';
import {
  CATALOG,
  type Contract,
  DomainError,
  OrgChangedEvent,
  OrgCreatedEvent,
  type orgsMessages,
  typeOf,
} from '@apollo/contracts';
import { currentTenant, newId } from '@apollo/tenancy';
import { functionCall, OutboxDatabase, statement } from '@apollo/tenancy/postgres';
import {
  asPlatform,
  ownBus,
  type OwnBus,
  specimenSchema,
  testDatabase,
  type TestDatabase,
  type TestOrg,
  testOrg,
  testPeer,
  type TestPeer,
  testProcessConfig,
  until as comesAbout,
} from '@apollo/testing';
import { jetstream } from '@nats-io/jetstream';
import pg from 'pg';
import { HEADER_BYTES } from '../envelope/header.limit.js';
import {
  assertStreams,
  Bus,
  type ConsumerObserver,
  MessageKeys,
  DeadLetters,
  EventConsumer,
  type EventConsumerOptions,
  EventReactor,
  EventReconciler,
  EventSigner,
  EventVerifier,
  Inbox,
  MessageServer,
  Outbox,
  OutboxRelay,
  type Reaction,
  toSign,
  writeEvent,
} from '../index.js';
import { answerHistory } from './history.world.spec.js';

const PATIENCE_MS = 15_000;
const facts = (slug = 'north-star'): orgsMessages.OrgFacts => ({
  slug,
  time_zone: 'Europe/Berlin',
  currency: 'EUR',
  status: 'active',
});
const stamp = statement<object, { id: string; text: string }>(
  'stamp',
  'insert into specimen.stamps (org_id, id, text) values (:org, :id, :text)',
);

/** One database stands for both services: what they share is JetStream. */
const ITSELF = { actor: 'system:billing-stars', role: 'system' } as const;

describe('a durable event', () => {
  let test: TestDatabase;
  let bus: OwnBus;
  let orgs: TestPeer;
  let billing: TestPeer;
  let sealer: EventSigner;
  let reaction: (org: string, payload: orgsMessages.OrgFacts) => Promise<void>;
  const outcomes: string[] = [];
  const failures: unknown[] = [];
  const running: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    test = await testDatabase(await specimenSchema(), { poolSize: 10 });
    bus = await ownBus();
    [orgs, billing] = [await testPeer('orgs', bus.url), await testPeer('billing-stars', bus.url)];
    sealer = new EventSigner('orgs', testProcessConfig('orgs').signingKey);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([orgs?.close(), billing?.close()]);
    await bus?.stop();
    await test?.drop();
  });
  beforeEach(() => {
    outcomes.length = 0;
    failures.length = 0;
    reaction = (_org, { slug }) => test.database.query(stamp, { id: newId(), text: slug }).then(() => undefined);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
  });

  function relay(): OutboxRelay {
    const made = new OutboxRelay('orgs', new OutboxDatabase(test.relayUrl, 'specimen'), orgs.connection, sealer, {
      published: () => undefined,
      failed: (error) => failures.push(error),
      refused: (_event, reason) => failures.push(reason),
    });
    running.push(made);
    made.start();
    return made;
  }

  async function consumer(onMissing?: EventConsumerOptions['onMissing']): Promise<EventConsumer> {
    const react: Reaction = (payload) => reaction(currentTenant().orgId as string, payload as orgsMessages.OrgFacts);
    const observer: ConsumerObserver = {
      event: (_type, _org, outcome) => outcomes.push(outcome),
      failed: (_type, _id, error) => failures.push(error),
    };
    const made = new EventConsumer({
      service: 'billing-stars',
      connection: billing.connection,
      verifier: new EventVerifier(testProcessConfig('orgs').publicKeys),
      reactor: new EventReactor(
        new Inbox(test.database, 'specimen'),
        new DeadLetters(test.database, 'specimen'),
        () => react,
        observer,
      ),
      observer,
      onMissing,
    });
    running.push(made);
    await made.start();
    return made;
  }

  const outbox = (wake: () => void = () => undefined): Outbox => new Outbox(test.database, 'specimen', wake);
  /** In the order of their transactions. */
  const stamps = async (org: TestOrg): Promise<unknown[]> =>
    (await test.admin('select text from specimen.stamps where org_id = $1 order by xmin::text::bigint', [org.id])).map(
      ({ text }) => text,
    );
  const waiting = async (): Promise<number> =>
    Number((await test.admin('select count(*) from specimen.outbox where published_at is null'))[0]?.['count']);

  /** Says in vain what became of the events. */
  const until = (isSo: () => Promise<boolean> | boolean): Promise<void> =>
    comesAbout(isSo, {
      withinMs: PATIENCE_MS,
      state: () => JSON.stringify({ outcomes, failures: failures.map(String) }),
    });

  it('finds streams and consumers as they are declared', async () => {
    await assertStreams(orgs.connection, 'orgs');
    await assertStreams(billing.connection, 'billing-stars');
  });

  it('takes effect in another service, in the context of its organization and request', async () => {
    const org = testOrg();
    const contexts: unknown[] = [];
    reaction = async () => void contexts.push({ ...currentTenant() });
    const publishing = relay();
    await consumer();
    await org.as(() => outbox(() => publishing.wake()).emit(OrgCreatedEvent, org.id, facts()));
    await until(() => contexts.length > 0);
    expect(contexts).toMatchObject([{ scope: 'org', orgId: org.id, actor: 'system:orgs', role: 'system' }]);
  });

  it('is never told when its change is rolled back', async () => {
    const org = testOrg();
    await expect(
      org.as(() =>
        test.database.transaction(async () => {
          await outbox().emit(OrgCreatedEvent, org.id, facts());
          throw new Error('no');
        }),
      ),
    ).rejects.toThrow('no');
    expect(await test.admin('select 1 from specimen.outbox where org_id = $1', [org.id])).toEqual([]);
  });

  it('takes effect once and in order, however many relays and consumers run and however often it is published', async () => {
    const orgsOfTest = Array.from({ length: 5 }, () => testOrg());
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(
        orgsOfTest.map((org) =>
          org.as(() => outbox().emit(round === 0 ? OrgCreatedEvent : OrgChangedEvent, org.id, facts(`round-${round}`))),
        ),
      );
    }
    const relays = [relay(), relay(), relay()];
    await Promise.all([consumer(), consumer()]);
    await until(async () => (await waiting()) === 0);
    // As relays that died between publishing and marking do, after JetStream has forgotten the ids it saw.
    await test.admin(`update specimen.outbox set published_at = null, id = gen_random_uuid() where org_id = any($1)`, [
      orgsOfTest.map(({ id }) => id),
    ]);
    relays.forEach((each) => each.wake());
    await until(async () => (await waiting()) === 0);
    const expected = Array.from({ length: 10 }, (_, round) => `round-${round}`);
    for (const org of orgsOfTest) await until(async () => (await stamps(org)).length >= 10);
    await until(() => outcomes.filter((outcome) => outcome === 'known').length >= 50);
    for (const org of orgsOfTest) expect(await stamps(org)).toEqual(expected);
  }, 60_000);

  it('waits for the one before it', async () => {
    const org = testOrg();
    for (const slug of ['first', 'second', 'third'])
      await org.as(() => outbox().emit(OrgChangedEvent, org.id, facts(slug)));
    await consumer();
    // The first is held back, as by a relay that hangs.
    await test.admin(`update specimen.outbox set published_at = now() where org_id = $1 and entity_version = 1`, [
      org.id,
    ]);
    const publishing = relay();
    await until(() => outcomes.filter((outcome) => outcome === 'early').length >= 4);
    expect(await stamps(org)).toEqual([]);
    await test.admin(`update specimen.outbox set published_at = null where org_id = $1 and entity_version = 1`, [
      org.id,
    ]);
    publishing.wake();
    await until(async () => (await stamps(org)).length === 3);
    expect(await stamps(org)).toEqual(['first', 'second', 'third']);
  });

  it('of a later version is read without the fields that are new in it', async () => {
    const org = testOrg();
    await org.as(() => outbox().emit(OrgCreatedEvent, org.id, facts('grown')));
    await test.admin(`update specimen.outbox set body = (body::jsonb || '{"later":[1]}')::text where org_id = $1`, [
      org.id,
    ]);
    const told: object[] = [];
    reaction = async (_org, payload) => void told.push(payload);
    relay();
    await consumer();
    await until(() => outcomes.includes('handled'));
    expect(told).toEqual([facts('grown')]);
  });

  it('of a type that only a later version knows waits for a process that knows it, and keeps no other organization waiting', async () => {
    const [grown, other] = [testOrg(), testOrg()];
    for (const contract of [OrgCreatedEvent, OrgChangedEvent])
      await grown.as(() => outbox().emit(contract, grown.id, facts(contract.method)));
    relay();
    await until(async () => (await waiting()) === 0);
    // From here on this process is of the version before.
    const catalog = CATALOG as Map<string, Contract>;
    const later = typeOf(OrgChangedEvent);
    catalog.delete(later);
    try {
      await consumer();
      await until(() => outcomes.some((outcome) => outcome === 'unknown' || outcome === 'rejected'));
      expect(outcomes).not.toContain('rejected');
      await until(() => outcomes.filter((outcome) => outcome === 'unknown').length > 2);
      await other.as(() => outbox(() => undefined).emit(OrgCreatedEvent, other.id, facts('other')));
      await until(async () => (await stamps(other)).length === 1);
      expect(await stamps(grown)).toEqual(['org.created']);
      expect(outcomes).not.toContain('buried');
    } finally {
      catalog.set(later, OrgChangedEvent);
    }
    await until(async () => (await stamps(grown)).length === 2);
    expect(await stamps(grown)).toEqual(['org.created', 'org.changed']);
  });

  it('that fails is tried again, and delays no other organization', async () => {
    const [poisoned, sound] = [testOrg(), testOrg()];
    let attempts = 0;
    reaction = async (org, { slug }) => {
      if (org === poisoned.id && ++attempts < 3) throw new Error('not yet');
      await test.database.query(stamp, { id: newId(), text: slug });
    };
    relay();
    await consumer();
    await poisoned.as(() => outbox().emit(OrgCreatedEvent, poisoned.id, facts('poisoned')));
    await sound.as(() => outbox().emit(OrgCreatedEvent, sound.id, facts('sound')));
    await until(async () => (await stamps(sound)).length === 1);
    await until(async () => (await stamps(poisoned)).length === 1);
    expect(attempts).toBe(3);
  });

  it('that waited long is tried as often as any other', async () => {
    const org = testOrg();
    let attempts = 0;
    reaction = async (_org, { slug }) => {
      await test.database.query(stamp, { id: newId(), text: slug });
      if (slug === 'second' && ++attempts < 3) throw new Error('not yet');
    };
    for (const slug of ['first', 'second']) await org.as(() => outbox().emit(OrgChangedEvent, org.id, facts(slug)));
    await test.admin(`update specimen.outbox set published_at = now() where org_id = $1 and entity_version = 1`, [
      org.id,
    ]);
    await consumer();
    const publishing = relay();
    await until(() => outcomes.filter((outcome) => outcome === 'early').length >= 10);
    await test.admin(`update specimen.outbox set published_at = null where org_id = $1 and entity_version = 1`, [
      org.id,
    ]);
    publishing.wake();
    await until(async () => (await stamps(org)).length === 2);
    expect([await stamps(org), attempts]).toEqual([['first', 'second'], 3]);
  });

  it('that cannot be handled lies among the dead letters of its organization, those after it behind it, and others go on', async () => {
    const [poisoned, sound] = [testOrg(), testOrg()];
    relay();
    await consumer();
    await test.admin(
      `insert into specimen.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
      values ($1, $2, $3, 'org', $1, 1, 'x', 'r', '{"slug":17}', now(), 1)`,
      [poisoned.id, randomUUID(), typeOf(OrgCreatedEvent)],
    );
    await poisoned.as(() => outbox().emit(OrgChangedEvent, poisoned.id, facts('behind')));
    await sound.as(() => outbox().emit(OrgCreatedEvent, sound.id, facts('sound')));
    await until(async () => (await stamps(sound)).length === 1);
    const letters = (): Promise<Record<string, unknown>[]> =>
      test.admin(
        'select entity_version::int, reason from specimen.dead_letters where org_id = $1 order by entity_version',
        [poisoned.id],
      );
    await until(async () => (await letters()).length === 2);
    expect(await letters()).toEqual([
      { entity_version: 1, reason: 'validation_failed' },
      { entity_version: 2, reason: 'behind-dead-letter' },
    ]);
    expect(await stamps(poisoned)).toEqual([]);
  });

  /** The first event of an organization, as an outbox has it. */
  const createdRow = (org: TestOrg, body: object) => ({
    org_id: org.id,
    id: randomUUID(),
    type: typeOf(OrgCreatedEvent),
    entity: 'org',
    entity_id: org.id,
    entity_version: 1,
    request_id: 'r',
    trace: null,
    body: JSON.stringify(body),
    created_at: new Date(),
  });

  it.each([
    ['of another organization', { org_id: randomUUID() }],
    ['with another body', { body: JSON.stringify(facts('other')) }],
    ['of another entity', { entity_id: randomUUID() }],
    ['of another version', { entity_version: 2 }],
    ['under another id', { id: randomUUID() }],
  ])('whose seal is that of one %s is rejected before any handler', async (_, sealedAs) => {
    const org = testOrg();
    await consumer();
    const row = createdRow(org, facts());
    const [, seal = ''] = sealer.sign([toSign(row), toSign({ ...row, ...sealedAs })]);
    const told = writeEvent('orgs', OrgCreatedEvent, row, seal);
    await jetstream(orgs.connection).publish(told.subject, row.body, { headers: told.headers });
    await until(() => outcomes.includes('rejected'));
    expect([outcomes, await stamps(org)]).toEqual([['rejected'], []]);
  });

  it.each([
    ['one long header', 1, HEADER_BYTES],
    ['many short headers', 2_000, 1],
    ['as many headers as a stream takes,', 5_500, 1],
  ])('with %s is rejected before any is read, and holds up no other', async (_name, count, length) => {
    const lines = Array.from({ length: count }, (_, index) => `x${index}: ${'x'.repeat(length)}\r\n`).join('');
    const publish = async (org: TestOrg, more: string): Promise<unknown> => {
      const row = createdRow(org, facts(org.id));
      const [seal = ''] = sealer.sign([toSign(row)]);
      const { subject, headers } = writeEvent('orgs', OrgCreatedEvent, row, seal);
      const bytes = Buffer.from(`${String(headers).slice(0, -2)}${more}\r\n`);
      // The client that publishes could not make them in minutes either.
      return orgs.connection.request(subject, row.body, {
        timeout: 5_000,
        headers: Object.assign(headers, { encode: () => bytes }),
      });
    };
    const [bombed, sound] = [testOrg(), testOrg()];
    await consumer();
    await publish(bombed, lines);
    await publish(sound, '');
    await until(() => outcomes.length === 2);
    expect([outcomes, await stamps(bombed), await stamps(sound)]).toEqual([['rejected', 'handled'], [], [sound.id]]);
  });

  describe('that JetStream never delivers', () => {
    let reconciler: EventReconciler;
    let behind: boolean;
    /** How often it looked whether orgs has told of anything else. */
    let looks = 0;
    let history: MessageServer;
    const observer: ConsumerObserver = {
      event: (_type, _org, outcome) => outcomes.push(outcome),
      failed: (_type, _id, error) => failures.push(error),
    };
    const lost = (): Promise<unknown> =>
      test.admin('update specimen.outbox set published_at = now() where published_at is null');
    /** As if it had been written a while ago. */
    const aged = (): Promise<unknown> =>
      test.admin(`update specimen.outbox set created_at = now() - interval '1 minute'`);
    /** … and no transaction of then is open any more, of whatever spec on the server. */
    const settled = async (): Promise<void> => {
      await aged();
      const open =
        'select 1 from specimen.outbox where written_in >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint limit 1';
      await until(async () => (await test.admin(open)).length === 0);
    };

    beforeAll(async () => {
      history = await answerHistory(test, orgs, (error) => failures.push(error));
    });
    afterAll(() => history?.close());
    beforeEach(async () => {
      behind = false;
      looks = 0;
      const react: Reaction = (payload) => reaction(currentTenant().orgId as string, payload as orgsMessages.OrgFacts);
      reconciler = new EventReconciler({
        service: 'billing-stars',
        bus: new Bus(
          'billing-stars',
          new MessageKeys('billing-stars', testProcessConfig('billing-stars')),
          billing.connection,
        ),
        database: test.database,
        schema: 'specimen',
        deadLetters: new DeadLetters(test.database, 'specimen'),
        observer,
        isBehind: (producer) => {
          looks += Number(producer === 'orgs');
          return behind;
        },
        reactor: new EventReactor(
          new Inbox(test.database, 'specimen'),
          new DeadLetters(test.database, 'specimen'),
          () => react,
          observer,
        ),
      });
    });

    it('is waited for while JetStream delivers, and brought when it does not come', async () => {
      running.push(reconciler);
      reconciler.start();
      // By the second look it has compared once.
      await until(() => looks > 1);
      behind = true;
      const org = testOrg();
      await org.as(() => outbox().emit(OrgCreatedEvent, org.id, facts('late')));
      await lost();
      const before = looks;
      await until(() => looks > before + 2);
      expect(await stamps(org)).toEqual([]);
      behind = false;
      await until(async () => (await stamps(org)).length === 1);
    });

    it('is brought from where it was written, once and in order', async () => {
      const org = testOrg();
      for (const slug of ['one', 'two', 'three'])
        await org.as(() => outbox().emit(OrgChangedEvent, org.id, facts(slug)));
      await lost();
      await reconciler.compare('orgs');
      expect(await stamps(org)).toEqual([]);
      await settled();
      await reconciler.compare('orgs');
      expect(await stamps(org)).toEqual(['one', 'two', 'three']);
      expect(await reconciler.compare('orgs')).toBe(0);
    });

    it('is handled anew, and all behind it, when somebody asks for it', async () => {
      const org = testOrg();
      const origin = { source: 'orgs', entity: 'org' } as const;
      const letters = new DeadLetters(test.database, 'specimen');
      let broken = true;
      const usual = reaction;
      reaction = async (of, payload) => {
        if (of === org.id && broken) throw new DomainError('validation_failed', 'a mistake of ours');
        await usual(of, payload);
      };
      for (const slug of ['poison', 'behind']) await org.as(() => outbox().emit(OrgChangedEvent, org.id, facts(slug)));
      await lost();
      await settled();
      await reconciler.compare('orgs');
      expect(await org.as(() => letters.of(origin, org.id))).toMatchObject([
        { entity_version: 1, reason: 'validation_failed' },
        { entity_version: 2, reason: 'behind-dead-letter' },
      ]);
      expect(await asPlatform(() => letters.list())).toContainEqual(
        expect.objectContaining({ org_id: org.id, entity_id: org.id, replay: false }),
      );
      await reconciler.replay();
      expect(await stamps(org)).toEqual([]);
      broken = false;
      expect(await org.as(() => letters.askForReplay(origin, org.id), ITSELF)).toBe(true);
      expect(await testOrg().as(() => letters.askForReplay(origin, org.id), ITSELF)).toBe(false);
      await reconciler.replay();
      expect(await stamps(org)).toEqual(['poison', 'behind']);
      expect(await org.as(() => letters.of(origin, org.id))).toEqual([]);
      expect((await asPlatform(() => letters.list())).filter(({ org_id }) => org_id === org.id)).toEqual([]);
    });

    it('is given up by itself: those behind it are handled, and nothing gives up twice', async () => {
      const org = testOrg();
      const origin = { source: 'orgs', entity: 'org' } as const;
      const letters = new DeadLetters(test.database, 'specimen');
      const usual = reaction;
      reaction = async (of, payload) => {
        if (payload.slug.startsWith('poison')) throw new DomainError('validation_failed', 'a mistake of ours');
        await usual(of, payload);
      };
      for (const slug of ['poison-1', 'second', 'poison-3', 'fourth'])
        await org.as(() => outbox().emit(OrgChangedEvent, org.id, facts(slug)));
      await lost();
      await settled();
      await reconciler.compare('orgs');
      for (const [entity_version, seen] of [
        [1, ['second']],
        [3, ['second', 'fourth']],
      ] as const) {
        const type = typeOf(OrgChangedEvent);
        expect(await org.as(() => letters.giveUp(origin, org.id), ITSELF)).toEqual({ type, entity_version });
        expect(await org.as(() => letters.giveUp(origin, org.id), ITSELF)).toBeUndefined();
        expect(await testOrg().as(() => letters.giveUp(origin, org.id), ITSELF)).toBeUndefined();
        await reconciler.replay();
        expect(await stamps(org)).toEqual(seen);
      }
      expect(await org.as(() => letters.of(origin, org.id))).toEqual([]);
    });

    it('and was still being written while others were compared is brought too', async () => {
      const [slow, quick] = [testOrg(), testOrg()];
      const writer = new pg.Client({ connectionString: test.adminUrl });
      await writer.connect();
      await writer.query('begin');
      await writer.query(
        `insert into specimen.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in, published_at)
        values ($1, $2, $3, 'org', $1, 1, 'x', 'r', $4, now() - interval '1 minute', pg_current_xact_id()::text::bigint, now())`,
        [slow.id, randomUUID(), typeOf(OrgCreatedEvent), JSON.stringify(facts('slow'))],
      );
      await quick.as(() => outbox().emit(OrgCreatedEvent, quick.id, facts('quick')));
      await lost();
      await aged();
      await reconciler.compare('orgs');
      expect(await stamps(slow)).toEqual([]);
      await writer.query('commit');
      await writer.end();
      await settled();
      await reconciler.compare('orgs');
      expect([await stamps(slow), await stamps(quick)]).toEqual([['slow'], ['quick']]);
    });

    it('and fails holds up no other organization, and is met again', async () => {
      const [failing, sound] = [testOrg(), testOrg()];
      let broken = true;
      const usual = reaction;
      reaction = async (org, payload) => {
        if (org === failing.id && broken) throw new Error('not yet');
        await usual(org, payload);
      };
      for (const org of [failing, sound]) await org.as(() => outbox().emit(OrgCreatedEvent, org.id, facts('x')));
      await lost();
      await settled();
      await reconciler.compare('orgs');
      expect([await stamps(failing), await stamps(sound)]).toEqual([[], ['x']]);
      broken = false;
      await reconciler.compare('orgs');
      expect(await stamps(failing)).toEqual(['x']);
    });

    it('is brought at once when a later one waits for it', async () => {
      const org = testOrg();
      for (const slug of ['first', 'second']) await org.as(() => outbox().emit(OrgChangedEvent, org.id, facts(slug)));
      await test.admin(`update specimen.outbox set published_at = now() where org_id = $1 and entity_version = 1`, [
        org.id,
      ]);
      await consumer((contract, event) => void reconciler.bring(contract, event));
      relay();
      await until(async () => (await stamps(org)).length === 2);
      expect(await stamps(org)).toEqual(['first', 'second']);
    });
  });

  it('is known to be on its way while JetStream has more than it delivered', async () => {
    const orgsOfTest = Array.from({ length: 200 }, () => testOrg());
    const begin = Promise.withResolvers<void>();
    const handled = new Set<string>();
    reaction = (org) => begin.promise.then(() => void handled.add(org));
    for (const org of orgsOfTest) await org.as(() => outbox().emit(OrgCreatedEvent, org.id, facts()));
    const publishing = relay();
    publishing.wake();
    await until(async () => (await waiting()) === 0);
    const made = await consumer();
    await until(() => made.isBehind('orgs'));
    expect(made.isBehind('leads')).toBe(false);
    begin.resolve();
    await until(() => orgsOfTest.every(({ id }) => handled.has(id)));
    expect(made.isBehind('orgs')).toBe(false);
  });

  it('is kept to its organization: nobody reads the outbox but by functions, which give others nothing', async () => {
    const [a, b] = [testOrg(), testOrg()];
    await a.as(() => outbox().emit(OrgCreatedEvent, a.id, facts()));
    const look = statement<{ n: number }>('look', 'select count(*)::int as n from specimen.outbox where org_id = :org');
    await expect(a.as(() => test.database.query(look, {}))).rejects.toMatchObject({ code: '42501' });
    const told = functionCall<{ told: string }, { id: string }>(
      'told',
      "select * from specimen.events_of_entity('org', :id::uuid, 0, 20)",
    );
    expect(await b.as(() => test.database.query(told, { id: a.id }))).toEqual([]);
    expect(await a.as(() => test.database.query(told, { id: a.id }))).toHaveLength(1);
  });
});
