import { setTimeout as sleep } from 'node:timers/promises';
import { specimenSchema, testDatabase, type TestDatabase } from '@apollo/testing';
import { newId } from '@apollo/tenancy';
import pg from 'pg';

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
});
