import { writeFile } from 'node:fs/promises';
import { Attacker, specimenSchema, tableLocks, testDatabase, type TestDatabase, twoOrgs } from '@apollo/testing';
import pg from 'pg';
import { newId } from '../index.js';
import { migrate, prepareDatabase, TenantDatabase } from './index.js';

/** Arbitrary SQL on the runtime role's own connection, under organization A's genuine tag. B is the victim. */
describe('arbitrary SQL under the tag of one organization', () => {
  const [a, b] = twoOrgs();
  const rowOfA = newId();
  const rowOfB = newId();
  const colleague = { ...a, owner: newId(), canary: `canary-of-a-colleague-${newId()}` };
  let test: TestDatabase;
  let attacker: Attacker;

  const diaryOfColleague = newId();
  const diary = (person: string, text: string, id = newId()): string =>
    `insert into specimen.diaries (org_id, user_id, id, text) values ('${a.id}', '${person}', '${id}', '${text}')`;
  const insert = (org: string, id: string, secret: string, code = 'null'): string =>
    `insert into specimen.papers (org_id, id, title, secret, code) values ('${org}', '${id}', 't', '${secret}', ${code})`;

  beforeAll(async () => {
    test = await testDatabase(await specimenSchema());
    // Rows as their owners would write them, and a directory entry that only definers may read.
    for (const [org, id, code] of [
      [a, rowOfA, "'code-a'"],
      [b, rowOfB, "'code-b'"],
    ] as const) {
      const owner = await Attacker.connect(test, org);
      expect(
        (
          await owner.commit(
            insert(org.id, id, org.canary, code),
            `insert into specimen.folders (org_id, id, name) values ('${org.id}', '${id}', '${org.canary}')`,
            `insert into specimen.diaries (org_id, user_id, id, text) values ('${org.id}', '${org.owner}', '${newId()}', '${org.canary}')`,
          )
        ).code,
      ).toBeUndefined();
      await owner.close();
    }
    const diarist = await Attacker.connect(test, colleague);
    expect((await diarist.commit(diary(colleague.owner, colleague.canary, diaryOfColleague))).code).toBeUndefined();
    await diarist.close();
    attacker = await Attacker.connect(test, a);
  });
  afterEach(async () => {
    // Nothing of B has changed, whatever was tried: the rows are as their owner wrote them.
    const rows = await test.admin('select id, secret, code from specimen.papers where org_id = $1', [b.id]);
    expect(rows).toEqual([{ id: rowOfB, secret: b.canary, code: 'code-b' }]);
  });
  afterAll(async () => {
    await attacker.close();
    await test.drop();
  });

  const nothingOfB = (said: string): void => {
    expect(said).not.toContain(b.canary);
    expect(said).not.toContain(rowOfB);
  };

  it('reads its own rows: the control without which a dead test would pass', async () => {
    const outcome = await attacker.attempt('select secret from specimen.papers');
    expect(outcome.rows).toEqual([{ secret: a.canary }]);
  });

  const zeroRows: [string, string][] = [
    ['every row', 'select * from specimen.papers'],
    ['B by name', `select * from specimen.papers where org_id = '${b.id}'`],
    ['B by id', `select * from specimen.papers where id = '${rowOfB}'`],
    ['a join', `select p.* from specimen.papers p join specimen.folders f using (id)`],
    ['a union', `select secret from specimen.papers where false union all select name from specimen.folders`],
    [
      'a subquery per row',
      `select (select string_agg(x.secret, ',') from specimen.papers x where x.org_id <> p.org_id) as s from specimen.papers p`,
    ],
    [
      'a lateral join',
      `select x.* from specimen.papers p, lateral (select * from specimen.papers q where q.org_id <> p.org_id) x`,
    ],
    [
      'a recursive query',
      `with recursive r as (select secret from specimen.papers union select r.secret from r) select * from r`,
    ],
    ['the whole table as xml', `select table_to_xml('specimen.papers', true, false, '')::text as x`],
    ['a query run by a function', `select query_to_xml('select * from specimen.papers', true, false, '')::text as x`],
    ['a cursor', `declare c cursor for select * from specimen.papers`],
    ['a table sample', `select * from specimen.papers tablesample system (100)`],
    ['statistics (A52)', `select * from pg_stats where schemaname = 'specimen'`],
    ['a forged function argument', `select specimen.find_by_slug(secret) from specimen.papers`],
  ];
  it.each(zeroRows)('shows nothing of B: %s', async (_name, sql) => {
    const outcome = await attacker.attempt(sql, ...(sql.startsWith('declare') ? ['fetch all from c'] : []));
    expect(outcome.code).toBeUndefined();
    nothingOfB(outcome.said);
    expect(outcome.rows.filter((row) => row['org_id'] !== undefined && row['org_id'] !== a.id)).toEqual([]);
  });

  it('shows and changes nothing in the diary of a colleague of the same organization', async () => {
    for (const sql of [
      'select * from specimen.diaries',
      `select * from specimen.diaries where user_id = '${colleague.owner}'`,
      `update specimen.diaries set text = 'x' returning *`,
      'select * from specimen.diaries d where id in (select specimen.delete_diaries(array(select id from specimen.diaries)))',
      `select * from specimen.delete_diaries(array['${diaryOfColleague}'::uuid])`,
    ]) {
      const outcome = await attacker.attempt(sql);
      expect(outcome.code).toBeUndefined();
      expect(outcome.rows.filter((row) => row['user_id'] !== a.owner)).toEqual([]);
      expect(outcome.said).not.toContain(colleague.canary);
    }
    expect((await attacker.attempt(diary(colleague.owner, 'x'))).code).toBe('42501');
    expect((await attacker.attempt(`update specimen.diaries set user_id = '${colleague.owner}'`)).code).toBe('42501');
  });

  const forged = (org: string): string => `org.${org}.${newId()}.9999999999.${'0'.repeat(64)}`;
  const claimsOf = (org: string): string => `org_${org.replaceAll('-', '')}_${newId().replaceAll('-', '')}_9999999999`;
  const refused: [string, string | (() => string), string | RegExp][] = [
    ['A03 SET ROLE owner', 'set role specimen_owner', '42501'],
    ['A03 SET ROLE migrate', 'set role specimen_migrate', '42501'],
    ['A04 SET SESSION AUTHORIZATION', 'set session authorization postgres', '42501'],
    ["A05 another schema's keys", 'select * from tenancy.tag_keys', '42501'],
    [
      'A17 the tag switched in a union',
      `select secret from specimen.papers where tenancy.carry('${forged(b.id)}') is not null union all select secret from specimen.papers`,
      /^(42501)?$/,
    ],
    [
      'A17 the tag switched in a materialized CTE',
      `with t as materialized (select tenancy.carry('${forged(b.id)}')) select p.secret from t, specimen.papers p`,
      /^(42501)?$/,
    ],
    ['A18 a made-up tag', `select tenancy.carry('${forged(b.id)}'); select * from specimen.papers`, '42501'],
    [
      'A18 own tag edited to B',
      () => `select tenancy.carry('${attacker.tag().replace(a.id, b.id)}'); select * from specimen.papers`,
      '42501',
    ],
    [
      'A18 own tag with a later expiry',
      () =>
        `select tenancy.carry('${attacker.tag().replace(/\.\d{10}\./, '.9999999999.')}'); select * from specimen.papers`,
      '42501',
    ],
    [
      'A19 RESET, then another',
      `reset all; select tenancy.carry('${forged(b.id)}'); select * from specimen.papers`,
      '42501',
    ],
    ['A11 no tag any more', 'reset all; select * from specimen.papers', '42501'],
    ['A11 an empty tag', `select tenancy.carry(''); select * from specimen.papers`, '42501'],
    ['A11 no tag at all', 'select tenancy.carry(null); select * from specimen.papers', '42501'],
    ['A11 a tag of garbage', `select tenancy.carry('....'); select * from specimen.papers`, '42501'],
    ...[
      `set local backtrace_functions = '${claimsOf(b.id)}'`,
      `set backtrace_functions = '${claimsOf(b.id)}'`,
      `select set_config('backtrace_functions', '${claimsOf(b.id)}', true)`,
      `update pg_settings set setting = '${claimsOf(b.id)}' where name = 'backtrace_functions'`,
      `select secret from specimen.papers where set_config('backtrace_functions', '${claimsOf(b.id)}', true) is not null`,
      'reset backtrace_functions',
      `alter role specimen_app set backtrace_functions = '${claimsOf(b.id)}'`,
    ].map((sql): [string, string, string] => [
      `A18 what the tag says, said without one: ${sql.slice(0, 34)}`,
      sql,
      '42501',
    ]),
    ['A36 a row moved to B', `update specimen.papers set org_id = '${b.id}'`, '42501'],
    ['A37 a row inserted for B', insert(b.id, newId(), 'x'), '42501'],
    [
      'A37 a row upserted for B',
      `${insert(b.id, rowOfB, 'x')} on conflict (org_id, id) do update set secret = 'x'`,
      '42501',
    ],
    ['A25 DELETE', 'delete from specimen.papers', '42501'],
    [
      'A25 MERGE that deletes',
      'merge into specimen.papers using (select 1) s on true when matched then delete',
      '42501',
    ],
    ['A36 a row that gets another key', 'update specimen.papers set id = id', '42501'],
    ['A43 TRUNCATE', 'truncate specimen.papers', '42501'],
    ['A44 COPY FROM', `copy specimen.papers from program 'id'`, '42501'],
    ['A44 COPY to a file', `copy specimen.papers to '/tmp/stolen'`, '42501'],
    ['A45 row_security off', 'set local row_security = off; select * from specimen.papers', '42501'],
    ['A50 an own function', `create function pg_temp.f() returns int language sql as 'select 1'`, '42501'],
    ['A50 an anonymous block', `do $$ begin perform 1; end $$`, '42501'],
    ['A06 an own view', 'create view specimen.v as select * from specimen.papers', '42501'],
    ['A06 an own temporary view', 'create temp view v as select * from specimen.papers', '42501'],
    ['A41 an own temporary table', 'create temp table t as select * from specimen.papers', '42501'],
    ['A41 an own table', 'create table specimen.t as select * from specimen.papers', '42501'],
    ['A10 an own materialized view', 'create materialized view specimen.m as select * from specimen.papers', '42501'],
    ['A09 an own schema', 'create schema shadow', '42501'],
    ['A38 an own policy', 'create policy open on specimen.papers using (true)', '42501'],
    ['A40 row security switched off', 'alter table specimen.papers disable row level security', '42501'],
    ['A30 DROP OWNED BY', 'drop owned by specimen_app', '42501'],
    ['A30 REASSIGN OWNED', 'reassign owned by specimen_app to specimen_owner', '42501'],
    [
      'A60 an own trigger',
      'create trigger t before insert on specimen.papers execute function tenancy.refuse_runtime_ddl()',
      '42501',
    ],
    ['A62 a publication', 'create publication p for all tables', '42501'],
    ['A62 a replication slot', `select pg_create_logical_replication_slot('s', 'pgoutput')`, '42501'],
    ['A63 an extension', 'create extension dblink', /^(42501|58P01|0A000)$/],
    ['A55 NOTIFY with data', `select pg_notify('c', secret) from specimen.papers`, '42501'],
    ['A56 an advisory lock', 'select pg_advisory_lock(1)', '42501'],
    ['A56 the list of locks', 'select * from pg_locks', '42501'],
    ['A57 a large object', 'select lo_create(0)', '42501'],
    ['A57 a large object of bytes', `select lo_from_bytea(0, 'x')`, '42501'],
    ['A53 other sessions', 'select * from pg_stat_get_activity(null)', '42501'],
    ['A18 the list of prepared statements', 'select * from pg_prepared_statements', '42501'],
    ['A51 who waits for whom', "select pg_isolation_test_session_is_blocked(1, '{2}')", '42501'],
    ['A51 whose snapshot is waited for', 'select pg_safe_snapshot_blocking_pids(1)', '42501'],
    ['A51 what became of a transaction', "select pg_xact_status('3')", '42501'],
    ['A51 what became of one, by its old name', 'select txid_status(3)', '42501'],
    ['A51 the size of all databases', "select pg_tablespace_size('pg_default')", '42501'],
    ['A51 the replication slots', 'select * from pg_get_replication_slots()', '42501'],
    ['other sessions ended', 'select pg_terminate_backend(pg_backend_pid())', '42501'],
    ['a file of the server', `select pg_read_file('/etc/passwd')`, '42501'],
    ["the server's settings file", `select * from pg_hba_file_rules`, '42501'],
    ['password hashes', 'select * from pg_authid', '42501'],
    ['the event trigger dropped', 'drop event trigger tenancy_refuse_runtime_ddl', '42501'],
    ['the audit of a table without a grant', 'select * from specimen.directory', '42501'],
    ['a row of a directory written', `insert into specimen.directory (slug, org_id) values ('x', '${a.id}')`, '42501'],
    ['an append-only row changed', `update specimen.stamps set text = 'x'`, '42501'],
    ['an append-only row deleted', 'delete from specimen.stamps', '42501'],
  ];
  it.each(refused)('refuses %s', async (_name, sql, code) => {
    const outcome = await attacker.attempt(typeof sql === 'string' ? sql : sql());
    if (typeof code === 'string') expect(outcome.code).toBe(code);
    else expect(outcome.code ?? '').toMatch(code);
    nothingOfB(outcome.said);
  });

  it('A51 calls no function of the server whose name says that it looks beyond its own session', async () => {
    const beyond = await test.admin(
      `select p.oid::regprocedure::text as name from pg_proc p
      where p.pronamespace = 'pg_catalog'::regnamespace and p.provolatile <> 'i' and has_function_privilege('specimen_app', p.oid, 'execute')
        and p.proname ~ '(^pg_stat_get|_slot|xact_status|txid_status|block|tablespace_(size|databases)|(^|_)lock|activity|toast|loaded|(relation|table|database|indexes)_size|wal_lsn|wal_summar)' order by 1`,
    );
    expect(beyond).toEqual([]);
  });

  it('A41 refuses temporary objects, tables and schemas for want of the right too, where no event trigger is in the way', async () => {
    await test.admin('alter event trigger tenancy_refuse_runtime_ddl disable');
    try {
      for (const sql of [
        'create temporary table t (n int)',
        'create temporary view v as select 1',
        'create temporary sequence s',
        'create table specimen.t (n int)',
        'create table public.t (n int)',
        'create schema shadow',
      ]) {
        expect([sql, (await attacker.attempt(sql)).code]).toEqual([sql, '42501']);
      }
    } finally {
      await test.admin('alter event trigger tenancy_refuse_runtime_ddl enable');
    }
  });

  it('A18 refuses stacked statements in the protocol the library speaks', async () => {
    await expect(
      attacker.client.query({ text: 'select 1; select 2', values: [], queryMode: 'extended' } as pg.QueryConfig),
    ).rejects.toMatchObject({ code: '42601' });
  });

  it('A12 A13 A14 keeps no tag beyond the transaction, and one taken outside of one has no effect', async () => {
    await attacker.commit('select 1');
    for (const sql of [
      'select * from specimen.papers',
      `select tenancy.carry('${attacker.tag()}')`,
      'select * from specimen.papers',
    ]) {
      const outcome = await attacker.plain(sql);
      expect(outcome.rows.filter((row) => row['carry'] !== '')).toEqual([]);
    }
    await attacker.plain(`select tenancy.carry('${attacker.tag()}')`);
    expect((await attacker.plain('select * from specimen.papers')).code).toBe('42501');
  });

  it('A53 makes a tag seen elsewhere useless after its expiry, and on another service at once', async () => {
    const old = attacker.tag(b, Date.now() - 61_000);
    expect((await attacker.attempt(`select tenancy.carry('${old}')`)).said).toContain('the tag has expired');
    await prepareDatabase({
      adminUrl: test.adminUrl,
      service: 'other',
      passwords: { migrate: 'x', app: 'other-app', relay: 'x' },
      tagKey: 'bb'.repeat(32),
    });
    const url = new URL(test.appUrl);
    url.username = 'other_app';
    url.password = 'other-app';
    const other = new pg.Client({ connectionString: url.href });
    await other.connect();
    await expect(other.query('select tenancy.carry($1)', [attacker.tag(b)])).rejects.toMatchObject({ code: '42501' });
    await expect(other.query('select tenancy.org_id()')).rejects.toMatchObject({ code: '42501' });
    await expect(other.query('select * from specimen.papers')).rejects.toMatchObject({ code: '42501' });
    await other.end();
  });

  it('A20 A21 lets a poisoned default or a connection option verify for nobody', async () => {
    const claims = claimsOf(b.id);
    const [here] = await test.admin('select current_database() as name');
    const defaults = `alter role specimen_app in database ${String(here?.['name'])}`;
    // The role has no right to this one; a superuser stands for whoever might have.
    expect((await attacker.plain(`${defaults} set backtrace_functions = '${claims}'`)).code).toBe('42501');
    await expect(Attacker.connect(test, a, `-c backtrace_functions=${claims}`)).rejects.toMatchObject({
      code: '42501',
    });
    expect((await attacker.plain(`${defaults} set row_security = off`)).code).toBeUndefined();
    const poisoned = await Attacker.connect(test, a);
    expect(await poisoned.attempt('select * from specimen.papers')).toMatchObject({ code: '42501', rows: [] });
    await poisoned.close();
    // The library pins its own settings above the role's defaults: the service keeps working.
    const service = new TenantDatabase({ url: test.appUrl, tagKey: test.tagKey, poolSize: 1 });
    const rows = await a.as(() =>
      service.transaction((tx) =>
        tx.query({ name: 'all', text: 'select secret from specimen.papers', parameters: [] }, {}),
      ),
    );
    expect(rows).toEqual([{ secret: a.canary }]);
    await service.close();
    await test.admin(`${defaults} reset all`);
  });

  it('A21 lets no default of its role make the service fail', async () => {
    const [here] = await test.admin('select current_database() as name');
    const defaults = `alter role specimen_app in database ${String(here?.['name'])}`;
    const poison = [
      "statement_timeout = '1ms'",
      "lock_timeout = '1ms'",
      "transaction_timeout = '1ms'",
      "idle_in_transaction_session_timeout = '1ms'",
      "default_transaction_isolation = 'serializable'",
      "bytea_output = 'escape'",
    ];
    for (const setting of poison) expect((await attacker.plain(`${defaults} set ${setting}`)).code).toBeUndefined();
    const service = new TenantDatabase({ url: test.appUrl, tagKey: test.tagKey, poolSize: 1 });
    const settings = `current_setting('statement_timeout') || ' ' || current_setting('lock_timeout') || ' ' || current_setting('transaction_timeout') || ' ' || current_setting('transaction_isolation') || ' ' || current_setting('bytea_output')`;
    const rows = await a.as(() =>
      service.transaction((tx) =>
        tx.query(
          {
            name: 'settings',
            text: `select ${settings} as now from specimen.papers, generate_series(1, 20000) limit 1`,
            parameters: [],
          },
          {},
        ),
      ),
    );
    expect(rows).toEqual([{ now: '15s 5s 0 read committed hex' }]);
    await service.close();
    await test.admin(`${defaults} reset all`);
  });

  it('A51 plans without knowing a value of anybody: EXPLAIN estimates the same for values B has and values nobody has', async () => {
    await test.admin(
      `insert into specimen.papers (org_id, id, title, secret, code) select $1, gen_random_uuid(), 'common in B', 'secret', 'code ' || n from generate_series(1, 500) n`,
      [b.id],
    );
    await test.admin('analyze specimen.papers');
    const estimate = async (condition: string): Promise<unknown> => {
      const { rows, code } = await attacker.attempt(
        `explain (format json) select 1 from specimen.papers p, generate_series(1, 1000000000) g where (${condition} or g < 0)`,
      );
      return (
        code ?? (rows[0] as { 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] })['QUERY PLAN'][0].Plan['Plan Rows']
      );
    };
    expect(await estimate("p.title = 'common in B'")).toEqual(await estimate("p.title = 'known to nobody'"));
    expect(await estimate("p.title < 'common in B'")).toEqual(await estimate("p.title < 'zzz'"));
    expect(await estimate(`p.org_id = '${b.id}'`)).toEqual(await estimate(`p.org_id = '${newId()}'`));
    expect(await test.admin(`select attname from pg_stats where schemaname = 'specimen'`)).toEqual([]);
    await test.admin(`delete from specimen.papers where title = 'common in B'`);
  });

  it("A51 A53 counts nothing of others' doings", async () => {
    for (const look of [
      'pg_stat_user_tables',
      'pg_stat_all_indexes',
      'pg_statio_user_tables',
      'pg_stat_database',
      'pg_stat_xact_user_tables',
      'pg_stat_io',
      'pg_stat_wal',
    ]) {
      expect([look, (await attacker.plain(`select * from ${look}`)).code]).toEqual([look, '42501']);
    }
    expect((await attacker.plain('select pg_current_wal_lsn()')).code).toBe('42501');
  });

  it('A23 A24 plans anew for each tag: a generic plan made under A shows B its own rows only', async () => {
    await attacker.plain(
      'set plan_cache_mode = force_generic_plan',
      'prepare mine as select org_id from specimen.papers',
    );
    for (let run = 0; run < 7; run++) expect((await attacker.attempt('execute mine')).rows).toEqual([{ org_id: a.id }]);
    await attacker.plain('begin', `select tenancy.carry('${attacker.tag(b)}')`);
    expect((await attacker.plain('execute mine')).rows).toEqual([{ org_id: b.id }]);
    await attacker.plain('rollback', 'deallocate mine', 'reset plan_cache_mode');
    expect((await attacker.plain('select * from specimen.papers')).code).toBe('42501');
  });

  it('A25 changes nothing of B by MERGE or UPDATE without a filter, or by a deletion that names it', async () => {
    const outcome = await attacker.attempt(
      `merge into specimen.papers t using (select '${rowOfB}'::uuid as id) s on t.id = s.id when matched then update set secret = 'stolen'`,
      `update specimen.papers set secret = 'mine'`,
      `select * from specimen.delete_papers(array['${rowOfB}'::uuid, '${rowOfA}'::uuid])`,
    );
    expect(outcome.code).toBeUndefined();
    expect(outcome.rows).toEqual([{ delete_papers: rowOfA }]);
  });

  it('A28 A49 says nothing about B through casts, divisions and conflicts that leak', async () => {
    for (const sql of [
      'select secret::int from specimen.papers',
      `select 1 / (length(secret) - ${b.canary.length}) from specimen.papers where org_id = '${b.id}'`,
      `${insert(b.id, rowOfB, 'x')} on conflict (org_id, id) do update set secret = 'x' where papers.secret::int > 0`,
      `${insert(a.id, rowOfB, 'x', "'code-b'")} on conflict (org_id, code) do update set secret = 'x' where papers.secret::int > 0`,
    ])
      nothingOfB((await attacker.attempt(sql)).said);
  });

  it('A31 answers the same for a reference to a row of B and to none', async () => {
    const refer = async (folder: string): Promise<string | undefined> =>
      (
        await attacker.attempt(
          `insert into specimen.papers (org_id, id, title, secret, folder_id) values ('${a.id}', '${newId()}', 't', 's', '${folder}')`,
        )
      ).code;
    expect(await refer(rowOfB)).toBe('23503');
    expect(await refer(newId())).toBe('23503');
    expect(await refer(rowOfA)).toBeUndefined();
  });

  it('A32 A33 lets A use the unique values and ids that B uses', async () => {
    expect((await attacker.attempt(insert(a.id, rowOfB, 'x', "'code-b'"))).code).toBeUndefined();
  });

  it('A34 A35 shows no value of B in a constraint error, and cascades nowhere', async () => {
    const clash = await attacker.attempt(insert(a.id, newId(), 'x', "'code-a'"));
    expect(clash.code).toBe('23505');
    nothingOfB(clash.said);
    const crossing =
      await test.admin(`select conname from pg_constraint where contype in ('f', 'u', 'p') and connamespace = 'specimen'::regnamespace
      and conrelid not in ('specimen.directory'::regclass, 'specimen.schema_migrations'::regclass, 'specimen.event_positions'::regclass)
      and (select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]) <> 'org_id'`);
    expect(crossing).toEqual([]);
  });

  it('A44 copies out its own rows only', async () => {
    const chunks: string[] = [];
    const connection = (attacker.client as unknown as { connection: NodeJS.EventEmitter }).connection;
    connection.on('copyData', (message: { chunk: Buffer }) => chunks.push(message.chunk.toString()));
    expect((await attacker.attempt('copy (select * from specimen.papers) to stdout')).code).toBeUndefined();
    expect((await attacker.attempt('copy specimen.papers to stdout')).said).not.toContain(b.canary);
    nothingOfB(chunks.join(''));
    expect(chunks.join('')).toContain(a.canary);
  });

  it('leaves nothing on a pooled connection: session settings, tags (A15)', async () => {
    const single = await testDatabase({ ...(await specimenSchema()) }, { poolSize: 1 });
    const raw = (text: string) => ({ name: text, text, parameters: [] });
    for (const org of [a, b])
      await org.as(() =>
        single.database.query(
          raw(
            `insert into specimen.papers (org_id, id, title, secret) values (tenancy.org_id(), '${newId()}', 't', '${org.canary}')`,
          ),
          {},
        ),
      );
    await b.as(() =>
      single.database.transaction(async (tx) => {
        await tx.query(raw("select set_config('tenancy.entered', current_setting('backtrace_functions'), false)"), {});
        await tx.query(
          raw("select set_config('search_path', 'specimen', false), set_config('row_security', 'off', false)"),
          {},
        );
      }),
    );
    const state = await a.as(() =>
      single.database.query(
        raw("select current_setting('search_path') as path, current_setting('row_security') as security"),
        {},
      ),
    );
    expect(state).toEqual([{ path: 'pg_catalog', security: 'on' }]);
    await b.as(() => single.database.query(raw("select set_config('search_path', 'specimen', false)"), {}));
    expect(await a.as(() => single.database.query(raw("select current_setting('search_path') as path"), {}))).toEqual([
      { path: 'pg_catalog' },
    ]);
    // No tag is there to fall back to, B's session-level one least of all: only what A's own transaction carries.
    const said = raw("select current_setting('backtrace_functions') as said");
    const [own] = await a.as(() => single.database.query<{ said: string }, object>(said as never, {}));
    expect(own?.said.replaceAll(',', '-')).toContain(a.id);
    await single.drop();
  });

  it('A53 shows no query text of a runtime role, not even to the superuser', async () => {
    const rows = await test.admin("select query from pg_stat_activity where usename = 'specimen_app'");
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map((row) => row['query']).filter(Boolean)).toEqual([]);
  });

  it('A65 asks for a password on loopback too', async () => {
    const url = new URL(test.appUrl);
    url.password = 'wrong';
    const client = new pg.Client({ connectionString: url.href });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
  });

  it('A68 gives no runtime role a lock of a table that others would have to wait for, with a tag or without', async () => {
    const { asked, taken } = await tableLocks(test, 'specimen', a);
    expect(taken).toEqual([]);
    expect(asked).toBeGreaterThan(200);
    // The control: who may delete may lock.
    await test.admin('grant delete on specimen.papers to specimen_app');
    const withDelete = (await tableLocks(test, 'specimen', a)).taken;
    await test.admin('revoke delete on specimen.papers from specimen_app');
    expect(withDelete).toContain('specimen_app locks specimen.papers in access exclusive mode without a tag');
    expect(withDelete).toHaveLength(10);
  });

  it('A68 serves B while A holds the strongest locks that it gets', async () => {
    const serve = async (): Promise<string | undefined> => {
      const client = await Attacker.connect(test, b, '-c lock_timeout=500ms');
      const { code } = await client.attempt(
        insert(b.id, newId(), 'served'),
        'select * from specimen.papers for update',
        `update specimen.papers set secret = 'served'`,
        'select specimen.delete_papers(array(select id from specimen.papers))',
      );
      await client.close();
      return code;
    };
    const held = (mode: string): Promise<string | undefined> =>
      attacker.plain('begin', `lock table specimen.papers in ${mode} mode`).then(({ code }) => code);
    expect(await held('row exclusive')).toBeUndefined();
    expect(await serve()).toBeUndefined();
    await attacker.plain('rollback');
    expect(await held('access exclusive')).toBe('42501');
    expect(await serve()).toBeUndefined();
    await attacker.plain('rollback');
    // The control: who may delete keeps B waiting.
    await test.admin('grant delete on specimen.papers to specimen_app');
    expect(await held('access exclusive')).toBeUndefined();
    const waited = await serve();
    await attacker.plain('rollback');
    await test.admin('revoke delete on specimen.papers from specimen_app');
    expect(waited).toBe('55P03');
  });

  it('A68 lets a migration give up where A holds a table, before those behind it do', async () => {
    const schema = await specimenSchema();
    const later = new URL('migrations/0002-later.sql', schema.packageUrl);
    await writeFile(
      later,
      'alter table specimen.papers add column later text; alter table specimen.papers drop column later;',
    );
    await attacker.plain('begin', 'lock table specimen.papers in access share mode');
    const migrated = migrate(schema, test.migrateUrl).then(
      () => 'migrated',
      (error: { code?: string }) => error.code,
    );
    const waits =
      "select 1 from pg_locks l join pg_stat_activity s using (pid) where l.relation = 'specimen.papers'::regclass and not l.granted and s.datname = current_database()";
    while ((await test.admin(waits)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const behind = await Attacker.connect(test, b);
    expect((await behind.attempt('select secret from specimen.papers')).rows).toEqual([{ secret: b.canary }]);
    await behind.close();
    expect(await migrated).toBe('55P03');
    await attacker.plain('rollback');
    expect(await migrate(schema, test.migrateUrl)).toEqual(['0002-later']);
  });

  it('A05 lets a runtime role connect to no other database of the server', async () => {
    for (const database of ['postgres', 'template1']) {
      const url = new URL(test.appUrl);
      url.pathname = `/${database}`;
      const client = new pg.Client({ connectionString: url.href });
      const said = await client.connect().then(
        () => client.end(),
        (error: pg.DatabaseError) => error.code,
      );
      expect([database, said]).toEqual([database, '42501']);
    }
  });

  it('A68 stops a statement that would starve the pool', async () => {
    const limit = await attacker.plain('show statement_timeout');
    expect(limit.rows).toEqual([{ statement_timeout: '15s' }]);
    const slow = await attacker.plain(
      "set statement_timeout = '200ms'",
      'select count(*) from generate_series(1, 100000000000)',
    );
    expect(slow.code).toBe('57014');
    await attacker.plain('reset statement_timeout');
  });
});
