import { CreateLead, CreatePipeline, CreateStage, GetPipeline, type leadsMessages, ListLeads, ListLeadsAuditLog, ListPipelines, MoveLead, UpdatePipeline, UpdateStage } from '@apollo/contracts';
import { testOrg, type TestOrg, twoOrgs } from '@apollo/testing';
import { type LeadsWorld, leadsWorld, PATIENCE_MS } from '../leads.world.spec.js';

describe('pipelines', () => {
  const [a, b] = twoOrgs();
  let world: LeadsWorld;
  const code = async (...args: Parameters<LeadsWorld['refusal']>): Promise<string> => (JSON.parse(await world.refusal(...args)) as { code: string }).code;
  const names = (pipeline: leadsMessages.Pipeline, archived = false) => pipeline.stages.filter((stage) => stage.archived === archived).map(({ name }) => name);
  const defaultOf = async (org: TestOrg) => (await world.ask(org, ListPipelines, {})).items[0] as leadsMessages.Pipeline;

  beforeAll(async () => {
    world = await leadsWorld();
  }, PATIENCE_MS);
  afterAll(() => world.stop());

  it('begin with one default pipeline, however many need it first at once', async () => {
    for (const org of Array.from({ length: 15 }, testOrg)) {
      await Promise.all(Array.from({ length: 18 }, (_, index) => index % 3 === 0 ? world.ask(org, ListPipelines, {})
        : index % 3 === 1 ? world.ask(org, CreateLead, { contact_name: 'Ada' }) : world.ask(org, CreatePipeline, { name: `P${index}` })));
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

  it('are there for a Viewer who looks first', async () => {
    const org = testOrg();
    expect((await world.ask(org, ListPipelines, {}, { actor: org.viewer, role: 'viewer' })).items).toHaveLength(1);
    expect((await world.ask(b, ListPipelines, {})).items[0]?.id).not.toBe((await world.ask(org, ListPipelines, {})).items[0]?.id);
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
    expect(names(added)).toEqual(['New', 'Trial', 'Qualified', 'In conversation', 'Proposal sent', 'Negotiation', 'Won', 'Lost']);
    const trial = added.stages[1]?.id ?? '';
    const moved = await world.ask(a, UpdateStage, { pipeline_id: pipeline.id, id: trial, position: 100, name: 'Pilot' });
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
    expect(await code(a, UpdatePipeline, { id: pipeline.id, name: 'Free', if_match: pipeline.version + 1 })).toBe('etag_mismatch');
  });

  it('keep the default pipeline, the default stage and every stage with leads', async () => {
    const org = testOrg();
    const lead = await world.ask(org, CreateLead, { contact_name: 'Ada' });
    const pipeline = await defaultOf(org);
    const [entry, second] = pipeline.stages;
    expect(await code(org, UpdatePipeline, { id: pipeline.id, archived: true })).toBe('state_conflict');
    expect(await code(org, UpdateStage, { pipeline_id: pipeline.id, id: entry?.id ?? '', archived: true })).toBe('state_conflict');
    await world.ask(org, MoveLead, { id: lead.id, stage_id: second?.id ?? '' });
    expect(await code(org, UpdateStage, { pipeline_id: pipeline.id, id: second?.id ?? '', archived: true })).toBe('in_use');
  });

  it('leave no lead at an archived stage, whoever comes first', async () => {
    const org = testOrg();
    const pipeline = await world.ask(org, CreatePipeline, { name: 'Raced' });
    const leads = await Promise.all(Array.from({ length: 8 }, () => world.ask(org, CreateLead, { contact_name: 'Ada', pipeline_id: pipeline.id })));
    for (const stage of pipeline.stages.slice(1)) {
      const id = stage.id;
      await Promise.allSettled([
        ...leads.slice(0, 4).map((lead) => world.ask(org, MoveLead, { id: lead.id, stage_id: id })),
        world.ask(org, UpdateStage, { pipeline_id: pipeline.id, id, archived: true }),
        ...leads.slice(4).map((lead) => world.ask(org, MoveLead, { id: lead.id, stage_id: id })),
      ]);
      const { stages } = await world.ask(org, GetPipeline, { id: pipeline.id });
      const there = (await world.ask(org, ListLeads, { stage_id: id })).items.length;
      expect(stages.find((each) => each.id === id)?.archived ? 0 : 1).toBe(Math.min(there, 1));
      await Promise.all(leads.map((lead) => world.ask(org, MoveLead, { id: lead.id, stage_id: pipeline.default_stage_id })));
    }
  });
});
