import { setTimeout as sleep } from 'node:timers/promises';
import { StartImport } from '@apollo/contracts';
import { Attacker, type TestOrg, testOrg } from '@apollo/testing';
import { AT_WORK, IMPORT_JOB } from './import.limits.js';
import { type ImportWorld, importWorld } from './import.world.spec.js';

const READING = '{"encoding":"utf-8","delimiter":",","heading_line":1,"identity":"none","formats":{}}';
/** Pieces of a file, each of 50,000 rows: more than anybody waits for. */
const PIECES = 20;
/** Organizations that keep their imports locked; more than a look finds. */
const HOLDERS = 45;

describe('A74 imports that do not end', () => {
  let world: ImportWorld;
  beforeAll(async () => {
    world = await importWorld();
  });
  afterAll(() => world.stop());

  /** Has an organization an import of a million rows, as SQL can make one. */
  async function plantEndless(org: TestOrg): Promise<void> {
    await world.ask(org, StartImport, { file_name: 'x.csv', mapping: { Name: 'contact_name' } });
    const attacker = await Attacker.connect(world.test, org);
    const planted = await attacker.commit(
      `insert into leads.imports (org_id, id, file_name, status, pipeline_id, mapping, reading, value_decimals, rows_total, started_by, received_bytes, created_at)
      select org_id, gen_random_uuid(), 'endless', 'running', id, '[["Name","contact_name"]]', '${READING}', 2, 1000000, '${org.owner}', 0, now() from leads.pipelines where is_default`,
      `insert into leads.import_chunks (org_id, id, import_id, seq, sha256, data)
      select i.org_id, gen_random_uuid(), i.id, piece, repeat('a', 64),
        convert_to((select case when piece = 0 then E'Name\\n' else '' end || string_agg('N' || n || E'\\n', '') from generate_series(1, 50000) n), 'utf8')
      from leads.imports i, generate_series(0, ${PIECES - 1}) piece where i.file_name = 'endless'`,
      `select leads.start_job(id, '${IMPORT_JOB}', '{}', '${org.owner}', 0) from leads.imports where file_name = 'endless'`,
    );
    expect(planted.code).toBeUndefined();
    await attacker.close();
  }

  it('keep no place from others, and go on in their turn, which is no attempt', async () => {
    const orgs = Array.from({ length: AT_WORK + 1 }, () => testOrg());
    for (const org of orgs) await plantEndless(org);
    const endless = () =>
      world.test.admin(
        "select i.status, rows_read, j.attempts from leads.imports i join leads.jobs j using (org_id, id) where file_name = 'endless'",
      );
    for (;;) {
      const busy = (await endless()).filter(({ rows_read }) => Number(rows_read) > 0);
      if (busy.length >= AT_WORK) break;
      await sleep(50);
    }
    expect(await world.isServed()).toBe(true);
    for (;;) {
      const found = await endless();
      expect(found).toEqual(
        found.map(({ rows_read }) => ({ status: 'running', rows_read, attempts: expect.any(Number) })),
      );
      expect(found.filter(({ attempts }) => Number(attempts) > 1)).toEqual([]);
      if (found.every(({ rows_read }) => Number(rows_read) > 0)) break;
      await sleep(50);
    }
    await world.test.admin("delete from leads.imports where file_name = 'endless'");
  }, 120_000);

  it('nor top what is looked at for good: many organizations that keep them locked', async () => {
    await world.test.admin(
      `insert into leads.due_jobs (org_id, job_id, started_by, dead, due_at)
      select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, gen_random_uuid(), gen_random_uuid(), false, now() + interval '1 second' from generate_series(1, ${HOLDERS}) n`,
    );
    const holder = await Attacker.connect({ ...world.test, appUrl: world.test.adminUrl }, testOrg());
    const held = await holder.plain(
      'begin',
      "select org_id from leads.due_jobs where org_id::text like '00000000%' for update",
    );
    expect(held.rows).toHaveLength(HOLDERS);
    await sleep(1_000);
    expect(await world.isServed()).toBe(true);
    await holder.close();
  }, 60_000);
});
