import { setImmediate } from 'node:timers/promises';
import { asPerson, Attacker, specimenSchema, testDatabase, type TestDatabase, twoOrgs } from '@apollo/testing';
import { newId, NoTenantContextError, runAsSystem } from '../index.js';
import { AnswerTooLargeError } from './database.errors.js';
import {
  call,
  deletion,
  functionCall,
  platformStatement,
  prepareDatabase,
  rareStatement,
  statement,
  TenantDatabase,
} from './index.js';

const addPaper = statement<object, { id: string; title: string; secret: string }>(
  'add paper',
  'insert into specimen.papers (org_id, id, title, secret) values (:org, :id, :title, :secret)',
);
const papers = statement<{ org_id: string; title: string }>(
  'papers',
  'select org_id, title from specimen.papers where org_id = :org order by title',
);
const removePaper = statement<{ id: string }, { title: string }>(
  'remove paper',
  deletion('specimen.papers', 'org_id = :org and title = :title'),
);
// As a statement that forgot the filter: only the policy is left.
const everything = platformStatement<{ org_id: string; title: string }>(
  'everything',
  'select org_id, title from specimen.papers',
);

describe('tenant database', () => {
  const [a, b] = twoOrgs();
  let test: TestDatabase;

  beforeAll(async () => {
    test = await testDatabase(await specimenSchema(), { poolSize: 1 });
    for (const org of [a, b]) {
      await org.as(() => test.database.query(addPaper, { id: newId(), title: `of ${org.id}`, secret: org.canary }));
    }
  });
  afterAll(() => test.drop());

  it('shows an organization its own rows and no other, with and without the filter', async () => {
    for (const org of [a, b]) {
      for (const target of [papers, everything]) {
        const rows = await org.as(() => test.database.query(target, {}));
        expect(rows.map((row) => row.org_id)).toEqual([org.id]);
      }
    }
  });

  it('throws where no context was opened, before anything is sent', async () => {
    await expect(test.database.query(papers, {})).rejects.toThrow(NoTenantContextError);
    await expect(test.database.transaction(async () => undefined)).rejects.toThrow(NoTenantContextError);
  });

  it('uses no connection again that the server has closed under a statement', async () => {
    const endless = platformStatement<object>(
      'endless',
      'select count(*) from specimen.papers, generate_series(1, 100000) a, generate_series(1, 100000) b',
    );
    const process = platformStatement<{ pid: number }>('process', 'select pg_backend_pid() as pid');
    const busy = "select from pg_locks where pid = $1 and relation = 'specimen.papers'::regclass";
    for (let round = 0; round < 10; round += 1) {
      // The pool has one connection, so the statement is sent on this one.
      const [{ pid } = { pid: 0 }] = await a.as(() => test.database.query(process, {}));
      const cut = a.as(() => test.database.query(endless, {}));
      const next = cut.catch((error: { code: string }) =>
        a.as(async () => ({ code: error.code, found: await test.database.query(papers, {}) })),
      );
      while ((await test.admin(busy, [pid])).length === 0) await setImmediate();
      await test.admin('select pg_terminate_backend($1)', [pid]);
      expect(await next).toMatchObject({ code: '57P01', found: [{ org_id: a.id }] });
    }
  });

  it('takes no answer that is too large for a process to hold, and serves the next (A74)', async () => {
    // As somebody finds who wrote it: stored it is small.
    const much = platformStatement<{ much: string }, { bytes: number; rows: number }>(
      'much',
      "select repeat('x', :bytes::int) as much from specimen.papers, generate_series(1, :rows::int)",
    );
    const ask = (bytes: number, rows: number) => a.as(() => test.database.query(much, { bytes, rows }));
    expect(await ask(2_000_000, 6)).toHaveLength(6);
    // One value, and many of which each would do.
    await expect(ask(3_000_000, 1)).rejects.toThrow(AnswerTooLargeError);
    await expect(ask(2_000_000, 40)).rejects.toThrow(AnswerTooLargeError);
    await expect(ask(100_000_000, 1)).rejects.toThrow(AnswerTooLargeError);
    expect((await b.as(() => test.database.query(papers, {}))).map((row) => row.org_id)).toEqual([b.id]);
  });

  it('plans a statement once, however often it runs', async () => {
    const mode = platformStatement<{ mode: string }>('mode', "select current_setting('plan_cache_mode') as mode");
    expect(await a.as(() => test.database.query(mode, {}))).toEqual([{ mode: 'force_generic_plan' }]);
  });

  it('keeps no rare statement prepared, for there are more of them than a connection can keep', async () => {
    const all = 'select * from specimen.papers where org_id = :org';
    const [kept, rare] = [statement('all papers', all), rareStatement('all papers, rarely', `${all} order by id`)];
    const ask = (target: typeof kept) => a.as(() => test.database.query(target, {}));
    await Promise.all(Array.from({ length: 8 }, () => Promise.all([ask(kept), ask(rare)])));
    // What is kept cannot give other columns than it gave at first.
    await test.admin('alter table specimen.papers add column more int');
    const answers = await Promise.allSettled([ask(rare), ask(kept)]);
    await test.admin('alter table specimen.papers drop column more');
    expect(answers).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: '0A000' } }]);
  });

  it("keeps the organizations apart by the application's filter alone, where row-level security does not bind", async () => {
    await test.admin(
      "insert into tenancy.tag_keys select session_user, inner_pad, outer_pad from tenancy.tag_keys where role = 'specimen_app'",
    );
    const unbound = new TenantDatabase({ url: test.adminUrl, tagKey: test.tagKey, poolSize: 1 });
    expect((await a.as(() => unbound.query(papers, {}))).map((row) => row.org_id)).toEqual([a.id]);
    // The control: without the condition this connection does see both.
    const both = (await a.as(() => unbound.query(everything, {}))).map((row) => row.org_id);
    expect(new Set(both)).toEqual(new Set([a.id, b.id]));
    await unbound.close();
    await test.admin('delete from tenancy.tag_keys where role = session_user');
  });

  it('commits all of a transaction, or nothing', async () => {
    const id = newId();
    const write = (fail: boolean): Promise<void> =>
      a.as(() =>
        test.database.transaction(async (tx) => {
          await tx.query(addPaper, { id, title: 'written', secret: 's' });
          if (fail) throw new Error('changed my mind');
        }),
      );
    await expect(write(true)).rejects.toThrow('changed my mind');
    expect(await a.as(() => test.database.query(removePaper, { title: 'written' }))).toEqual([]);
    await write(false);
    expect(await a.as(() => test.database.query(removePaper, { title: 'written' }))).toEqual([{ id }]);
  });

  it("deletes the rows of the tag's organization that a condition names, and gives their ids", async () => {
    const [own, kept, foreign] = [newId(), newId(), newId()];
    await a.as(() => test.database.query(addPaper, { id: own, title: 'to delete', secret: 's' }));
    await a.as(() => test.database.query(addPaper, { id: kept, title: 'to keep', secret: 's' }));
    await b.as(() => test.database.query(addPaper, { id: foreign, title: 'to delete', secret: 's' }));
    const bare = platformStatement<{ id: string }, { ids: string[] }>(
      'delete by ids',
      'select id from specimen.delete_papers(:ids::uuid[]) as gone (id)',
    );
    expect(await a.as(() => test.database.query(removePaper, { title: 'to delete' }))).toEqual([{ id: own }]);
    expect(await a.as(() => test.database.query(bare, { ids: [foreign, own] }))).toEqual([]);
    expect(await b.as(() => test.database.query(bare, { ids: [foreign, kept] }))).toEqual([{ id: foreign }]);
    expect(await a.as(() => test.database.query(removePaper, { title: 'to keep' }))).toEqual([{ id: kept }]);
  });

  it('judges what to delete by what a row says once nobody else is changing it', async () => {
    const id = newId();
    await a.as(() => test.database.query(addPaper, { id, title: 'as seen', secret: 's' }));
    const other = await Attacker.connect(test, a);
    await other.client.query('begin');
    await other.plain(
      `select tenancy.carry('${other.tag()}')`,
      `update specimen.papers set title = 'changed' where id = '${id}'`,
    );
    const removed = a.as(() => test.database.query(removePaper, { title: 'as seen' }));
    const waits =
      'select 1 from pg_locks l join pg_stat_activity s using (pid) where not l.granted and s.datname = current_database()';
    while ((await test.admin(waits)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await other.client.query('commit');
    await other.close();
    expect(await removed).toEqual([]);
    expect(await a.as(() => test.database.query(removePaper, { title: 'changed' }))).toEqual([{ id }]);
  });

  it('never mixes a hundred interleaved organizations on a pool of one connection (A12, A70)', async () => {
    const orgs = Array.from({ length: 50 }, () => twoOrgs()).flat();
    await Promise.all(
      orgs.map((org) =>
        org.as(() => test.database.query(addPaper, { id: newId(), title: org.id, secret: org.canary })),
      ),
    );
    const seen = await Promise.all(
      orgs.flatMap((org) => [
        org.as(() => test.database.query(everything, {})),
        org.as(() =>
          test.database.transaction(async (tx) => {
            await setImmediate();
            return tx.query(everything, {});
          }),
        ),
      ]),
    );
    seen.forEach((rows, index) => expect(rows.map((row) => row.org_id)).toEqual([orgs[Math.floor(index / 2)]?.id]));
  });

  it('tags anew when a context is opened inside a transaction, and commits or fails as one', async () => {
    const ids = [newId(), newId()];
    const both = (fail: boolean): Promise<void> =>
      a.as(() =>
        test.database.transaction(async (tx) => {
          await tx.query(addPaper, { id: ids[0] ?? '', title: 'crossing', secret: 'x' });
          await runAsSystem({ reason: 'spec', service: 'specimen', scope: 'org', orgId: b.id, requestId: 'r' }, () =>
            test.database.transaction(async (inner) => {
              await inner.query(addPaper, { id: ids[1] ?? '', title: 'crossing', secret: 'x' });
              expect((await inner.query(everything, {})).every((row) => row.org_id === b.id)).toBe(true);
            }),
          );
          expect((await tx.query(everything, {})).every((row) => row.org_id === a.id)).toBe(true);
          if (fail) throw new Error('neither');
        }),
      );
    await expect(both(true)).rejects.toThrow('neither');
    const crossing = async (): Promise<number> =>
      Number((await test.admin("select count(*) from specimen.papers where title = 'crossing'"))[0]?.['count']);
    expect(await crossing()).toBe(0);
    await both(false);
    expect(await crossing()).toBe(2);
    await test.admin("delete from specimen.papers where title = 'crossing'");
  });

  it('sends what was deferred with the commit, under the context it was deferred in', async () => {
    await a.as(() =>
      test.database.transaction(async (tx) => {
        tx.defer(addPaper, { id: newId(), title: 'deferred', secret: 'x' });
        await b.as(() =>
          test.database.transaction(async (inner) =>
            inner.defer(addPaper, { id: newId(), title: 'deferred', secret: 'x' }),
          ),
        );
      }),
    );
    const rows = await test.admin("select org_id from specimen.papers where title = 'deferred' order by org_id");
    expect(rows.map((row) => row['org_id'])).toEqual([a.id, b.id].sort());
    await test.admin("delete from specimen.papers where title = 'deferred'");
  });

  it('fails the whole transaction when a deferred statement fails', async () => {
    const id = newId();
    const twice = a.as(() =>
      test.database.transaction(async (tx) => {
        tx.defer(addPaper, { id, title: 'twice', secret: 'x' });
        tx.defer(addPaper, { id, title: 'twice', secret: 'x' });
      }),
    );
    await expect(twice).rejects.toMatchObject({ code: '23505' });
    expect(await test.admin("select 1 from specimen.papers where title = 'twice'")).toEqual([]);
  });

  it('sends what is to go ahead before the next statement, under the context it was given in, and with the commit where none follows', async () => {
    const own = statement<{ n: number }>(
      'own',
      "select count(*)::int as n from specimen.papers where org_id = :org and title = 'ahead'",
    );
    const seen = await a.as(() =>
      test.database.transaction(async (tx) => {
        tx.precede(addPaper, { id: newId(), title: 'ahead', secret: 'x' });
        const [inB] = await b.as(() => test.database.query(own, {}));
        const [inA] = await test.database.query(own, {});
        await b.as(() =>
          test.database.transaction(async (inner) =>
            inner.precede(addPaper, { id: newId(), title: 'ahead', secret: 'x' }),
          ),
        );
        return [inA?.n, inB?.n];
      }),
    );
    expect(seen).toEqual([1, 0]);
    const rows = await test.admin("select org_id from specimen.papers where title = 'ahead' order by org_id");
    expect(rows.map((row) => row['org_id'])).toEqual([a.id, b.id].sort());
    await test.admin("delete from specimen.papers where title = 'ahead'");
  });

  it('fails what it goes ahead of, and the whole transaction, when what was to go ahead fails', async () => {
    const id = newId();
    const twice = a.as(() =>
      test.database.transaction(async (tx) => {
        await tx.query(addPaper, { id, title: 'again', secret: 'x' });
        tx.precede(addPaper, { id, title: 'again', secret: 'x' });
        await tx.query(addPaper, { id: newId(), title: 'again', secret: 'x' });
      }),
    );
    await expect(twice).rejects.toMatchObject({ code: '23505' });
    expect(await test.admin("select 1 from specimen.papers where title = 'again'")).toEqual([]);
  });

  describe('commits transactions of several organizations together', () => {
    const grouped = { grouped: true };
    const written = async (): Promise<{ org_id: string; title: string; written_in: string }[]> =>
      (await test.admin(
        "select org_id, title, xmin::text as written_in from specimen.papers where title like 'grouped %' order by title",
      )) as never;
    const write = (org: typeof a, title: string, id = newId()): Promise<void> =>
      org.as(() =>
        test.database.transaction(
          async (tx) => tx.defer(addPaper, { id, title: `grouped ${title}`, secret: org.canary }),
          grouped,
        ),
      );
    afterEach(() => test.admin("delete from specimen.papers where title like 'grouped %'"));

    it('each under its own tag, in few transactions of the database', async () => {
      const orgs = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? a : b));
      await Promise.all(orgs.map((org, n) => write(org, String(n))));
      const rows = await written();
      expect(rows.map(({ org_id }) => org_id).sort()).toEqual(orgs.map(({ id }) => id).sort());
      expect(new Set(rows.map(({ written_in }) => written_in)).size).toBeLessThan(10);
    });

    it('and the others do not notice that one is refused', async () => {
      const id = newId();
      await write(a, 'first', id);
      const outcomes = await Promise.allSettled([
        write(b, 'one'),
        write(b, 'two'),
        write(a, 'again', id),
        write(b, 'three'),
        write(a, 'four'),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
      expect((outcomes[2] as PromiseRejectedResult).reason).toMatchObject({ code: '23505' });
      expect((await written()).map(({ title }) => title)).toEqual(
        ['first', 'four', 'one', 'three', 'two'].map((title) => `grouped ${title}`),
      );
    });

    it('and nobody waits long for a lock that another one waits for', async () => {
      const held = newId();
      await write(a, 'held', held);
      const touch = statement<object, { id: string }>(
        'touch paper',
        'update specimen.papers set secret = secret where org_id = :org and id = :id',
      );
      const holder = new TenantDatabase({ url: test.appUrl, tagKey: test.tagKey });
      const [locked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const holding = a.as(() =>
        holder.transaction(async (tx) => {
          await tx.query(touch, { id: held });
          locked.resolve();
          await released.promise;
        }),
      );
      await locked.promise;
      const first = write(b, 'goes ahead');
      const waits = a.as(() => test.database.transaction(async (tx) => tx.defer(touch, { id: held }), grouped));
      const begun = performance.now();
      await Promise.all([first, write(b, 'beside'), write(b, 'beside too')]);
      expect(performance.now() - begun).toBeLessThan(2_000);
      released.resolve();
      await Promise.all([holding, waits]);
      await holder.close();
    });

    it('and what one has set on the connection is gone for the next', async () => {
      const leave = platformStatement(
        'leave',
        "select set_config('application_name', 'left behind', true), set_config('tenancy.left', 'behind', true)",
      );
      const look = statement<object, { id: string }>(
        'look',
        `insert into specimen.papers (org_id, id, title, secret)
        select :org, :id, 'grouped ' || current_setting('application_name') || coalesce(current_setting('tenancy.left', true), ''), ''`,
      );
      await Promise.all([
        write(b, 'first'),
        ...Array.from({ length: 6 }, () =>
          a.as(() => test.database.transaction(async (tx) => tx.defer(leave, {}), grouped)),
        ),
        ...Array.from({ length: 6 }, () =>
          b.as(() => test.database.transaction(async (tx) => tx.defer(look, { id: newId() }), grouped)),
        ),
      ]);
      expect(new Set((await written()).map(({ title }) => title))).toEqual(
        new Set(['grouped apollo', 'grouped first']),
      );
    });

    it('unless one reads on its way, which is committed by itself', async () => {
      const [row] = await a.as(() =>
        test.database.transaction(async (tx) => {
          tx.precede(addPaper, { id: newId(), title: 'grouped read', secret: a.canary });
          return tx.query(papers, {});
        }, grouped),
      );
      expect(row).toMatchObject({ org_id: a.id });
      expect((await written()).map(({ title }) => title)).toEqual(['grouped read']);
    });
  });

  it('runs what waits for the commit only after it is durable', async () => {
    const heard: string[] = [];
    await expect(
      a.as(() =>
        test.database.transaction(async (tx) => {
          tx.afterCommit(() => void heard.push('rolled back'));
          throw new Error('no');
        }),
      ),
    ).rejects.toThrow('no');
    await a.as(() => test.database.transaction(async (tx) => tx.afterCommit(() => void heard.push('committed'))));
    expect(heard).toEqual(['committed']);
  });

  it('keeps working on the same connection after errors, first-time prepared statements included', async () => {
    const fresh = functionCall<{ n: number }, { n: number }>('fresh', 'select pg_catalog.int4div(1, :n::int) as n');
    await expect(a.as(() => test.database.query(fresh, { n: 0 }))).rejects.toMatchObject({ code: '22012' });
    expect(await a.as(() => test.database.query(fresh, { n: 1 }))).toEqual([{ n: 1 }]);
    await expect(
      a.as(() => test.database.transaction((tx) => tx.batch([call(fresh, { n: 0 })]))),
    ).rejects.toMatchObject({ code: '22012' });
    expect(await a.as(() => test.database.query(fresh, { n: 1 }))).toEqual([{ n: 1 }]);
  });

  it('gives a person no organization and an organization no other person', async () => {
    await expect(asPerson(newId(), () => test.database.query(everything, {}))).rejects.toMatchObject({ code: '42501' });
  });

  describe('with a tag key', () => {
    const withKey = (tagKey: string): TenantDatabase => new TenantDatabase({ url: test.appUrl, tagKey, poolSize: 1 });

    it('that the database does not know is not ready, and says which setting is wrong', async () => {
      const wrong = withKey('bb'.repeat(32));
      await expect(wrong.ping()).rejects.toThrow('TENANCY_TAG_KEY is not a key that the database was prepared with');
      await wrong.close();
      await expect(test.database.ping()).resolves.toBeUndefined();
    });

    it('may be prepared by several at once: one goes after the other', async () => {
      const { adminUrl, tagKey } = test;
      const passwords = { migrate: 'migrate-in-tests', app: 'app-in-tests', relay: 'relay-in-tests' };
      const all = Array.from({ length: 4 }, () =>
        prepareDatabase({ adminUrl, service: 'specimen', passwords, tagKey }),
      );
      await expect(Promise.all(all)).resolves.toHaveLength(4);
      await expect(test.database.ping()).resolves.toBeUndefined();
    });

    it('that is being changed works beside the one before it, until the next preparation', async () => {
      const [before, after] = [test.tagKey, 'cc'.repeat(32)];
      const service = 'specimen';
      const passwords = { migrate: 'migrate-in-tests', app: 'app-in-tests', relay: 'relay-in-tests' };
      const [old, fresh] = [withKey(before), withKey(after)];
      await expect(fresh.ping()).rejects.toThrow('TENANCY_TAG_KEY');
      await prepareDatabase({ adminUrl: test.adminUrl, service, passwords, tagKey: before, otherTagKeys: [after] });
      await Promise.all([old.ping(), fresh.ping()]);
      expect(await a.as(() => fresh.query(papers, {}))).toEqual(await a.as(() => old.query(papers, {})));
      await prepareDatabase({ adminUrl: test.adminUrl, service, passwords, tagKey: after });
      await fresh.ping();
      await expect(old.ping()).rejects.toThrow('TENANCY_TAG_KEY');
      // However often it is prepared with a key, that is there once.
      for (let times = 0; times < 2; times++)
        await prepareDatabase({ adminUrl: test.adminUrl, service, passwords, tagKey: before });
      const roles = await test.admin("select role from tenancy.tag_keys where role like 'specimen%' order by role");
      expect(roles).toEqual([{ role: 'specimen_app' }, { role: 'specimen_relay' }]);
      await Promise.all([old.close(), fresh.close()]);
    });
  });
});
