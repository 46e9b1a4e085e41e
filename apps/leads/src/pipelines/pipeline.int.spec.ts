import {
  CreateLead,
  CreatePipeline,
  CreateStage,
  GetPipeline,
  type leadsMessages,
  ListLeads,
  ListLeadsAuditLog,
  ListPipelines,
  MoveLead,
  UpdatePipeline,
  UpdateStage,
} from '@apollo/contracts';
import { Attacker, testOrg, type TestOrg, twoOrgs } from '@apollo/testing';
import { type LeadsWorld, leadsWorld, pagesOf } from '../leads.world.spec.js';

describe('pipelines', () => {
  const [a, b] = twoOrgs();
  let world: LeadsWorld;
  const code = async (...args: Parameters<LeadsWorld['refusal']>): Promise<string> =>
    (JSON.parse(await world.refusal(...args)) as { code: string }).code;
  const names = (pipeline: leadsMessages.Pipeline, archived = false) =>
    pipeline.stages.filter((stage) => stage.archived === archived).map(({ name }) => name);
  const defaultOf = async (org: TestOrg) =>
    (await world.ask(org, ListPipelines, {})).items[0] as leadsMessages.Pipeline;

  beforeAll(async () => {
    world = await leadsWorld();
  });
  afterAll(() => world.stop());

  it('begin with one default pipeline, however many need it first at once', async () => {
    for (const org of Array.from({ length: 15 }, testOrg)) {
      await Promise.all(
        Array.from({ length: 18 }, (_, index) =>
          index % 3 === 0
            ? world.ask(org, ListPipelines, {})
            : index % 3 === 1
              ? world.ask(org, CreateLead, { contact_name: 'Ada' })
              : world.ask(org, CreatePipeline, { name: `P${index}` }),
        ),
      );
      const { items } = await world.ask(org, ListPipelines, {});
      expect(items.filter(({ is_default }) => is_default)).toEqual([items[0]]);
      expect(items).toHaveLength(7);
      const leads = (await world.ask(org, ListLeads, {})).items;
      expect(leads).toHaveLength(6);
      expect(new Set(leads.map(({ stage_id }) => stage_id))).toEqual(new Set([items[0]?.default_stage_id]));
      const made = (await world.ask(org, ListLeadsAuditLog, { action: 'leads.default-pipeline-created' })).items;
      expect(made).toHaveLength(1);
    }
  });

  it('are listed in pages that one message carries, each of them once, however many stages they have', async () => {
    const org = testOrg();
    const name = '語'.repeat(96);
    for (let count = 0; count < 30; count += 1) await world.ask(org, CreatePipeline, { name: `P${count}` });
    await world.test.admin(
      `insert into leads.stages (org_id, id, pipeline_id, name, position, kind, is_default, archived)
      select p.org_id, gen_random_uuid(), p.id, $2 || n, 100 + n, 'open', false, false
      from leads.pipelines p, generate_series(1, 90) n where p.org_id = $1`,
      [org.id, name],
    );
    const listed = await pagesOf(world, org, ListPipelines);
    expect(listed.length).toBeGreaterThan(1);
    expect(new Set(listed.flat().map(({ id }) => id)).size).toBe(31);
    expect(listed.flat()).toHaveLength(31);
  });

  it('are there for a Viewer who looks first', async () => {
    const org = testOrg();
    expect((await world.ask(org, ListPipelines, {}, { actor: org.viewer, role: 'viewer' })).items).toHaveLength(1);
    expect((await world.ask(b, ListPipelines, {})).items[0]?.id).not.toBe(
      (await world.ask(org, ListPipelines, {})).items[0]?.id,
    );
  });

  it('are listed in pages, the default one first', async () => {
    const org = testOrg();
    for (const name of ['One', 'Two', 'Three']) await world.ask(org, CreatePipeline, { name });
    const first = await world.ask(org, ListPipelines, { limit: 3 });
    const second = await world.ask(org, ListPipelines, { limit: 3, cursor: first.next_cursor ?? '' });
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['Sales', 'One', 'Two', 'Three']);
    expect(second.next_cursor).toBeNull();
    expect(await code(b, ListPipelines, { cursor: first.next_cursor ?? '' })).toBe('invalid_cursor');
  });

  it('take stages, let them be renamed and put elsewhere, and count their versions', async () => {
    const pipeline = await world.ask(a, CreatePipeline, { name: 'Configured' });
    const added = await world.ask(a, CreateStage, { pipeline_id: pipeline.id, name: 'Trial', position: 1 });
    expect(names(added)).toEqual([
      'New',
      'Trial',
      'Qualified',
      'In conversation',
      'Proposal sent',
      'Negotiation',
      'Won',
      'Lost',
    ]);
    const trial = added.stages[1]?.id ?? '';
    const moved = await world.ask(a, UpdateStage, {
      pipeline_id: pipeline.id,
      id: trial,
      position: 100,
      name: 'Pilot',
    });
    expect(names(moved).at(-1)).toBe('Pilot');
    const archived = await world.ask(a, UpdateStage, { pipeline_id: pipeline.id, id: trial, archived: true });
    expect(names(archived, true)).toEqual(['Pilot']);
    expect(archived).toMatchObject({ version: 4, default_stage_id: pipeline.default_stage_id });
    expect(await world.ask(a, GetPipeline, { id: pipeline.id })).toEqual(archived);
    expect(await world.ask(a, UpdateStage, { pipeline_id: pipeline.id, id: trial, archived: true })).toEqual(archived);
    expect(await world.ask(a, CreateStage, { pipeline_id: pipeline.id, name: 'Pilot' })).toMatchObject({ version: 5 });
    expect(await code(a, UpdateStage, { pipeline_id: pipeline.id, id: trial, archived: false })).toBe('name_taken');
  });

  it('have names of their own in their organization, in the other they are free', async () => {
    await world.ask(a, CreatePipeline, { name: 'Named' });
    expect(await code(a, CreatePipeline, { name: 'NAMED' })).toBe('name_taken');
    await world.ask(b, CreatePipeline, { name: 'Named' });
    const pipeline = await defaultOf(a);
    expect(await code(a, UpdatePipeline, { id: pipeline.id, name: 'named' })).toBe('name_taken');
    expect(await code(a, CreateStage, { pipeline_id: pipeline.id, name: 'won' })).toBe('name_taken');
    expect(await code(a, UpdatePipeline, { id: pipeline.id, name: 'Free', if_match: pipeline.version + 1 })).toBe(
      'etag_mismatch',
    );
  });

  it('keep the default pipeline, the default stage and every stage with leads', async () => {
    const org = testOrg();
    const lead = await world.ask(org, CreateLead, { contact_name: 'Ada' });
    const pipeline = await defaultOf(org);
    const [entry, second] = pipeline.stages;
    expect(await code(org, UpdatePipeline, { id: pipeline.id, archived: true })).toBe('state_conflict');
    expect(await code(org, UpdateStage, { pipeline_id: pipeline.id, id: entry?.id ?? '', archived: true })).toBe(
      'state_conflict',
    );
    await world.ask(org, MoveLead, { id: lead.id, stage_id: second?.id ?? '' });
    expect(await code(org, UpdateStage, { pipeline_id: pipeline.id, id: second?.id ?? '', archived: true })).toBe(
      'in_use',
    );
  });

  describe('leave no lead at an archived stage', () => {
    const org = testOrg();
    let lead: leadsMessages.Lead;
    let stage: leadsMessages.Stage;
    let other: Attacker;
    beforeEach(async () => {
      other = await Attacker.connect(world.test, org);
      lead = await world.ask(org, CreateLead, { contact_name: 'Ada' });
      stage = (await defaultOf(org)).stages[1] as leadsMessages.Stage;
      await other.client.query('begin');
      await other.client.query('select tenancy.carry($1)', [other.tag()]);
    });
    afterEach(() => other.close());

    /** Resolves once somebody waits for a lock that `other` holds. */
    async function somebodyWaits(): Promise<void> {
      const waiting =
        'select 1 from pg_locks where not granted and pid in (select pid from pg_stat_activity where datname = current_database())';
      while ((await world.test.admin(waiting)).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }

    it('when it is archived while a lead is on its way there', async () => {
      await other.client.query('select 1 from leads.stages where id = $1 for update', [stage.id]);
      await other.client.query('update leads.stages set archived = true where id = $1', [stage.id]);
      const refusal = code(org, MoveLead, { id: lead.id, stage_id: stage.id });
      await somebodyWaits();
      await other.client.query('commit');
      expect(await refusal).toBe('state_conflict');
      await world.ask(org, UpdateStage, { pipeline_id: lead.pipeline_id, id: stage.id, archived: false, position: 1 });
    });

    it('when a lead arrives while it is being archived', async () => {
      await other.client.query('update leads.leads set stage_id = $2 where id = $1', [lead.id, stage.id]);
      const refusal = code(org, UpdateStage, { pipeline_id: lead.pipeline_id, id: stage.id, archived: true });
      await somebodyWaits();
      await other.client.query('commit');
      expect(await refusal).toBe('in_use');
    });
  });
});
