import { setTimeout as sleep } from 'node:timers/promises';
import { StartImport } from '@apollo/contracts';
import { Attacker, type Outcome, type TestOrg, testOrg } from '@apollo/testing';
import { type ImportWorld, importWorld } from './import.world.spec.js';

const mapping = { Name: 'contact_name' };
const FILE = 'Name\nAda\nGrace\n';
/** Milliseconds in which an import of a few rows is done, also on a slow machine: two looks of the scheduler, and its work. */
const USUAL_MS = 20_000;
const MANY = 500;

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
    await world.test.admin('delete from leads.import_watch');
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
      mapping: `'[["Name","contact_name"]]'`,
      ...columns,
    };
    const names = Object.keys(row);
    return by.attacker.commit(
      `insert into leads.imports (org_id, id, file_name, pipeline_id, value_decimals, started_by, received_bytes, ${names.join(', ')})
      select org_id, gen_random_uuid(), 'poison', id, 2, '${by.org.owner}', 0, ${Object.values(row).join(', ')} from leads.pipelines, generate_series(1, ${count}) where is_default`,
      `select leads.watch_import(id, ${seconds}) from leads.imports where file_name = 'poison'`,
    );
  };

  /** Whether an import of B is done within the usual time. */
  const isServed = async (): Promise<boolean> => {
    const late = Symbol('late');
    const done = world.import(testOrg(), FILE, { mapping });
    done.catch(() => undefined);
    const first = await Promise.race([done, sleep(USUAL_MS, late, { ref: false })]);
    return first !== late && (first as { status: string }).status === 'finished';
  };

  it('is looked at within the hour, and only if it is there', async () => {
    for (const seconds of ["'-infinity'", "'infinity'", "'nan'", '1e300', '-1e300', 'null']) {
      expect((await plant({}, 1, seconds)).code).toBeUndefined();
      const due = await world.test.admin(
        "select due_at between now() - interval '1 minute' and now() + interval '61 minutes' as soon from leads.import_watch where org_id = $1",
        [a.id],
      );
      expect(due.filter(({ soon }) => soon !== true)).toEqual([]);
    }
    const before = await world.test.admin('select 1 from leads.import_watch');
    const watched = `select leads.watch_import(gen_random_uuid(), 0) from generate_series(1, ${MANY})`;
    expect((await attacker.commit(watched)).code).toBeUndefined();
    expect(await world.test.admin('select 1 from leads.import_watch')).toHaveLength(before.length);
  });

  it('is a few of those that a look finds, however many there are', async () => {
    await plant({}, MANY, '1e9');
    // All but one wait in line behind it, for good.
    const first = "select id from leads.imports where file_name = 'poison' limit 1";
    await attacker.commit(
      `update leads.imports set lease = gen_random_uuid(), heartbeat_at = 'infinity' where id = (${first})`,
    );
    const watched = "select leads.watch_import(id, -1e9) from leads.imports where file_name = 'poison'";
    expect((await attacker.commit(watched)).code).toBeUndefined();
    expect(await isServed()).toBe(true);
  }, 60_000);

  it.each([
    ['attempts that cannot be counted on', { attempts: '2147483647' }],
    ['fewer attempts than none', { attempts: '-2147483648' }],
    ['a beginning that is too far for a clock', { created_at: "'294276-12-31'", status: "'receiving'" }],
    ['a beginning after all times', { created_at: "'infinity'", status: "'receiving'" }],
    [
      'a beginning before all times, and fewer rows than none',
      { created_at: "'-infinity'", status: "'receiving'", rows_read: '-1', created: '-1' },
    ],
    ['a state nobody knows', { status: "'?'" }],
    ['a mapping that is none', { mapping: "'17'" }],
    ['a mapping as deep as can be', { mapping: `(repeat('[', 3000) || repeat(']', 3000))::jsonb` }],
    ['an ending and a separator that are none', { delimiter: "''", error_code: "'?'", finished_at: "'infinity'" }],
  ])(
    'stops nobody else: %s',
    async (_what, columns: Record<string, string>) => {
      expect((await plant(columns, 30)).code).toBeUndefined();
      expect(await isServed()).toBe(true);
    },
    60_000,
  );

  it('stops nobody else: a mapping of a hundred megabytes', async () => {
    expect((await plant({ mapping: "to_jsonb(repeat('x', 100000000))" })).code).toBeUndefined();
    expect(await isServed()).toBe(true);
  }, 60_000);

  it('stops nobody else: imports that it keeps locked, and when they are looked at', async () => {
    const served = async (): Promise<number> => {
      const begun = performance.now();
      expect(await isServed()).toBe(true);
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
        'begin',
        `select tenancy.carry('${by.attacker.tag()}')`,
        "update leads.imports set attempts = attempts where file_name = 'poison'",
        "select leads.watch_import(id, -1e9) from leads.imports where file_name = 'poison'",
      );
      expect(locked.code).toBeUndefined();
    }
    expect(await served()).toBeLessThan(control + 5_000);
    await attacker.plain('rollback');
    await accomplice.close();
  }, 90_000);
});
