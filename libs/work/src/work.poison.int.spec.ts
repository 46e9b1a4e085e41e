import { Attacker, lockWait, longestLockWait, LONG_WAIT, type TestOrg, testOrg, twoOrgs, until } from '@apollo/testing';
import { functionCall, statement } from '@apollo/tenancy/postgres';
import { OPEN_OF_A_KIND, TOO_MANY_JOBS } from './job.tables.js';
import { WorkWorld } from './work.world.spec.js';

/** Organizations that keep their jobs locked; more than a look finds. */
const HOLDERS = 45;
const REFUSED = { code: 'org_suspended', detail: 'The organization is suspended.', reach: 'organization' } as const;

/** A writes among its jobs whatever SQL can; B's are done meanwhile. */
describe('A74 what one organization writes among its jobs', () => {
  let world: WorkWorld;
  let a: TestOrg;
  let b: TestOrg;
  let attacker: Attacker;

  beforeAll(async () => {
    world = await WorkWorld.start();
    world.run();
  });
  beforeEach(async () => {
    [a, b] = twoOrgs();
    world.gate = () => Promise.resolve();
    world.permit = () => Promise.resolve('granted');
    attacker = await Attacker.connect(world.test, a);
  });
  afterEach(async () => {
    await attacker.close();
    for (const table of ['due_jobs', 'stopped_jobs', 'jobs']) await world.test.admin(`delete from sample.${table}`);
  });
  afterAll(() => world.stop());

  /** Has B served, however long that takes on a slow machine. */
  async function served(): Promise<void> {
    const id = await world.begin(b, 2);
    await until(async () => (await world.state(b, id)) === 'done', { withinMs: 20_000 });
  }
  const start = (payload: string, count = 1, seconds = '-1e9', kind = 'stepping'): string =>
    `select sample.start_job(gen_random_uuid(), '${kind}', ${payload}, '${a.owner}', '${seconds}'::float8) from generate_series(1, ${count})`;

  it.each([
    ['that are none of a handler’s', () => start("'17'", 30)],
    ['as deep as can be', () => start("(repeat('[', 2000) || repeat(']', 2000))::jsonb", 30)],
    ['of a kind that nobody knows', () => start("'{}'", 30, '-1e9', 'unknown')],
    ['as many as can be', () => start(`'{"steps": 0}'`, OPEN_OF_A_KIND)],
    ['that never end', () => start(`'{"steps": 1e9}'`, 5)],
    [
      'claimed by nobody',
      () => `${start("'{}'", 30)}; select sample.claim_job(id, gen_random_uuid()) from sample.jobs`,
    ],
  ])('stops nobody else: jobs %s', async (_what, sql) => {
    expect((await attacker.commit(sql())).code).toBeUndefined();
    await served();
  });

  it.each([
    ['', 'granted', 'done'],
    [' and that are not to be done any more', REFUSED, 'stopped'],
  ] as const)('stops nobody else: jobs that it keeps locked%s, and so does another one', async (_what, answer, end) => {
    const other = testOrg();
    const accomplice = await Attacker.connect(world.test, other);
    await world.rest();
    world.permit = () => Promise.resolve(answer);
    // One for each place of the process. What is due is locked before anybody looks, for longer than the server puts up
    // with.
    for (const [org, each] of [
      [a, attacker],
      [other, accomplice],
    ] as const) {
      expect((await each.commit(start("'{}'", 20).replace(a.owner, org.owner))).code).toBeUndefined();
      const locked = await each.plain(
        'set idle_in_transaction_session_timeout = 0',
        'begin',
        `select tenancy.carry('${each.tag()}')`,
        "select sample.claim_job(id, gen_random_uuid()) from sample.jobs where state = 'open'",
      );
      expect(locked.code).toBeUndefined();
    }
    world.run();
    await until(async () => (await lockWait(world.test)) > 0);
    const id = await world.begin(b, 2);
    const longest = await longestLockWait(world.test, async () => (await world.state(b, id)) === end);
    await accomplice.close();
    expect(longest).toBeLessThan(LONG_WAIT);
  });

  it('tops what is looked at for no good: nor do many organizations that keep theirs locked', async () => {
    await world.test.admin(
      `insert into sample.due_jobs (org_id, job_id, started_by, due_at, dead)
      select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, gen_random_uuid(), gen_random_uuid()::text, now() - interval '1 second', false from generate_series(1, ${HOLDERS}) n`,
    );
    const holder = await Attacker.connect({ ...world.test, appUrl: world.test.adminUrl }, testOrg());
    const held = await holder.plain(
      'begin',
      "select org_id from sample.due_jobs where org_id::text like '00000000%' for update",
    );
    expect(held.rows.length).toBeGreaterThan(0);
    await served();
    await holder.close();
  });

  it('is a few of those that a look finds', async () => {
    await attacker.commit(start(`'{"steps": 1e9}'`, 50));
    const [found] = await world.test.admin(`select count(*)::int as found from sample.due_jobs d where d.org_id = $1`, [
      a.id,
    ]);
    expect(found).toEqual({ found: 50 });
    const due = await world.due();
    expect(due.filter(({ org_id }) => org_id === a.id).length).toBeLessThanOrEqual(4);
  });

  it('has a bound, of a kind and of all, which is the organization’s own and told of as such', async () => {
    const more = { code: TOO_MANY_JOBS };
    expect(await attacker.commit(start("'{}'", OPEN_OF_A_KIND + 1))).toMatchObject(more);
    // Due in an hour, so that none of them ends meanwhile.
    expect((await attacker.commit(start("'{}'", OPEN_OF_A_KIND, '3600'))).code).toBeUndefined();
    expect(await attacker.commit(start("'{}'"))).toMatchObject(more);
    await expect(world.begin(a, 1)).rejects.toMatchObject({ code: 'state_conflict' });
    const kinds = `select sample.start_job(gen_random_uuid(), 'k-' || chr(97 + n % 26), '{}', '${a.owner}', 3600) from generate_series(1, 1000) n`;
    expect(await attacker.commit(kinds)).toMatchObject(more);
    await served();
  });

  it('is looked at within the hour, whatever moment is asked for', async () => {
    for (const seconds of ['1e300', 'NaN', 'infinity', '3601'])
      expect((await attacker.commit(start("'{}'", 1, seconds))).code).toBeUndefined();
    const [late] = await world.test.admin(
      `select count(*)::int as late from sample.due_jobs where due_at > now() + interval '1 hour 1 second' or due_at = 'infinity'`,
    );
    expect(late).toEqual({ late: 0 });
  });

  it('has a bound, and says of nobody that he asked for it who did not', async () => {
    const codes = async (...statements: string[]) => (await attacker.attempt(...statements)).code;
    expect(await codes(start("to_jsonb(repeat('x', 5000))"))).toBe('54000');
    expect(await codes(start("'{}'", 1, '0', 'No Kind'))).toBe('22023');
    expect(await codes(start("'{}'").replace(a.owner, a.viewer))).toBe('42501');
    expect(await codes(start("'{}'").replace(a.owner, 'system:leads'))).toBe('42501');
    expect(await codes(start("'{}'"), 'update sample.jobs set attempts = 0')).toBe('42501');
    expect(await codes(start("'{}'"), 'insert into sample.jobs select * from sample.jobs')).toBe('42501');
    expect(await codes(start("'{}'"), 'delete from sample.jobs')).toBe('42501');
    expect(await codes("select sample.end_job(gen_random_uuid(), null, 'open', null, null)")).toBe('22023');
    for (const fn of ['replay_job', 'give_up_job'])
      expect(await codes(`select sample.${fn}(gen_random_uuid())`)).toBe('42501');
  });

  it('touches no job of another one, nor does it learn of any', async () => {
    const id = await world.begin(b, 1, { seconds: 600 });
    const about = `'${id}'::uuid`;
    await world.test.admin(
      "insert into sample.stopped_jobs (org_id, job_id, code, detail, due_at) values ($1, $2, '', '', now() + interval '1 hour')",
      [b.id, id],
    );
    for (const sql of [
      `select * from sample.claim_job(${about}, gen_random_uuid())`,
      `select * from sample.claim_job(${about}, gen_random_uuid(), 2147483647)`,
      `select * from sample.stop_jobs(null, 'x', 'x')`,
      `select * from sample.end_stopped_job(${about})`,
      `select sample.put_off_stopped_job(${about})`,
      `select sample.put_off_job(${about}, 0)`,
      `select sample.release_job(${about}, null, false, 0)`,
      `select sample.keep_job(${about}, null, true, null)`,
      `select sample.end_job(${about}, null, 'cancelled', null, null)`,
    ]) {
      const { code, said } = await attacker.commit(sql);
      expect(code).toBeUndefined();
      expect(said).not.toContain(id);
    }
    const [untouched] = await world.test.admin(
      `select state, lease, d.due_at > now() + interval '9 minutes' as waits from sample.jobs j join sample.due_jobs d on d.job_id = j.id where j.id = $1`,
      [id],
    );
    expect(untouched).toEqual({ state: 'open', lease: null, waits: true });
    const { database } = world.test;
    const find = functionCall<object>('find', 'select * from sample.find_due_jobs(:after)');
    const dead = functionCall<object>('dead', 'select * from sample.find_dead_jobs()');
    const own = functionCall<object>('own', 'select * from sample.find_own_jobs(:after)');
    const stopped = functionCall<object>('stopped', 'select * from sample.find_stopped_jobs(:after)');
    const table = statement('table', 'select * from sample.due_jobs where :org::uuid is not null');
    const stops = statement('stops', 'select * from sample.stopped_jobs where :org::uuid is not null');
    for (const look of [own, stopped, stops])
      await expect(a.as(() => database.query(look, { after: a.id }))).rejects.toMatchObject({ code: '42501' });
    await expect(a.as(() => database.query(find, { after: a.id }))).rejects.toMatchObject({ code: '42501' });
    await expect(a.as(() => database.query(dead, {}))).rejects.toMatchObject({ code: '42501' });
    await expect(a.as(() => database.query(table, {}))).rejects.toMatchObject({ code: '42501' });
  });
});
