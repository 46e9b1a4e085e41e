import { randomUUID } from 'node:crypto';
import { OrgCreatedEvent, typeOf } from '@apollo/contracts';
import { OutboxDatabase } from '@apollo/tenancy/postgres';
import {
  Attacker,
  type OwnBus,
  ownBus,
  specimenSchema,
  testDatabase,
  type TestDatabase,
  testOrg,
  type TestOrg,
  type TestPeer,
  testPeer,
  testProcessConfig,
  until,
} from '@apollo/testing';
import { EventSigner } from './event.seal.js';
import { Outbox } from './outbox.js';
import { OutboxRelay } from './outbox.relay.js';

const FACTS = { slug: 'x', time_zone: 'UTC', currency: 'EUR', status: 'active' } as const;
const MEGABYTE = 1_048_576;

/** A writes into its outbox whatever SQL can; B's events are published meanwhile. */
describe('A74 what one organization writes into the outbox', () => {
  let test: TestDatabase;
  let a: TestOrg;
  let b: TestOrg;
  let attacker: Attacker;

  beforeAll(async () => {
    test = await testDatabase(await specimenSchema(), { poolSize: 4 });
  });
  beforeEach(async () => {
    [a, b] = [testOrg(), testOrg()];
    attacker = await Attacker.connect(test, a);
  });
  afterEach(async () => {
    await attacker.close();
    await test.admin('delete from specimen.outbox');
  });
  afterAll(() => test.drop());

  const emit = (org: TestOrg): Promise<void> =>
    org.as(() => new Outbox(test.database, 'specimen', () => undefined).emit(OrgCreatedEvent, org.id, FACTS));
  const write = (type: string, body: string, request = 'r'): string =>
    `select specimen.write_event('${type}', '${randomUUID()}', '${a.owner}', null, '${request}', null, ${body})`;
  const sound = typeOf(OrgCreatedEvent);

  /** As a row of before the functions, or of a service that was set back, would lie there. */
  const plant = (
    org: TestOrg,
    row: { type?: string; body?: string; at?: string; request?: string },
    count = 1,
  ): Promise<unknown> =>
    test.admin(
      `insert into specimen.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
      select $1::uuid, gen_random_uuid(), $2, 'org', gen_random_uuid(), 1, 'x', $6, $3, $4::timestamptz, 1 from generate_series(1, $5)`,
      [org.id, row.type ?? sound, row.body ?? JSON.stringify(FACTS), row.at ?? '2000-01-01', count, row.request ?? 'r'],
    );

  it('is an event of the catalog with times of the server, or nothing', async () => {
    expect((await attacker.commit(write(sound, "'{}'"))).code).toBeUndefined();
    const [row] = await test.admin(
      "select entity, entity_version::int as version, created_at between now() - interval '1 minute' and now() as now, written_in > 1 as here from specimen.outbox where org_id = $1",
      [a.id],
    );
    expect(row).toEqual({ entity: 'org', version: 1, now: true, here: true });
  });

  it.each([
    ['a type nobody knows', () => write('specimen.thing.v1', "'{}'"), '22023'],
    [
      'a type that is none at all',
      () => `select specimen.write_event(null, null, '${a.owner}', null, null, null, null)`,
      '22023',
    ],
    ['a body of a megabyte', () => write(sound, `repeat('x', ${MEGABYTE})`), '54000'],
    ['a request of two lines', () => write(sound, "'{}'", "r' || chr(10) || 'r"), '22023'],
    ['a request of no letter', () => write(sound, "'{}'", ''), '22023'],
    ['a body that is no object', () => write(sound, "'x'"), '22023'],
    ['a body deeper than a reader looks', () => write(sound, `repeat('{"a":', 30000)`), '54000'],
    ['a body with what is no text', () => write(sound, `'{"a":"' || chr(133) || '"}'`), '22023'],
    ['a request of a megabyte', () => write(sound, "'{}'", 'x'.repeat(MEGABYTE)), '54000'],
    [
      'a row of its own making',
      () =>
        `insert into specimen.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in) values ('${a.id}', '${randomUUID()}', '${sound}', 'org', '${a.id}', 1, 'x', 'r', '{}', '9999-12-31', 1)`,
      '42501',
    ],
    ['a mark', () => 'update specimen.outbox set published_at = null', '42501'],
  ])('cannot be %s', async (_what, sql, code) => {
    expect((await attacker.commit(sql())).code).toBe(code);
    expect(await test.admin('select 1 from specimen.outbox where org_id = $1', [a.id])).toEqual([]);
  });

  it('fills one batch at most before the others have their share', async () => {
    await plant(a, {}, 500);
    await emit(b);
    const outbox = new OutboxDatabase(test.relayUrl, 'specimen');
    const batch = async (): Promise<string[]> => {
      let orgs: string[] = [];
      await outbox.handOn({ limit: 100, types: [sound] }, async (events) => {
        orgs = events.map((event) => event.org_id);
        return events.map((event) => ({ event }));
      });
      return orgs;
    };
    const [first, second] = [await batch(), await batch()];
    await outbox.close();
    expect([...first, ...second]).toContain(b.id);
    const [left] = await test.admin('select count(*)::int as n from specimen.outbox where published_at is null');
    expect(left).toEqual({ n: 501 - first.length - second.length });
  });

  describe('and lies there all the same', () => {
    let bus: OwnBus;
    let orgs: TestPeer;
    let relay: OutboxRelay;
    const refusals: string[] = [];

    beforeAll(async () => {
      // As rows lie there of before the table had a bound.
      await test.admin('alter table specimen.outbox drop constraint outbox_sized');
      bus = await ownBus();
      orgs = await testPeer('orgs', bus.url);
      relay = new OutboxRelay(
        'orgs',
        new OutboxDatabase(test.relayUrl, 'specimen'),
        orgs.connection,
        new EventSigner('orgs', testProcessConfig('orgs').signingKey),
        {
          published: () => undefined,
          failed: () => undefined,
          refused: (event, reason) => refusals.push(`${event.org} ${reason}`),
        },
      );
      relay.start();
    }, 60_000);
    afterAll(async () => {
      await relay?.stop();
      await orgs?.close();
      await bus?.stop();
    });

    it('stops nobody else: a hundred rows of a type that no version knows, which wait for one', async () => {
      refusals.length = 0;
      await plant(a, { type: 'specimen.thing.v1' }, 100);
      await emit(b);
      relay.wake();
      const waiting = (org: TestOrg) =>
        test.admin('select 1 from specimen.outbox where org_id = $1 and published_at is null', [org.id]);
      await until(async () => (await waiting(b)).length === 0);
      expect([(await waiting(a)).length, refusals]).toEqual([100, []]);
    });

    it.each([
      ['a hundred rows of half a megabyte', { body: 'x'.repeat(MEGABYTE / 2) }, 100, 'it is too large'],
      ['what no header can carry', { request: 'r\r\nce-orgid: x' }, 100, 'no message can carry it'],
      ['a time before all times', { at: '-infinity' }, 100, 'no message can carry it'],
      ['a time long before all others', { at: '0001-01-01' }, 100, undefined],
      ['a time long after all others', { at: '9999-12-31' }, 100, undefined],
    ])(
      'stops nobody else: %s',
      async (_what, row, count, reason) => {
        refusals.length = 0;
        await plant(a, row, count);
        await emit(b);
        relay.wake();
        const published = async (org: TestOrg): Promise<number> =>
          (await test.admin('select 1 from specimen.outbox where org_id = $1 and published_at is not null', [org.id]))
            .length;
        let done: [number, number] = [0, 0];
        const isOver = async (): Promise<boolean> => {
          done = [await published(b), await published(a)];
          return done[0] + done[1] >= count + 1;
        };
        await until(isOver, { state: () => `${done[0]} of B, ${done[1]} of A` });
        // Each is put aside by itself, where it was written, and said.
        const aside = await test.admin('select distinct refused from specimen.outbox where org_id = $1', [a.id]);
        expect(aside).toEqual([{ refused: reason ?? null }]);
        expect(refusals).toEqual(reason ? Array.from({ length: count }, () => `${a.id} ${reason}`) : []);
        expect(await test.admin('select refused from specimen.outbox where org_id = $1', [b.id])).toEqual([
          { refused: null },
        ]);
      },
      60_000,
    );
  });
});
