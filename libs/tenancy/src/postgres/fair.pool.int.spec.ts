import { setTimeout as sleep } from 'node:timers/promises';
import {
  asPlatform,
  Attacker,
  specimenSchema,
  testDatabase,
  type TestDatabase,
  type TestOrg,
  twoOrgs,
  until,
} from '@apollo/testing';
import pg from 'pg';
import { newId } from '../index.js';
import { DatabaseBusyError, isUnavailable } from './database.errors.js';
import { platformStatement, statement, type TenantTransaction } from './index.js';

const SIZE = 4;
const add = statement<object, { id: string }>(
  'add own paper',
  "insert into specimen.papers (org_id, id, title, secret) values (:org, :id, 'own', 's')",
);
const change = statement<object, object>(
  'change own papers',
  "update specimen.papers set title = 'x' where org_id = :org",
);
const open = platformStatement<object>('nothing', 'select');

describe('A74 requests that wait for a row of their own organization', () => {
  const [a, b] = twoOrgs();
  let test: TestDatabase;
  let holder: Attacker;

  beforeAll(async () => {
    test = await testDatabase(await specimenSchema(), { poolSize: SIZE });
    for (const org of [a, b]) await org.as(() => test.database.query(add, { id: newId() }));
    holder = await Attacker.connect(test, a);
  });
  afterAll(async () => {
    await holder?.close();
    await test?.drop();
  });

  /** More requests of A than there are connections, all of which wait; ended by `finish`. */
  async function waiting(): Promise<{ finish: () => Promise<PromiseSettledResult<object[]>[]> }> {
    await holder.plain('begin', `select tenancy.carry('${holder.tag()}')`, "update specimen.papers set title = 'held'");
    const requests = Promise.allSettled(
      Array.from({ length: 3 * SIZE }, () => a.as(() => test.database.query(change, {}))),
    );
    await sleep(300);
    return {
      finish: async () => {
        await holder.plain('rollback');
        return requests;
      },
    };
  }

  it('keep no connection from another one, and are served when the row is free', async () => {
    const { finish } = await waiting();
    const since = performance.now();
    for (let n = 0; n < 10; n += 1) await b.as(() => test.database.query(open, {}));
    expect(performance.now() - since).toBeLessThan(2_000);
    const outcomes = await finish();
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 3 * SIZE }, () => 'fulfilled'));
  }, 30_000);

  /** What the platform does, and keeps its connection for, as it would while somebody has locked a row. */
  const wait = (): Promise<unknown> =>
    asPlatform(() =>
      test.database.transaction(async () => {
        await test.database.query(open, {});
        await sleep(2_000);
      }),
    );
  /** Each makes one request of A that waits, in one transaction with what the platform does. */
  const stepsIn: [string, () => Promise<unknown>][] = [
    ['the platform does it within what it began', () => a.as(() => test.database.transaction(() => wait()))],
    [
      'the platform begins it, and then steps in',
      () =>
        asPlatform(() =>
          test.database.transaction(async () => {
            await test.database.query(open, {});
            return a.as(() => test.database.query(change, {}));
          }),
        ),
    ],
    [
      'the platform begins it, and does it there',
      () =>
        asPlatform(() =>
          test.database.transaction(async () => {
            await test.database.query(open, {});
            return a.as(() => test.database.transaction(() => wait()));
          }),
        ),
    ],
  ];
  it.each(stepsIn)(
    'keep no connection from another one: where %s',
    async (_where, request) => {
      await holder.plain(
        'begin',
        `select tenancy.carry('${holder.tag()}')`,
        "update specimen.papers set title = 'held'",
      );
      const requests = Promise.allSettled(Array.from({ length: 3 * SIZE }, request));
      await sleep(300);
      const since = performance.now();
      const served = async (): Promise<number> => {
        for (let n = 0; n < 10; n += 1) await b.as(() => test.database.query(open, {}));
        await asPlatform(() => test.database.transaction(() => b.as(() => test.database.query(change, {}))));
        return performance.now() - since;
      };
      expect(await served().catch(() => Infinity)).toBeLessThan(3_000);
      await holder.plain('rollback');
      expect((await requests).map(({ status }) => status)).toContain('fulfilled');
      // Nothing is counted for A any more.
      await Promise.all(Array.from({ length: SIZE }, () => a.as(() => test.database.query(change, {}))));
    },
    30_000,
  );

  it.each([
    ['handed over', (tx: TenantTransaction) => Promise.resolve(tx.defer(change, {}))],
    ['sent', (tx: TenantTransaction) => tx.query(change, {})],
  ])(
    'keep no connection for groups from another one: %s',
    async (_how, work: (tx: TenantTransaction) => Promise<unknown>) => {
      const commit = (org: TestOrg): Promise<unknown> =>
        org.as(() => test.database.transaction(async (tx) => void (await work(tx)), { grouped: true }));
      await holder.plain(
        'begin',
        `select tenancy.carry('${holder.tag()}')`,
        "update specimen.papers set title = 'held'",
      );
      const requests = Array.from({ length: 40 }, () => commit(a));
      await sleep(300);
      const since = performance.now();
      const served = async (): Promise<number> => {
        for (let n = 0; n < 3; n += 1) {
          // Both are in one group at first.
          requests.push(commit(a));
          await commit(b);
        }
        return performance.now() - since;
      };
      expect(await served().catch(() => Infinity)).toBeLessThan(3_000);
      await holder.plain('rollback');
      await Promise.all(requests);
    },
    30_000,
  );

  it('are told in time that their organization holds all it may have', async () => {
    await holder.plain('begin', `select tenancy.carry('${holder.tag()}')`, "update specimen.papers set title = 'held'");
    const outcomes = await Promise.allSettled(
      Array.from({ length: 3 * SIZE }, () => a.as(() => test.database.query(change, {}))),
    );
    await holder.plain('rollback');
    const reasons = outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason as Error);
    // Those that have a connection wait for the lock as long as one may wait for it, the others as long for a
    // connection.
    expect(reasons.filter((reason) => reason instanceof DatabaseBusyError).length).toBeGreaterThanOrEqual(SIZE);
    await a.as(() => test.database.query(open, {}));
  }, 30_000);
});

describe('where the server lets no more connections in', () => {
  const [, b] = twoOrgs();
  let test: TestDatabase;
  const limit = async (connections: number): Promise<void> => {
    const database = new URL(test.adminUrl).pathname.slice(1);
    await test.admin(`alter database ${database} connection limit ${connections}`);
  };
  const ask = (): Promise<object[]> => b.as(() => test.database.query(open, {}));

  beforeEach(async () => {
    test = await testDatabase(await specimenSchema(), { poolSize: SIZE });
  });
  afterEach(async () => {
    await limit(-1);
    await test.drop();
  });

  it('those that there are serve everybody, and the service stays', async () => {
    await ask();
    await limit(0);
    const outcomes = await Promise.allSettled(Array.from({ length: 25 }, ask));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
    await test.database.assertServed();
    await test.database.ping();
  });

  it('nobody is served where there are none, and all are told so', async () => {
    await limit(0);
    const outcomes = await Promise.allSettled(Array.from({ length: 25 }, ask));
    const reasons = outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason as { code?: string });
    expect(reasons.map(({ code }) => code)).toEqual(Array.from({ length: 25 }, () => '53300'));
    await expect(test.database.assertServed()).rejects.toMatchObject({ code: '53300' });
  });
});

describe('where the server takes long to begin each connection (A75)', () => {
  const [, b] = twoOrgs();
  let test: TestDatabase;
  const ask = (): Promise<object[]> => b.as(() => test.database.query(open, {}));
  /** Server processes of the service's that the server is beginning. */
  const beginning = async (): Promise<number> =>
    (await test.admin("select from pg_locks where locktype = 'advisory' and not granted")).length;

  beforeEach(async () => {
    test = await testDatabase(await specimenSchema(), { poolSize: SIZE });
    // As with a default of half a gigabyte: it lasts, and the server heeds neither that the client has gone, nor any
    // limit.
    await test.admin(`
      create function public.begin_slowly() returns event_trigger language plpgsql security definer set lock_timeout = 0 as
        $$ begin if session_user::text like 'specimen%' then perform pg_advisory_xact_lock_shared(4711); end if; end $$;
      grant execute on function public.begin_slowly() to public;
      create event trigger begin_slowly on login execute function public.begin_slowly()`);
  });
  afterEach(() => test.drop());

  it('it begins two of a process and no more, however many ask again; once it is quick, all are served', async () => {
    const admin = new pg.Client({ connectionString: test.adminUrl });
    await admin.connect();
    await admin.query('select pg_advisory_lock(4711)');
    let most = 0;
    let isOver = false;
    const look = async (): Promise<boolean> => {
      most = Math.max(most, await beginning());
      return isOver;
    };
    const watch = until(look, { withinMs: 55_000 });
    const outcomes: unknown[] = [];
    for (let round = 0; round < 2; round += 1)
      outcomes.push(
        ...(await Promise.allSettled([...Array.from({ length: 10 }, ask), test.database.assertServed()])).map(
          (outcome) => outcome.status === 'rejected' && isUnavailable(outcome.reason),
        ),
      );
    outcomes.push(...(await test.database.sessionFindings('specimen')));
    isOver = true;
    await watch;
    expect(most).toBe(2);
    expect(new Set(outcomes)).toEqual(
      new Set([
        true,
        'nobody can look at the defaults of the roles (no answer)',
        'no new connection can be made (no answer)',
      ]),
    );
    await admin.end();
    await until(async () => (await Promise.allSettled([ask()]))[0].status === 'fulfilled');
    await Promise.all([...Array.from({ length: 10 }, ask), test.database.assertServed()]);
  }, 60_000);

  it('those that were there before serve everybody meanwhile', async () => {
    await ask();
    const admin = new pg.Client({ connectionString: test.adminUrl });
    await admin.connect();
    await admin.query('select pg_advisory_lock(4711)');
    const outcomes = await Promise.allSettled(Array.from({ length: 25 }, ask));
    await admin.end();
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
  }, 60_000);
});

it('a connection that is made while the process stands still is one in time', async () => {
  const [, b] = twoOrgs();
  const test = await testDatabase(await specimenSchema());
  const asked = b.as(() => test.database.query(open, {}));
  await sleep(0);
  for (const end = performance.now() + 5_500; performance.now() < end;);
  expect(await asked).toHaveLength(1);
  await test.drop();
}, 30_000);
