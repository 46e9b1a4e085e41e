import { newId } from '@apollo/tenancy';
import { Attacker, type Outcome, testDatabase, type TestDatabase, type TestOrg, twoOrgs } from '@apollo/testing';
import { leadsSchema } from '../leads.schema.js';

/** What the keys of this service's tables tell to arbitrary SQL under the tag of organization A; B is the victim. */
describe('keys of the tables of leads', () => {
  const [a, b] = twoOrgs();
  const ids = new Map([a, b].map((org) => [org, { pipeline: newId(), stage: newId(), lead: newId() }]));
  const of = (org: TestOrg) => ids.get(org) as { pipeline: string; stage: string; lead: string };
  let test: TestDatabase;
  let attacker: Attacker;

  const lead = (org: string, id: string, place: { pipeline: string; stage: string }, external: string): string =>
    `insert into leads.leads (org_id, id, pipeline_id, stage_id, contact_name, external_id, created_at, updated_at)
     values ('${org}', '${id}', '${place.pipeline}', '${place.stage}', 'canary-free', '${external}', now(), now())`;
  const note = (org: string, leadId: string, text: string): string =>
    `insert into leads.activities (org_id, id, lead_id, kind, actor, at, detail) values ('${org}', '${newId()}', '${leadId}', 'note_added', 'x', now(), '{"text": "${text}"}')`;
  const furnish = (org: TestOrg): string[] => [
    `insert into leads.pipelines values ('${org.id}', '${of(org).pipeline}', 'Sales', true, false, now(), 1)`,
    `insert into leads.stages values ('${org.id}', '${of(org).stage}', '${of(org).pipeline}', 'New', 0, 'open', true, false)`,
    lead(org.id, of(org).lead, of(org), `ext-${org.canary}`),
    note(org.id, of(org).lead, org.canary),
  ];
  /** The outcome with the ids that the attacker named himself taken out. */
  const blank = (outcome: Outcome, ...own: string[]): Outcome =>
    JSON.parse(own.reduce((text, id) => text.replaceAll(id, '?'), JSON.stringify(outcome))) as Outcome;
  const rowsOfB = () =>
    test.admin(
      `select to_jsonb(l) as lead, (select jsonb_agg(x) from leads.activities x where x.org_id = l.org_id) as history from leads.leads l where org_id = $1`,
      [b.id],
    );

  beforeAll(async () => {
    test = await testDatabase(leadsSchema);
    for (const org of [a, b]) {
      const owner = await Attacker.connect(test, org);
      expect(await owner.commit(...furnish(org))).toEqual({ rows: [], said: expect.any(String) });
      await owner.close();
    }
    attacker = await Attacker.connect(test, a);
  });
  let before: unknown;
  beforeEach(async () => {
    before = await rowsOfB();
    expect(before).toHaveLength(1);
  });
  afterEach(async () => expect(await rowsOfB()).toEqual(before));
  afterAll(async () => {
    await attacker.close();
    await test.drop();
  });

  it('give one error for a stage, pipeline or lead of B and for one that never was (A31)', async () => {
    const [pipeline, stage, id] = [newId(), newId(), newId()];
    const attempts: [foreign: string, random: string, ...own: string[]][] = [
      [
        lead(a.id, id, of(b), 'x'),
        lead(a.id, id, { pipeline, stage }, 'x'),
        of(b).pipeline,
        of(b).stage,
        pipeline,
        stage,
      ],
      [
        lead(a.id, id, { ...of(a), stage: of(b).stage }, 'x'),
        lead(a.id, id, { ...of(a), stage }, 'x'),
        of(b).stage,
        stage,
      ],
      [
        `insert into leads.stages values ('${a.id}', '${id}', '${of(b).pipeline}', 'N', 1, 'open', false, false)`,
        `insert into leads.stages values ('${a.id}', '${id}', '${pipeline}', 'N', 1, 'open', false, false)`,
        of(b).pipeline,
        pipeline,
      ],
      [note(a.id, of(b).lead, 'x'), note(a.id, id, 'x'), of(b).lead, id],
    ];
    for (const [foreign, random, ...own] of attempts) {
      const outcome = await attacker.attempt(foreign);
      expect(outcome.code).toBe('23503');
      expect(blank(outcome, ...own)).toEqual(blank(await attacker.attempt(random), ...own));
    }
    expect((await attacker.attempt(lead(a.id, id, of(a), 'x'))).code).toBeUndefined();
  });

  it('do not tell that B uses an external id, a name or a default (A32)', async () => {
    expect((await attacker.attempt(lead(a.id, newId(), of(a), `ext-${b.canary}`))).code).toBeUndefined();
    expect(
      (await attacker.attempt(`${lead(a.id, newId(), of(a), `ext-${b.canary}`)} on conflict do nothing returning id`))
        .rows,
    ).toHaveLength(1);
    expect((await attacker.attempt(lead(a.id, newId(), of(a), `ext-${a.canary}`))).code).toBe('23505');
  });

  it('take an id that B uses as an own one (A33), whose removal takes nothing of B along (A34)', async () => {
    const outcome = await attacker.attempt(
      lead(a.id, of(b).lead, of(a), 'x'),
      note(a.id, of(b).lead, 'mine'),
      `select * from leads.delete_leads(array['${of(b).lead}'::uuid])`,
    );
    expect(outcome.rows).toEqual([{ delete_leads: of(b).lead }]);
    expect(
      (
        await attacker.commit(
          lead(a.id, of(b).lead, of(a), 'y'),
          `select * from leads.delete_leads(array['${of(b).lead}'::uuid])`,
        )
      ).rows,
    ).toEqual([{ delete_leads: of(b).lead }]);
  });

  it('show no value of a row in their errors (A35)', async () => {
    const { said, code } = await attacker.attempt(lead(a.id, newId(), of(a), `ext-${a.canary}`));
    expect(code).toBe('23505');
    expect(said).not.toContain(a.canary);
  });

  it.each(['leads', 'stages', 'pipelines'])('let no row of %s move to B (A36)', async (table) => {
    expect((await attacker.attempt(`update leads.${table} set org_id = '${b.id}'`)).code).toBe('42501');
    expect((await attacker.attempt(`update leads.${table} set id = '${newId()}'`)).code).toBe('42501');
    // The control: a row of its own may be changed, its key may not.
    expect((await attacker.attempt(`select id from leads.${table} for update`)).rows).toHaveLength(1);
  });

  it('let no row be written for B (A37)', async () => {
    for (const insert of [
      lead(b.id, newId(), of(b), 'x'),
      note(b.id, of(b).lead, 'x'),
      `insert into leads.pipelines values ('${b.id}', '${newId()}', 'P', false, false, now(), 1)`,
      `insert into leads.lead_fields values ('${b.id}', '${newId()}', 'k', 'K', 'text', '{}', false)`,
    ]) {
      expect((await attacker.attempt(insert)).code).toBe('42501');
    }
  });

  it.each([
    "update leads.activities set detail = '{}'",
    'delete from leads.activities',
    'delete from leads.leads',
    'truncate leads.activities',
    "update leads.audit_entries set actor = 'x'",
    'delete from leads.audit_entries',
    'select * from leads.audit_heads',
  ])('keep history as it is: %s', async (sql) => {
    expect((await attacker.attempt(sql)).code).toBe('42501');
  });

  it('start every unique key, index and foreign key with the organization', async () => {
    const strays = await test.admin(`
      select i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indrelid
      where c.relnamespace = 'leads'::regnamespace and c.relname not in ('schema_migrations', 'person_commands', 'platform_commands', 'event_positions')
        and (select attname from pg_attribute where attrelid = i.indrelid and attnum = i.indkey[0]) is distinct from 'org_id'
        -- The relay's way through everybody's events; no other role may use them without a tag.
        and i.indexrelid::regclass::text not in ('leads.outbox_unpublished', 'leads.outbox_committed')
      union all
      select conname from pg_constraint where connamespace = 'leads'::regnamespace and contype = 'f'
        and ((select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]) <> 'org_id' or (select attname from pg_attribute where attrelid = confrelid and attnum = confkey[1]) <> 'org_id')`);
    expect(strays).toEqual([]);
    expect(
      await test.admin(
        `select 1 from pg_constraint where connamespace = 'leads'::regnamespace and contype = 'f' and convalidated`,
      ),
    ).toHaveLength(7);
  });
});
