import {
  AddNote,
  CreateLead,
  CreatePipeline,
  CreateStage,
  CreateLeadField,
  DeleteLead,
  DomainError,
  ExportLeads,
  GetLead,
  GetPipeline,
  type leadsMessages,
  ListActivities,
  ListLeadFields,
  ListLeads,
  ListLeadsAuditLog,
  ListPipelines,
  MoveLead,
  type RequestContract,
  UpdateLead,
  UpdateLeadField,
  UpdatePipeline,
  UpdateStage,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { type TestOrg, twoOrgs } from '@apollo/testing';
import { type LeadsWorld, leadsWorld } from '../leads.world.spec.js';

interface Belongings {
  lead: leadsMessages.Lead;
  pipeline: leadsMessages.Pipeline;
  field: leadsMessages.LeadField;
}

describe('leads of another organization', () => {
  const [a, b] = twoOrgs();
  const things = new Map<TestOrg, Belongings>();
  let world: LeadsWorld;
  const of = (org: TestOrg): Belongings => things.get(org) as Belongings;

  beforeAll(async () => {
    world = await leadsWorld();
    for (const org of [a, b]) {
      const pipeline = await world.ask(org, CreatePipeline, { name: org.canary });
      const field = await world.ask(org, CreateLeadField, { key: 'secret', label: org.canary, kind: 'text' });
      const content = {
        contact_name: org.canary,
        company: org.canary,
        email: `${org.canary}@example.org`,
        tags: [org.canary],
        custom_fields: { secret: org.canary },
      };
      const lead = await world.ask(org, CreateLead, { ...content, external_id: 'shared', pipeline_id: pipeline.id });
      for (let more = 0; more < 4; more += 1) await world.ask(org, CreateLead, content);
      await world.ask(org, AddNote, { id: lead.id, text: org.canary });
      things.set(org, { lead, pipeline, field });
    }
  });
  afterAll(() => world.stop());

  const attempts: [string, RequestContract, (its: Belongings, own: Belongings, random: boolean) => object][] = [
    ['get-lead', GetLead, ({ lead }) => ({ id: lead.id })],
    ['update-lead', UpdateLead, ({ lead }) => ({ id: lead.id, city: 'taken' })],
    ['update-lead with a version', UpdateLead, ({ lead }) => ({ id: lead.id, city: 'taken', if_match: 1 })],
    ['delete-lead', DeleteLead, ({ lead }) => ({ id: lead.id })],
    ['move-lead of its lead', MoveLead, ({ lead }, own) => ({ id: lead.id, stage_id: own.pipeline.stages[1]?.id })],
    [
      'move-lead to its stage',
      MoveLead,
      ({ pipeline }, own) => ({ id: own.lead.id, stage_id: pipeline.default_stage_id }),
    ],
    ['create-lead in its pipeline', CreateLead, ({ pipeline }) => ({ contact_name: 'X', pipeline_id: pipeline.id })],
    ['list-activities', ListActivities, ({ lead }) => ({ id: lead.id })],
    ['add-note', AddNote, ({ lead }) => ({ id: lead.id, text: 'hello' })],
    ['get-pipeline', GetPipeline, ({ pipeline }) => ({ id: pipeline.id })],
    ['update-pipeline', UpdatePipeline, ({ pipeline }) => ({ id: pipeline.id, name: 'taken' })],
    ['create-stage', CreateStage, ({ pipeline }) => ({ pipeline_id: pipeline.id, name: 'taken' })],
    [
      'update-stage',
      UpdateStage,
      ({ pipeline }) => ({ pipeline_id: pipeline.id, id: pipeline.default_stage_id, name: 'taken' }),
    ],
    [
      'update-stage of its stage in an own pipeline',
      UpdateStage,
      ({ pipeline }, own) => ({ pipeline_id: own.pipeline.id, id: pipeline.default_stage_id, archived: true }),
    ],
    ['update-lead-field', UpdateLeadField, ({ field }) => ({ id: field.id, label: 'taken' })],
  ];

  it.each(attempts)(
    'are for %s the same not_found, byte for byte, as what never was (H01)',
    async (_name, contract, request) => {
      const random: Belongings = {
        lead: { ...of(b).lead, id: newId() },
        field: { ...of(b).field, id: newId() },
        pipeline: { ...of(b).pipeline, id: newId(), default_stage_id: newId() },
      };
      const before = JSON.stringify(await world.ask(b, ExportLeads, {}));
      const foreign = await world.refusal(a, contract, request(of(b), of(a), false));
      expect(foreign).toBe(await world.refusal(a, contract, request(random, of(a), true)));
      expect(JSON.parse(foreign)).toMatchObject({ code: 'not_found' });
      expect(JSON.stringify(await world.ask(b, ExportLeads, {}))).toBe(before);
    },
  );

  it('are reached by their own organization in the same ways', async () => {
    for (const org of [a, b]) {
      const { lead, pipeline, field } = of(org);
      expect(await world.ask(org, GetLead, { id: lead.id })).toMatchObject({ contact_name: org.canary });
      expect((await world.ask(org, ListActivities, { id: lead.id })).items).toHaveLength(2);
      expect(await world.ask(org, GetPipeline, { id: pipeline.id })).toMatchObject({ name: org.canary });
      expect(await world.ask(org, UpdateLeadField, { id: field.id, label: org.canary })).toMatchObject({
        key: 'secret',
      });
      expect((await world.ask(org, ListLeads, { search: org.canary })).items).toHaveLength(5);
    }
  });

  it('are in no list, search, filter, page, export or log (H19)', async () => {
    const { lead, pipeline } = of(b);
    const requests: leadsMessages.ListLeadsRequest[] = [
      {},
      { limit: 200 },
      { search: b.canary },
      { search: b.canary.slice(0, 8) },
      { search: '%'.repeat(2) },
      { search: '__' },
      { pipeline_id: pipeline.id },
      { stage_id: lead.stage_id },
      { tag: b.canary },
      { created_after: '2000-01-01' },
      ...['contact_name', '-contact_name', 'value_minor', '-updated_at'].map((sort) => ({ sort })),
    ];
    const seen = await Promise.all([
      ...requests.map((request) => world.ask(a, ListLeads, request)),
      ...requests.filter(({ sort, limit }) => !sort && !limit).map((request) => world.ask(a, ExportLeads, request)),
      world.ask(a, ListPipelines, {}),
      world.ask(a, ListLeadFields, {}),
      world.ask(a, ListLeadsAuditLog, {}),
    ]);
    expect(JSON.stringify(seen)).not.toContain(b.canary);
    expect(JSON.stringify(seen)).not.toContain(b.id);
    expect(JSON.stringify(seen)).toContain(a.canary);
    const foreign = await world.ask(a, ListLeads, { stage_id: lead.stage_id });
    expect(foreign).toEqual(await world.ask(a, ListLeads, { stage_id: newId() }));
    expect(foreign.items).toEqual([]);
  });

  it('are not reached by a cursor of theirs, of another person, of another query or of another list', async () => {
    const cursorOf = async (org: TestOrg, request: leadsMessages.ListLeadsRequest, asker = {}): Promise<string> =>
      (await world.ask(org, ListLeads, { limit: 2, ...request }, asker)).next_cursor ?? '';
    const refused = [
      [{}, await cursorOf(b, {})],
      [{}, await cursorOf(a, {}, { actor: a.viewer, role: 'viewer' })],
      [{ sort: 'created_at' }, await cursorOf(a, {})],
      [{}, await cursorOf(a, { tag: a.canary })],
      [{ search: a.canary }, await cursorOf(a, {})],
      [{}, `${await cursorOf(a, {})}x`],
      [{}, 'x.y'],
      [{}, '.'],
    ] as const;
    for (const [request, cursor] of refused) {
      expect(cursor).not.toBe('');
      expect(JSON.parse(await world.refusal(a, ListLeads, { ...request, cursor }))).toMatchObject({
        code: 'invalid_cursor',
      });
    }
    expect(JSON.parse(await world.refusal(a, ExportLeads, { cursor: await cursorOf(a, {}) }))).toMatchObject({
      code: 'invalid_cursor',
    });
    expect((await world.ask(a, ListLeads, { limit: 2, cursor: await cursorOf(a, {}) })).items).toHaveLength(2);
  });

  it.each([
    { sort: 'org_id' },
    { sort: 'created_at desc; select 1' },
    { sort: ['created_at'] },
    { sort: { 'org.name': 1 } },
    { filter: { 'org.name': 'x' } },
    { org_id: newId() },
    { fields: 'org_id' },
    { stage_id: "' or true --" },
    { stage_id: { $ne: null } },
    { limit: 0 },
    { limit: 201 },
    { limit: '10' },
    { search: 'x' },
    { search: 'a\u0000b' },
    { created_after: 'now()' },
    { created_after: '2026-W01-1' },
  ])('are not reached by the filter or sort %j (H18)', async (request) => {
    expect(JSON.parse(await refusalOfRaw(ListLeads, request))).toMatchObject({ code: 'validation_failed' });
  });

  /** Sent past the sender's own check, as a gateway that forgot it would. */
  async function refusalOfRaw(contract: RequestContract, request: object): Promise<string> {
    const unchecked = { ...contract, request: class {} } as RequestContract;
    try {
      return `was answered: ${JSON.stringify(await world.ask(a, unchecked, request))}`;
    } catch (error) {
      return JSON.stringify({ code: (error as DomainError).code, said: (error as DomainError).detail });
    }
  }
});
