import { specimenSchema, testDatabase, type TestDatabase, twoOrgs } from '@apollo/testing';
import pg from 'pg';
import { newId } from '../index.js';
import {
  isUnavailable,
  NotAQueryError,
  platformStatement,
  type Statement,
  statement,
  TransactionStateError,
} from './index.js';
import { runPipeline } from './pipeline.query.js';

/** A text as it is injected. */
const raw = (text: string): Statement<Record<string, unknown>, object> => ({ name: text, text, parameters: [] });

/** One that the look at its first word has missed: what the server then answers has to be enough. */
function missed(text: string): Statement<Record<string, unknown>, object> {
  let asked = 0;
  return {
    name: text,
    parameters: [],
    get text() {
      asked += 1;
      return asked === 1 ? 'select 1' : text;
    },
  };
}

const addPaper = statement<object, { id: string; title: string }>(
  'add paper',
  "insert into specimen.papers (org_id, id, title, secret) values (:org, :id, :title, '')",
);
const rename = statement<object, { id: string; title: string }>(
  'rename',
  'update specimen.papers set title = :title where org_id = :org and id = :id',
);
const process = platformStatement<{ pid: number }>('process', 'select pg_backend_pid() as pid');

const CONTROLS = [
  'begin',
  'start transaction',
  'commit',
  'commit and chain',
  'rollback',
  'rollback and chain',
  'savepoint s',
];
const LEAVES = [
  'prepare kept as select 1',
  'listen kept',
  'unlisten *',
  'deallocate all',
  'set statement_timeout = 1',
  'set session characteristics as transaction read only',
  'reset all',
  'declare kept cursor with hold for select secret from specimen.papers',
  'show search_path',
  'explain select 1',
];

/** Goes on for hours, and ends where it is asked to. */
const ENDLESS = 'select count(*) from generate_series(1, 1000000) a, generate_series(1, 1000000) b';
/** Goes through a text for seconds, and looks for no request to end meanwhile. */
const DEAF = "select strpos(repeat('a', 250000), 'b' || repeat('a', 60000))";

describe('a connection that several organizations use one after the other (A72, A73)', () => {
  const [a, b] = twoOrgs();
  let test: TestDatabase;

  beforeAll(async () => {
    test = await testDatabase(await specimenSchema(), { poolSize: 1 });
  });
  afterEach(() => test.admin('delete from specimen.papers'));
  afterAll(() => test.drop());

  const titles = async (): Promise<unknown[]> =>
    (await test.admin('select title from specimen.papers order by title')).map(({ title }) => title);
  const write = (org: typeof a, title: string, id = newId()): Promise<unknown> =>
    org.as(() => test.database.query(addPaper, { id, title }));
  const processId = async (): Promise<number | undefined> =>
    (await a.as(() => test.database.query(process, {})))[0]?.pid;

  describe('is sent nothing but queries', () => {
    const texts = [
      ...CONTROLS,
      ...LEAVES,
      '; begin',
      '/* select */ commit',
      '-- select\nrollback',
      'release s',
      'rollback to s',
      "prepare transaction 'x'",
      "commit prepared 'x'",
      'execute kept',
      'notify kept',
      'discard all',
      'lock table specimen.papers',
      'fetch all from kept',
      'close all',
      'copy specimen.papers to stdout',
      'copy specimen.papers from stdin',
      'call kept()',
      'do $$ begin commit; end $$',
      'set transaction isolation level serializable',
      'selection',
      '',
    ];
    it.each(texts)('not %j', async (text) => {
      const before = await processId();
      const attempts: (() => Promise<unknown>)[] = [
        () => test.database.query(raw(text), {}),
        () => test.database.transaction((tx) => tx.query(raw(text), {})),
        () => test.database.transaction(async (tx) => tx.precede(raw(text), {})),
        () => test.database.transaction(async (tx) => tx.defer(raw(text), {}), { grouped: true }),
      ];
      for (const attempt of attempts) await expect(a.as(attempt)).rejects.toThrow(NotAQueryError);
      // Nothing was sent: it is the same connection as before.
      expect(await processId()).toBe(before);
    });

    it.each([
      'select 1 as n',
      '\n  (select 1 as n)',
      'with x as (select 1 as n) select * from x',
      'values (1)',
      "SELECT 'begin' as n",
    ])('and each of these is one: %j', async (text) => {
      expect(await a.as(() => test.database.query(raw(text), {}))).toHaveLength(1);
    });
  });

  describe('is closed where the server answers as to no query, and nothing that travelled on it is a success', () => {
    it.each(['and chain', 'savepoint'])('unless the server refuses it by itself: %s', async (what) => {
      for (const text of CONTROLS.filter((each) => each.includes(what)))
        await expect(a.as(() => test.database.query(missed(text), {}))).rejects.toMatchObject({ code: '25P01' });
      await write(b, 'of B');
      expect(await titles()).toEqual(['of B']);
    });

    const executed = [...CONTROLS.filter((text) => !/chain|savepoint/.test(text)), ...LEAVES];
    it.each(executed)('alone: %s', async (text) => {
      const before = await processId();
      await expect(a.as(() => test.database.query(missed(text), {}))).rejects.toThrow(TransactionStateError);
      await expect(processId()).resolves.not.toBe(before);
      // What B is told is written is written.
      await write(b, 'of B');
      expect(await titles()).toEqual(['of B']);
    });

    it.each([...CONTROLS, ...LEAVES])('within a transaction: %s', async (text) => {
      const before = await processId();
      const id = newId();
      const work = a.as(() =>
        test.database.transaction(async (tx) => {
          await tx.query(addPaper, { id, title: 'of A' });
          await tx.query(missed(text), {}).catch(() => undefined);
          // Whoever has caught it: nothing more is sent.
          await expect(tx.query(rename, { id, title: 'again' })).rejects.toThrow(TransactionStateError);
        }),
      );
      await expect(work).rejects.toThrow(TransactionStateError);
      await expect(processId()).resolves.not.toBe(before);
      await write(b, 'of B');
      expect((await titles()).filter((title) => title !== 'of A')).toEqual(['of B']);
    });

    it('tells a refusal when the server is ready again, so that the next one finds the connection idle', async () => {
      const before = await processId();
      for (let round = 0; round < 20; round += 1) {
        await expect(a.as(() => test.database.query(raw('select 1 / 0'), {}))).rejects.toMatchObject({ code: '22012' });
        await write(b, `of B ${round}`);
      }
      expect(await titles()).toHaveLength(20);
      expect(await processId()).toBe(before);
    });
  });

  describe('is believed to have committed', () => {
    const withClient = async (work: (client: pg.Client) => Promise<void>): Promise<void> => {
      const client = new pg.Client({ connectionString: test.appUrl });
      await client.connect();
      await work(client).finally(() => client.end());
    };
    const begin = { text: 'begin', answers: 'BEGIN' };
    const commit = { text: 'commit', answers: 'COMMIT' };

    it('where it has: the control', () =>
      withClient(async (client) => {
        await runPipeline(client, [begin, { text: 'select 1' }], 'T');
        await runPipeline(client, [commit], 'I');
      }));

    it('only where COMMIT has answered that it did: a transaction that had failed is rolled back by it', () =>
      withClient(async (client) => {
        await expect(runPipeline(client, [begin, { text: 'select 1 / 0' }], 'T')).rejects.toMatchObject({
          code: '22012',
        });
        await expect(runPipeline(client, [commit], 'I')).rejects.toThrow('a statement answered ROLLBACK');
      }));

    it('only where the connection is idle afterwards', () =>
      withClient(async (client) => {
        await expect(runPipeline(client, [begin], 'I')).rejects.toThrow('the transaction is T, not I');
      }));
  });

  it('does not report a commit where an error was caught and the transaction had ended by it', async () => {
    const work = a.as(() =>
      test.database.transaction(async (tx) => {
        await tx.query(addPaper, { id: newId(), title: 'of A' });
        await tx.query(raw('select 1 / 0'), {}).catch(() => undefined);
      }),
    );
    await expect(work).rejects.toMatchObject({ code: '25P02' });
    expect(await titles()).toEqual([]);
  });

  describe('and on which several commit together', () => {
    const grouped = { grouped: true };
    const together = (org: typeof a, title: string, ...after: Statement<Record<string, unknown>, object>[]) =>
      org.as(() =>
        test.database.transaction(async (tx) => {
          tx.defer(addPaper, { id: newId(), title });
          after.forEach((each) => tx.defer(each, {}));
        }, grouped),
      );

    it('tells each of them a success: the control', async () => {
      await Promise.all([together(b, 'one'), together(a, 'two', raw('select 1')), together(b, 'three')]);
      expect(await titles()).toEqual(['one', 'three', 'two']);
    });

    it.each(CONTROLS)('tells nobody a success that is none: %s', async (text) => {
      // What comes in one turn of the event loop goes together.
      const names = ['before', 'with it', 'after'];
      const outcomes = await Promise.allSettled([
        together(b, 'before'),
        together(a, 'with it', missed(text)),
        together(b, 'after'),
      ]);
      const written = await titles();
      outcomes.forEach((outcome, n) => {
        if (outcome.status === 'fulfilled') expect(written).toContain(names[n]);
        else expect(outcome.reason).toBeInstanceOf(TransactionStateError);
      });
      expect(outcomes[1]?.status).toBe('rejected');
      await Promise.all([together(b, 'later'), together(a, 'later'), together(b, 'later')]);
      expect((await titles()).filter((title) => title === 'later')).toHaveLength(3);
    });

    it.each<[string, string[]]>([
      ['goes on for hours, without a limit', [ENDLESS]],
      ['is deaf to whoever would end it', [DEAF]],
      ['ends its connection', ["select set_config('transaction_timeout', '1ms', true)", ENDLESS]],
    ])(
      'costs the others seconds at most, and nothing else, where one of them %s',
      async (_, texts) => {
        const unlimited = ['statement_timeout', 'transaction_timeout'].map((limit) =>
          raw(`select set_config('${limit}', '0', true)`),
        );
        const begun = performance.now();
        const hostile = together(a, 'with it', ...unlimited, ...texts.map(raw)).then(
          () => 'committed',
          (error: unknown) => String(error),
        );
        // Where the server's last word is lost with the connection, nobody knows, and whoever asked asks again.
        const asked = (title: string): Promise<void> =>
          together(b, title).catch((error: unknown) => {
            if (!isUnavailable(error)) throw error;
            return together(b, title);
          });
        const others = await Promise.allSettled([asked('before'), asked('after')]);
        expect(others.map((each) => ('reason' in each ? String(each.reason) : each.status))).toEqual(
          Array(2).fill('fulfilled'),
        );
        expect(performance.now() - begun).toBeLessThan(30_000);
        expect((await titles()).filter((title) => title !== 'with it')).toEqual(['after', 'before']);
        const role = new URL(test.appUrl).username;
        await test.admin(
          'select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 and datname = current_database()',
          [role],
        );
        expect(await hostile).not.toContain('permission denied');
      },
      60_000,
    );

    it('costs the others nothing where it is refused before it is sent', async () => {
      const outcomes = await Promise.allSettled([
        together(b, 'before'),
        together(a, 'with it', raw('rollback')),
        together(b, 'after'),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await titles()).toEqual(['after', 'before']);
    });

    it('makes the commit as durable as it is for everybody, whatever the last of them has set', async () => {
      await test.admin('create table public.commits (title text, durable text)');
      await test.admin(`create function public.note_commit() returns trigger language plpgsql security definer set search_path = pg_catalog as
        $$ begin insert into public.commits values (new.title, current_setting('synchronous_commit')); return null; end $$`);
      await test.admin(`create constraint trigger note_commit after insert on specimen.papers deferrable initially deferred
        for each row execute function public.note_commit()`);
      const weaken = ['true', 'false'].map((local) => raw(`select set_config('synchronous_commit', 'off', ${local})`));
      const look = statement<object, { id: string }>(
        'look',
        "insert into specimen.papers (org_id, id, title, secret) select :org, :id, 'seen ' || current_setting('synchronous_commit'), ''",
      );
      await Promise.all([together(b, 'first'), together(b, 'beside'), together(a, 'last', ...weaken)]);
      // The control: the setting is taken, and holds until the commit is near.
      await a.as(() =>
        test.database.transaction(async (tx) => {
          weaken.forEach((each) => tx.defer(each, {}));
          tx.defer(look, { id: newId() });
        }),
      );
      expect(await titles()).toContain('seen off');
      const noted = await test.admin('select distinct durable from public.commits');
      expect(noted).toEqual([{ durable: 'on' }]);
      expect(await test.admin('select 1 from public.commits')).toHaveLength(4);
      await test.admin('drop trigger note_commit on specimen.papers');
    });
  });

  describe('carries no prepared statement of one to the next', () => {
    const prepare = "prepare newest as select secret from specimen.papers where title = 'of A'";

    it('since who prepares one ends the connection', async () => {
      await expect(a.as(() => test.database.query(missed(prepare), {}))).rejects.toThrow(TransactionStateError);
      await expect(b.as(() => test.database.query(missed('execute newest'), {}))).rejects.toMatchObject({
        code: '26000',
      });
    });

    it('which it would, whatever is scrubbed and closed: the control', async () => {
      const client = new pg.Client({ connectionString: test.appUrl });
      await client.connect();
      for (const text of ["prepare newest as select 'text of A' as said", 'reset all', 'close all'])
        await client.query(text);
      expect((await client.query('execute newest')).rows).toEqual([{ said: 'text of A' }]);
      await client.end();
    });
  });
});
