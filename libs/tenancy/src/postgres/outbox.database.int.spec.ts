import { setTimeout as sleep } from 'node:timers/promises';
import { specimenSchema, testDatabase, type TestDatabase } from '@apollo/testing';
import { newId } from '@apollo/tenancy';
import pg from 'pg';
import { OutboxDatabase } from './outbox.database.js';

describe('an outbox', () => {
  let test: TestDatabase;
  const relays: pg.Client[] = [];
  const relay = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: test.relayUrl });
    await client.connect();
    relays.push(client);
    return client;
  };

  beforeAll(async () => {
    test = await testDatabase(await specimenSchema());
  });
  afterAll(async () => {
    await Promise.all(relays.map((client) => client.end()));
    await test.drop();
  });

  it('is read by one relay while another marks what it is about to take', async () => {
    const [taken, left] = [newId(), newId()];
    for (const id of [taken, left]) {
      await test.admin(
        `insert into specimen.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
        values ($1, $1, 'specimen.thing.v1', 'thing', $1, 1, 'x', 'r', '{}', now(), 1)`,
        [id],
      );
    }
    const [first, second] = [await relay(), await relay()];
    await first.query('begin');
    await first.query('update specimen.outbox set published_at = now() where id = $1', [taken]);
    const next = second.query<{ id: string }>(
      'select id from specimen.outbox where published_at is null order by created_at, id for update',
    );
    const waiting =
      'select 1 from pg_locks l join pg_stat_activity s on s.pid = l.pid where not l.granted and s.datname = current_database()';
    while ((await test.admin(waiting)).length === 0) await sleep(10);
    await first.query('commit');
    // Postgres looks at the row again, and on the way at everything the policy names.
    expect((await next).rows).toEqual([{ id: left }]);
  });

  it('is read by its indexes, also where it was empty when the plans were made and nobody has counted since', async () => {
    await test.admin('truncate specimen.outbox');
    const outbox = new OutboxDatabase(test.relayUrl, 'specimen');
    const wanted = { limit: 20, types: ['specimen.thing.v1'] };
    const handOn = () => outbox.handOn(wanted, (events) => Promise.resolve(events.map((event) => ({ event }))));
    const write = (count: number) =>
      test.admin(
        `insert into specimen.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
        select gen_random_uuid(), uuidv7(), 'specimen.thing.v1', 'thing', gen_random_uuid(), 1, 'x', 'r', '{}', now(), 1 from generate_series(1, $1::int)`,
        [count],
      );
    for (let batch = 0; batch < 12; batch++) {
      await write(20);
      await handOn();
    }
    const scans = async (): Promise<number> => {
      const [row] = await test.admin(
        "select seq_scan::int as scans from pg_stat_user_tables where relid = 'specimen.outbox'::regclass",
      );
      return Number(row?.['scans']);
    };
    await write(2_000);
    const before = await scans();
    while ((await handOn()).found > 0);
    // What a connection did is counted when it is closed, at the latest.
    await outbox.close();
    await sleep(200);
    expect((await scans()) - before).toBe(0);
  });

  it('gives as much as there is to whoever asks beside a batch under way, and says that there may be more', async () => {
    await test.admin('delete from specimen.outbox');
    await test.admin(
      `insert into specimen.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
      select gen_random_uuid(), uuidv7(), 'specimen.thing.v1', 'thing', gen_random_uuid(), 1, 'x', 'r', '{}', now(), 1 from generate_series(1, 200)`,
    );
    const outbox = new OutboxDatabase(test.relayUrl, 'specimen');
    const batches: { found: number; more: boolean }[] = [];
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    let claimed = (): void => undefined;
    const underWay = new Promise<void>((resolve) => (claimed = resolve));
    const hold = outbox.handOn({ limit: 20, types: ['specimen.thing.v1'] }, async (events) => {
      claimed();
      await gate;
      return events.map((event) => ({ event }));
    });
    await underWay;
    for (let more = true; more;) {
      await outbox
        .handOn({ limit: 20, types: ['specimen.thing.v1'] }, async (events, thereMayBe) => {
          batches.push({ found: events.length, more: (more = thereMayBe) });
          return events.map((event) => ({ event }));
        })
        .then(({ found }) => {
          if (found === 0) more = false;
        });
    }
    go();
    expect((await hold).found).toBe(20);
    await outbox.close();
    expect(batches.map(({ found }) => found)).toEqual(Array.from({ length: 9 }, () => 20));
    expect(batches.every(({ more }) => more)).toBe(true);
  });

  it('gives what is to be published while others ask what was written, however much they ask', async () => {
    await test.admin('delete from specimen.outbox');
    await test.admin(
      `insert into specimen.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
      select $1, uuidv7(), 'specimen.thing.v1', 'thing', gen_random_uuid(), 1, 'x', 'r', '{}', now() - interval '1 minute', 1 from generate_series(1, 20)`,
      [newId()],
    );
    const outbox = new OutboxDatabase(test.relayUrl, 'specimen');
    let asked = 0;
    const questions = Array.from({ length: 2_000 }, () => outbox.heads(null, null, 1_000).then(() => (asked += 1)));
    const { found } = await outbox.handOn({ limit: 20, types: ['specimen.thing.v1'] }, async (events) =>
      events.map((event) => ({ event })),
    );
    expect(found).toBe(20);
    expect(asked).toBeLessThan(questions.length / 2);
    await Promise.all(questions);
    await outbox.close();
  });

  it('leaves events of a later version to a relay that knows them, and gives what lies behind them', async () => {
    await test.admin('delete from specimen.outbox');
    await test.admin(
      `insert into specimen.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
      select $1, uuidv7(), case when n > 60 then 'specimen.thing.v1' else 'specimen.thing.v2' end, 'thing', gen_random_uuid(), 1, 'x', 'r', '{}', now() + n * interval '1 ms', 1
      from generate_series(1, 61) n`,
      [newId()],
    );
    const outbox = new OutboxDatabase(test.relayUrl, 'specimen');
    const given = async (types: string[]): Promise<string[]> => {
      const all: string[] = [];
      await outbox.handOn({ limit: 20, types }, async (events) => {
        all.push(...events.map(({ type }) => type));
        return events.map((event) => ({ event }));
      });
      return all;
    };
    expect(await given(['specimen.thing.v1'])).toEqual(['specimen.thing.v1']);
    expect(await given(['specimen.thing.v1'])).toEqual([]);
    expect(await given(['specimen.thing.v1', 'specimen.thing.v2'])).toEqual(Array(20).fill('specimen.thing.v2'));
    await outbox.close();
  });
});
