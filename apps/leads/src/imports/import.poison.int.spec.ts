import { setTimeout as sleep } from 'node:timers/promises';
import { StartImport } from '@apollo/contracts';
import { Attacker, type Outcome, type TestOrg, testOrg } from '@apollo/testing';
import { IMPORT_JOB } from './import.limits.js';
import { type ImportWorld, importWorld } from './import.world.spec.js';

const mapping = { Name: 'contact_name' };
/** Nearly as many as may be open. */
const MANY = 90;
const READING = `'{"encoding":"utf-8","delimiter":",","heading_line":1,"identity":"none","formats":{}}'`;

/** A writes imports, and asks for imports to be looked at, as SQL can; B's are done meanwhile. */
describe('A74 what one organization writes about its imports', () => {
  let world: ImportWorld;
  let a: TestOrg;
  let attacker: Attacker;

  beforeAll(async () => {
    world = await importWorld();
  });
  beforeEach(async () => {
    a = testOrg();
    // For the pipeline that imports need.
    await world.ask(a, StartImport, { file_name: 'x.csv', mapping });
    attacker = await Attacker.connect(world.test, a);
  });
  afterEach(async () => {
    await attacker.close();
    await world.test.admin('delete from leads.due_jobs');
    await world.test.admin("delete from leads.imports where org_id = $1 or file_name = 'poison'", [a.id]);
  });
  afterAll(() => world.stop());

  /** Makes imports of A, each with the named columns as they are said, and has them looked at in `seconds`. */
  const plant = async (
    columns: Record<string, string> = {},
    count = 1,
    seconds = '-1e9',
    by = { attacker, org: a },
  ): Promise<Outcome> => {
    const row = {
      status: "'running'",
      created_at: 'now()',
      value_decimals: '2',
      mapping: `'[["Name","contact_name"]]'`,
      ...columns,
    };
    const names = Object.keys(row);
    return by.attacker.commit(
      `insert into leads.imports (org_id, id, file_name, pipeline_id, started_by, received_bytes, ${names.join(', ')})
      select org_id, gen_random_uuid(), 'poison', id, '${by.org.owner}', 0, ${Object.values(row).join(', ')} from leads.pipelines, generate_series(1, ${count}) where is_default`,
      `select leads.start_job(id, '${IMPORT_JOB}', '{}', '${by.org.owner}', ${seconds}) from leads.imports where file_name = 'poison'`,
    );
  };

  it('is looked at within the hour, and is nothing to do if it is not there', async () => {
    for (const seconds of ["'-infinity'", "'infinity'", "'nan'", '1e300', '-1e300', 'null']) {
      expect((await plant({}, 1, seconds)).code).toBeUndefined();
      const due = await world.test.admin(
        "select due_at between now() - interval '1 minute' and now() + interval '61 minutes' as soon from leads.due_jobs where org_id = $1",
        [a.id],
      );
      expect(due.filter(({ soon }) => soon !== true)).toEqual([]);
    }
    const strangers = `select leads.start_job(gen_random_uuid(), '${IMPORT_JOB}', '{}', '${a.owner}', 0) from generate_series(1, ${MANY})`;
    expect((await attacker.commit(strangers)).code).toBeUndefined();
    expect(await world.isServed()).toBe(true);
  });

  it('is a few of those that a look finds, however many there are', async () => {
    expect((await plant({}, MANY, '1e9')).code).toBeUndefined();
    // All but one wait in line behind it, for good.
    const first = "select id from leads.imports where file_name = 'poison' limit 1";
    await attacker.commit(`select leads.claim_job((${first}), gen_random_uuid())`);
    const watched = "select leads.put_off_job(id, -1e9) from leads.imports where file_name = 'poison'";
    expect((await attacker.commit(watched)).code).toBeUndefined();
    expect(await world.isServed()).toBe(true);
  }, 60_000);

  it.each([
    ['a name for leads that is twenty megabytes', { default_contact_name: "repeat('x', 20000000)" }],
    ['an amount with very many digits', { value_decimals: '500000000' }],
    ['fewer problems than none', { errors_noted: '-2000000000' }],
    ['fewer rows than none', { rows_read: '-1' }],
    ['more rows than a file has', { rows_total: '1000001' }],
    ['attempts that cannot be counted on', { attempts: '2147483647' }],
    ['fewer attempts than none', { attempts: '-2147483648' }],
    ['a beginning that is too far for a clock', { created_at: "'294276-12-31'" }],
    ['a beginning after all times', { created_at: "'infinity'" }],
    ['a beginning before all times', { created_at: "'-infinity'" }],
    ['a state nobody knows', { status: "'?'" }],
    ['a mapping of megabytes', { mapping: "to_jsonb(repeat('x', 1000000))" }],
    ['a reading of megabytes', { reading: "to_jsonb(repeat('x', 1000000))" }],
    ['settings of megabytes', { settings: "to_jsonb(repeat('x', 3000000))" }],
    ['what was taken back, of megabytes', { undo: "to_jsonb(repeat('x', 1000000))" }],
    ['a reason of megabytes', { error_detail: "repeat('x', 1000000)" }],
    ['a separator of many letters', { delimiter: "repeat(',', 100)" }],
  ])('cannot be %s', async (_what, columns: Record<string, string>) => {
    expect((await plant(columns)).code).toBe('23514');
    expect((await plant()).code).toBeUndefined();
  });

  it.each([
    [
      "insert into leads.import_chunks (org_id, id, import_id, seq, sha256, data) select org_id, gen_random_uuid(), id, SEQ, repeat('a', 64), 'x' from leads.imports limit 1",
      'SEQ',
      '0',
      '10001',
    ],
    [
      "insert into leads.import_chunks (org_id, id, import_id, seq, sha256, data) select org_id, gen_random_uuid(), id, 1, repeat('a', 64), DATA from leads.imports limit 1",
      'DATA',
      "'x'",
      "repeat('x', 600000)::bytea",
    ],
    [
      'insert into leads.import_errors (org_id, id, import_id, position, line, problem) select org_id, gen_random_uuid(), id, 1, 1, TEXT from leads.imports limit 1',
      'TEXT',
      "'x'",
      "repeat('x', 1001)",
    ],
    [
      `with l as (
        insert into leads.leads (org_id, id, pipeline_id, stage_id, contact_name, created_at, updated_at) select org_id, gen_random_uuid(), pipeline_id, id, 'x', now(), now() from leads.stages limit 1 returning org_id, id)
      insert into leads.import_changes (org_id, id, import_id, lead_id, version, before, after) select i.org_id, gen_random_uuid(), i.id, l.id, 1, '{}', LEAD from leads.imports i, l limit 1`,
      'LEAD',
      "'{}'",
      "to_jsonb(repeat('x', 3000000))",
    ],
    [
      "insert into leads.lead_fields (org_id, id, key, label, kind, options, archived) select org_id, gen_random_uuid(), 'k', 'K', 'select', OPTIONS, false from leads.pipelines where is_default",
      'OPTIONS',
      "'{a}'",
      'array(select n::text from generate_series(1, 101) n)',
    ],
    [
      "insert into leads.lead_fields (org_id, id, key, label, kind, options, archived) select org_id, gen_random_uuid(), 'k', 'K', 'select', OPTIONS, false from leads.pipelines where is_default",
      'OPTIONS',
      "'{a}'",
      "array[repeat('x', 70000)]",
    ],
    [
      "insert into leads.lead_fields (org_id, id, key, label, kind, options, archived) select org_id, gen_random_uuid(), 'k', LABEL, 'text', '{}', false from leads.pipelines where is_default",
      'LABEL',
      "'K'",
      "repeat('x', 1000000)",
    ],
    ['update leads.pipelines set name = NAME where is_default', 'NAME', "'P'", "repeat('x', 1000000)"],
    ['update leads.stages set name = NAME where is_default', 'NAME', "'S'", "repeat('x', 1000000)"],
    [
      "insert into leads.leads (org_id, id, pipeline_id, stage_id, contact_name, created_at, updated_at, custom_fields) select org_id, gen_random_uuid(), pipeline_id, id, 'x', now(), now(), CUSTOM from leads.stages limit 1",
      'CUSTOM',
      "'{}'",
      "jsonb_build_object('import_remarks', repeat('x', 1000000))",
    ],
    // What takes a few bytes as it is stored, and as it was compressed elsewhere, becomes as many objects as its text has room for.
    [
      `with l as (
        insert into leads.leads (org_id, id, pipeline_id, stage_id, contact_name, created_at, updated_at) select org_id, gen_random_uuid(), pipeline_id, id, 'x', now(), now() from leads.stages limit 1 returning org_id, id)
      insert into leads.import_changes (org_id, id, import_id, lead_id, version, before) select i.org_id, gen_random_uuid(), i.id, l.id, 1, (select jsonb_agg('{}'::jsonb) from generate_series(1, MANY)) from leads.imports i, l limit 1`,
      'MANY',
      '10',
      '135000',
    ],
    [
      `with l as (
        insert into leads.leads (org_id, id, pipeline_id, stage_id, contact_name, created_at, updated_at) select org_id, gen_random_uuid(), pipeline_id, id, 'x', now(), now() from leads.stages limit 1 returning org_id, id)
      insert into leads.activities (org_id, id, lead_id, kind, actor, at, detail) select org_id, gen_random_uuid(), id, 'note_added', 'x', now(), (select jsonb_agg('{}'::jsonb) from generate_series(1, MANY)) from l`,
      'MANY',
      '10',
      '5000',
    ],
    [
      "select leads.append_audit(gen_random_uuid(), tenancy.actor_id()::text, 'x', 'done', null, (select jsonb_agg('{}'::jsonb) from generate_series(1, MANY)), 'x')",
      'MANY',
      '10',
      '5000',
    ],
    [
      "insert into leads.org_commands (org_id, id, actor, message_type, idempotency_key, request_hash, reply) select org_id, gen_random_uuid(), 'x', 'x', gen_random_uuid()::text, 'x', repeat('[]', MANY) from leads.pipelines limit 1",
      'MANY',
      '10',
      '600000',
    ],
  ])('is bounded: %s', async (statement, name, good, bad) => {
    await plant();
    expect((await attacker.attempt(statement.replace(name, good))).code).toBeUndefined();
    expect((await attacker.attempt(statement.replace(name, bad))).code).toBe('23514');
  });

  it('cannot be counted back, nor begun again once it has ended', async () => {
    await plant({ status: "'failed'", rows_read: '5', errors_noted: '5', attempts: '5', rows_total: '9' });
    const change = (set: string) => attacker.attempt(`update leads.imports set ${set} where file_name = 'poison'`);
    for (const back of ['rows_read = 4', 'errors_noted = 0', 'attempts = 0', 'rows_total = null', "status = 'running'"])
      expect((await change(back)).code).toBe('42501');
    for (const onward of [
      'rows_read = 6, attempts = 0',
      'errors_noted = 6',
      'attempts = 6',
      "status = 'undoing', attempts = 0",
    ])
      expect((await change(onward)).code).toBeUndefined();
  });

  it('is given up before it is worked on when too many have gone down with it', async () => {
    await plant({}, 1, '60');
    await world.test.admin(
      "update leads.jobs set attempts = 5 from leads.imports i where i.id = jobs.id and i.file_name = 'poison'",
    );
    await attacker.commit("select leads.put_off_job(id, 0) from leads.imports where file_name = 'poison'");
    for (;;) {
      const [row] = await world.test.admin("select status, error_detail from leads.imports where file_name = 'poison'");
      if (row!['status'] !== 'running') {
        expect(row).toEqual({ status: 'failed', error_detail: 'The import did not get any further.' });
        break;
      }
      await sleep(50);
    }
  }, 60_000);

  it.each([
    ['of before files were looked at', {}, /began before an update/],
    ['with a mapping that is none', { mapping: "'17'", reading: READING }, /its mapping is not/],
    [
      'with a mapping as deep as can be',
      { mapping: `(repeat('[', 3000) || repeat(']', 3000))::jsonb`, reading: READING },
      /its mapping is not/,
    ],
    ['with settings that are none', { settings: `'{"owners": 17}'`, reading: READING }, /its settings is not/],
    ['with a reading that is none', { reading: `'{"heading_line": "x"}'` }, /its reading is not/],
  ])(
    'fails with a word for it, and stops nobody else: %s',
    async (_what, columns: Record<string, string>, word) => {
      expect((await plant(columns)).code).toBeUndefined();
      expect(await world.isServed()).toBe(true);
      for (;;) {
        const [row] = await world.test.admin(
          "select status, error_detail from leads.imports where file_name = 'poison'",
        );
        if (row!['status'] !== 'running') {
          expect(row).toMatchObject({ status: 'failed', error_detail: expect.stringMatching(word) });
          break;
        }
        await sleep(50);
      }
    },
    60_000,
  );

  it('stops nobody else: many of them, with an ending and a separator that are none', async () => {
    expect((await plant({ delimiter: "''", error_code: "'?'", finished_at: "'infinity'" }, 30)).code).toBeUndefined();
    expect(await world.isServed()).toBe(true);
  }, 60_000);

  it('stops nobody else: imports that it keeps locked, and when they are looked at', async () => {
    const served = async (): Promise<number> => {
      const begun = performance.now();
      expect(await world.isServed()).toBe(true);
      return performance.now() - begun;
    };
    const control = await served();
    const other = testOrg();
    await world.ask(other, StartImport, { file_name: 'x.csv', mapping });
    const accomplice = await Attacker.connect(world.test, other);
    // One for each place of the process.
    for (const by of [
      { attacker, org: a },
      { attacker: accomplice, org: other },
    ]) {
      expect((await plant({}, 20, '-1e9', by)).code).toBeUndefined();
      const locked = await by.attacker.plain(
        'set idle_in_transaction_session_timeout = 0',
        'begin',
        `select tenancy.carry('${by.attacker.tag()}')`,
        "update leads.imports set attempts = attempts where file_name = 'poison'",
        "select leads.put_off_job(id, -1e9) from leads.imports where file_name = 'poison'",
      );
      expect(locked.code).toBeUndefined();
    }
    expect(await served()).toBeLessThan(control + 5_000);
    await attacker.plain('rollback');
    await accomplice.close();
  }, 90_000);
});
