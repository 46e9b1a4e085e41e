import { randomUUID } from 'node:crypto';
import {
  historyMessages,
  ImportFinishedEvent,
  OrgChangedEvent,
  OrgCreatedEvent,
  type Role,
  typeOf,
} from '@apollo/contracts';
import { OutboxDatabase } from '@apollo/tenancy/postgres';
import { specimenSchema, testDatabase, type TestDatabase, type TestOrg, testOrg, until } from '@apollo/testing';
import pg from 'pg';
import { EventHistory } from './event.history.js';

/** Of which whoever asks takes events. */
const KINDS = ['org', 'member', 'lead', 'x'];

describe('an organization’s history of events', () => {
  let test: TestDatabase;
  let outbox: OutboxDatabase;
  let history: EventHistory;

  beforeAll(async () => {
    test = await testDatabase(await specimenSchema());
    outbox = new OutboxDatabase(test.relayUrl, 'specimen');
    history = new EventHistory(outbox, test.database, 'specimen');
  }, 60_000);
  afterAll(async () => {
    await outbox?.close();
    await test?.drop();
  });

  it('is shown to whom its contract lets see it, what is one person’s own to that person alone, and from where somebody left off', async () => {
    const [org, other] = [testOrg(), testOrg()];
    const mine = randomUUID();
    const write = (of: TestOrg, type: string, version: number, person: string | null = null): Promise<unknown> =>
      test.admin(
        `
      insert into specimen.outbox (org_id, id, type, entity, entity_id, entity_version, actor, person_id, request_id, body, created_at, written_in)
      values ($1, $2, $3, 'x', $1, $4, 'x', $5, 'r', '{}', now(), pg_current_xact_id()::text::bigint)`,
        [of.id, randomUUID(), type, version, person],
      );
    await write(org, typeOf(OrgCreatedEvent), 1);
    await write(org, typeOf(ImportFinishedEvent), 2);
    await write(org, typeOf(OrgChangedEvent), 3, mine);
    await write(other, typeOf(OrgCreatedEvent), 1);
    const seen = (
      role: Role,
      after: string = historyMessages.NO_EVENT,
      actor?: string,
    ): Promise<{ told: number[]; last: string }> =>
      org.as(
        async () => {
          const { items, last } = await history.stream({ after, limit: 10 });
          return { told: items.map(({ entity_version }) => entity_version), last };
        },
        { role, actor },
      );
    // What is younger than any open transaction of the run is told once that has ended.
    await until(async () => (await seen('owner')).told.length === 2);
    await until(async () => (await seen('viewer', undefined, mine)).told.length === 2);
    expect((await seen('owner')).told).toEqual([1, 2]);
    expect((await seen('viewer')).told).toEqual([1]);
    expect((await seen('viewer', undefined, mine)).told).toEqual([1, 3]);
    const { last } = await seen('viewer');
    expect(await seen('owner', last)).toEqual({ told: [], last });
    const [theirs] = await test.admin('select id from specimen.outbox where org_id = $1', [other.id]);
    await expect(seen('owner', String(theirs?.['id']))).rejects.toMatchObject({ code: 'invalid_cursor' });
  });

  it('is compared by those who follow it: each hears of the kinds of entity it asks for', async () => {
    const org = testOrg();
    const { mark } = await history.heads({}, KINDS);
    for (const [version, entity] of ['org', 'member', 'org'].entries())
      await test.admin(
        `insert into specimen.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
        values ($1, $2, $3, $4, $1, $5, 'x', 'r', '{}', now() - interval '1 minute', pg_current_xact_id()::text::bigint)`,
        [org.id, randomUUID(), typeOf(OrgCreatedEvent), entity, version + 1],
      );
    const compared = async (entities?: string[], taken = KINDS): Promise<number[]> =>
      (await history.heads({ mark, entities }, taken)).items.flatMap((head) =>
        head.org_id === org.id ? [head.entity_version] : [],
      );
    await until(async () => (await compared()).length === 3);
    expect(await compared(['member'])).toEqual([2]);
    expect(await compared(['org', 'member'])).toEqual([1, 2, 3]);
    expect(await compared(['lead'])).toEqual([]);
    expect(await compared(undefined, ['member'])).toEqual([2]);
    expect(await compared(['org', 'member'], ['member'])).toEqual([2]);
    expect(await compared(['org'], [])).toEqual([]);
    // What it does not hear of is behind its mark as well.
    const passed = await history.heads({ mark, entities: ['lead'] }, KINDS);
    expect(passed.complete).toBe(true);
    expect((await history.heads({ mark: passed.mark }, KINDS)).items.filter((head) => head.org_id === org.id)).toEqual(
      [],
    );
  });

  it('is told whatever transactions are open elsewhere: of another service, in another database; not past one of its own service', async () => {
    const org = testOrg();
    const write = (version: number): Promise<unknown> =>
      test.admin(
        `insert into specimen.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
        values ($1, $2, $3, 'x', $1, $4, 'x', 'r', '{}', now() - interval '1 minute', pg_current_xact_id()::text::bigint)`,
        [org.id, randomUUID(), typeOf(OrgCreatedEvent), version],
      );
    const told = async (): Promise<number[]> =>
      (await org.as(() => history.stream({ after: historyMessages.NO_EVENT, limit: 10 }), { role: 'owner' })).items.map(
        (event) => event.entity_version,
      );
    /** Versions that whoever compares learns of behind a mark. */
    const compared = async (mark: string | undefined): Promise<number[]> =>
      (await history.heads({ mark }, KINDS)).items.flatMap((head) =>
        head.org_id === org.id ? [head.entity_version] : [],
      );
    const role = `elsewhere_${randomUUID().slice(0, 8)}`;
    await test.admin(`create role ${role} login password 'elsewhere'`);
    const at = (from: string, change: (url: URL) => void = () => undefined): string => {
      const url = new URL(from);
      change(url);
      return url.href;
    };
    await test.admin(`grant connect on database "${new URL(test.appUrl).pathname.slice(1)}" to ${role}`);
    const elsewhere = [
      at(test.appUrl, (url) => Object.assign(url, { username: role, password: 'elsewhere' })),
      at(test.adminUrl, (url) => (url.pathname = '/postgres')),
    ];
    const open = async (url: string): Promise<pg.Client> => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query('begin');
      await client.query('select pg_current_xact_id()');
      return client;
    };
    const others = await Promise.all(elsewhere.map(open));
    try {
      const { mark } = await history.heads({}, KINDS);
      await write(1);
      // A transaction of a spec beside this one that ends while it is looked up counts, for nobody can be named for it.
      await until(async () => (await told()).length === 1);
      // What the specs before have just written is compared once it may well have arrived.
      await until(async () => (await compared(mark)).length === 1);
      for (const own of [test.appUrl, test.migrateUrl]) {
        const before = await told();
        const writer = await open(own);
        await write(before.length + 1);
        expect(await told()).toEqual(before);
        expect(await compared(mark)).toEqual(before);
        await writer.end();
        await until(async () => (await told()).length === before.length + 1);
      }
    } finally {
      await Promise.all(others.map((client) => client.end()));
      await test.admin(`drop owned by ${role}`);
      await test.admin(`drop role ${role}`);
    }
  });

  it('is told in answers that one message carries, and whole by going on, however large its events are', async () => {
    const org = testOrg();
    const body = JSON.stringify({ text: '"'.repeat(90_000) });
    await test.admin(
      `insert into specimen.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
      select $1, gen_random_uuid(), $2, 'x', $1, n, 'x', 'r', $3, now(), pg_current_xact_id()::text::bigint from generate_series(1, 8) n`,
      [org.id, typeOf(OrgCreatedEvent), body],
    );
    const carried = (answer: object): boolean => Buffer.byteLength(JSON.stringify(answer)) < 1_000_000;
    const streamed = async (): Promise<number[]> => {
      const told: number[] = [];
      for (let after: string = historyMessages.NO_EVENT, more = true; more;) {
        const answer = await org.as(() => history.stream({ after, limit: 100 }));
        expect(carried(answer)).toBe(true);
        told.push(...answer.items.map(({ entity_version }) => entity_version));
        [after, more] = [answer.last, !answer.complete];
      }
      return told.sort((one, other) => one - other);
    };
    await until(async () => (await streamed()).length > 0);
    const versions = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(await streamed()).toEqual(versions);
    const ofEntity: number[] = [];
    for (let more = true; more;) {
      const request = { entity: 'x', entity_id: org.id, after: ofEntity.at(-1) ?? 0 };
      const answer = await org.as(() => history.events(request, KINDS));
      expect(carried(answer)).toBe(true);
      ofEntity.push(...answer.items.map(({ entity_version }) => entity_version));
      more = answer.items.length > 0;
    }
    expect(ofEntity).toEqual(versions);
  });
});
