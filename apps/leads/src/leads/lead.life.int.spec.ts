import {
  AddNote,
  CreateLead,
  CreateLeadField,
  CreatePipeline,
  DeleteLead,
  GetLead,
  GetPipeline,
  type leadsMessages,
  ListActivities,
  ListLeads,
  ListLeadFields,
  ListLeadsAuditLog,
  ListPipelines,
  MoveLead,
  UpdateLead,
  UpdateLeadField,
  UpdatePipeline,
  UpdateStage,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { testOrg, type TestOrg, twoOrgs } from '@apollo/testing';
import { joined, type LeadsWorld, leadsWorld } from '../leads.world.spec.js';

describe('the life of a lead', () => {
  const [a, b] = twoOrgs();
  let world: LeadsWorld;
  const history = async (id: string) =>
    (await world.ask(a, ListActivities, { id })).items.map(({ kind, detail }) => ({ kind, detail }));
  const code = async (...args: Parameters<LeadsWorld['refusal']>): Promise<string> =>
    (JSON.parse(await world.refusal(...args)) as { code: string }).code;
  const newLead = (org: TestOrg, content: Partial<leadsMessages.CreateLeadRequest> = {}) =>
    world.ask(org, CreateLead, { contact_name: 'Ada', ...content });

  beforeAll(async () => {
    world = await leadsWorld();
  });
  afterAll(() => world.stop());

  it('is shown by what it has where it has no name', async () => {
    const lead = await world.ask(testOrg(), CreateLead, { email: 'ada@example.org' });
    expect(lead).toMatchObject({ contact_name: 'ada@example.org', email: 'ada@example.org' });
    expect(await code(a, CreateLead, { city: 'Lisboa' })).toBe('validation_failed');
  });

  it('begins at the default stage of the default pipeline, which comes to be with the first lead', async () => {
    const lead = await newLead(a, {
      company: 'Engines',
      email: 'ada@example.org',
      phone: '+4930123456',
      value_minor: 9_007_199_254_740_991,
      tags: ['x', 'x'],
      external_id: 'e1',
    });
    const [pipeline] = (await world.ask(a, ListPipelines, {})).items;
    expect(pipeline?.stages.map(({ name }) => name)).toEqual([
      'New',
      'Qualified',
      'In conversation',
      'Proposal sent',
      'Negotiation',
      'Won',
      'Lost',
    ]);
    expect(pipeline).toMatchObject({ name: 'Sales', is_default: true, default_stage_id: pipeline?.stages[0]?.id });
    expect(lead).toMatchObject({
      pipeline_id: pipeline?.id,
      stage_id: pipeline?.default_stage_id,
      version: 1,
      tags: ['x'],
      value_minor: 9_007_199_254_740_991,
      site: null,
      custom_fields: {},
    });
    expect(await world.ask(a, GetLead, { id: lead.id })).toEqual(lead);
    expect((await world.ask(a, ListLeads, {})).items).toEqual([lead]);
    expect(await history(lead.id)).toEqual([{ kind: 'created', detail: {} }]);
    expect((await world.ask(b, ListLeads, {})).items).toEqual([]);
  });

  it('changes only what an update names, clears with null, and writes the names of the fields into the history', async () => {
    const lead = await newLead(a, { company: 'Engines', city: 'London' });
    const owner = newId();
    await joined(world.test, a, owner);
    const saved = await world.ask(a, UpdateLead, {
      id: lead.id,
      company: null,
      tags: ['new'],
      owner_id: owner,
      if_match: 1,
    });
    expect(saved).toEqual({
      ...lead,
      company: null,
      tags: ['new'],
      owner_id: owner,
      version: 2,
      updated_at: saved.updated_at,
    });
    expect(await world.ask(a, GetLead, { id: lead.id })).toEqual(saved);
    expect(await history(lead.id)).toEqual([
      { kind: 'owner_changed', detail: { from: null, to: owner } },
      { kind: 'field_updated', detail: { fields: ['company', 'tags'] } },
      { kind: 'created', detail: {} },
    ]);
    expect(await world.ask(a, UpdateLead, { id: lead.id, tags: ['new'] })).toEqual(saved);
    expect(await code(a, UpdateLead, { id: lead.id, city: 'Paris', if_match: 1 })).toBe('etag_mismatch');
  });

  it('belongs to a member of the organization or to nobody, whoever else is named', async () => {
    const [member, stranger, other] = [newId(), newId(), testOrg()];
    await joined(world.test, a, member);
    await joined(world.test, other, stranger);
    const refused =
      '{"code":"validation_failed","detail":"Some fields were refused.","fields":[{"field":"owner_id","problem":"is no member of the organization"}]}';
    const lead = await newLead(a, { owner_id: member });
    expect(lead.owner_id).toBe(member);
    for (const owner_id of [stranger, newId(), a.id]) {
      expect(await world.refusal(a, CreateLead, { contact_name: 'Ada', owner_id })).toBe(refused);
      expect(await world.refusal(a, UpdateLead, { id: lead.id, owner_id })).toBe(refused);
    }
    expect(await world.ask(a, GetLead, { id: lead.id })).toEqual(lead);
    const given = await newLead(other, { owner_id: stranger });
    expect((await world.ask(other, UpdateLead, { id: given.id, owner_id: null })).owner_id).toBeNull();
  });

  it('has custom fields by whatever name an organization gives them, those of every object included', async () => {
    const org = testOrg();
    await world.ask(org, CreateLeadField, { key: 'constructor', label: 'Built by', kind: 'text' });
    const content = { custom_fields: { constructor: 'Brunel' } };
    const lead = await newLead(org, content as never);
    expect(lead).toMatchObject(content);
    expect(await world.ask(org, GetLead, { id: lead.id })).toEqual(lead);
    const found = { field: 'constructor', field_is: 'Brunel', sort: 'custom_fields.constructor' };
    expect((await world.ask(org, ListLeads, found)).items).toEqual([lead]);
    expect((await world.ask(org, ListLeads, { ...found, field_is: 'Object' })).items).toEqual([]);
    for (const key of ['constructor', '__proto__', 'toString']) {
      const given = JSON.parse(`{"${key}":"x"}`) as Record<string, unknown>;
      expect(await code(a, CreateLead, { contact_name: 'Ada', custom_fields: given })).toBe('validation_failed');
      const more = JSON.parse(`{"${key}":"x","hasOwnProperty":1}`) as Record<string, unknown>;
      expect(await code(org, UpdateLead, { id: lead.id, custom_fields: more })).toBe('validation_failed');
    }
  });

  it('stays with an owner from before members were followed, until somebody changes that', async () => {
    const [lead, owner] = [await newLead(a), newId()];
    await world.test.admin('alter table leads.leads drop constraint leads_owner');
    await world.test.admin('update leads.leads set owner_id = $2 where id = $1', [lead.id, owner]);
    await world.test.admin(
      'alter table leads.leads add constraint leads_owner foreign key (org_id, owner_id) references leads.members (org_id, id) not valid',
    );
    const saved = await world.ask(a, UpdateLead, { id: lead.id, city: 'Paris', owner_id: owner });
    expect(saved).toMatchObject({ city: 'Paris', owner_id: owner });
    expect((await world.ask(a, UpdateLead, { id: lead.id, owner_id: null })).owner_id).toBeNull();
    expect(await code(a, UpdateLead, { id: lead.id, owner_id: owner })).toBe('validation_failed');
  });

  it('takes custom fields as they are defined, on every write', async () => {
    await world.ask(a, CreateLeadField, { key: 'size', label: 'Size', kind: 'number' });
    const tier = await world.ask(a, CreateLeadField, {
      key: 'tier',
      label: 'Tier',
      kind: 'select',
      options: ['gold', 'tin'],
    });
    expect(await code(a, CreateLeadField, { key: 'tier', label: 'Again', kind: 'text' })).toBe('name_taken');
    const lead = await newLead(a, { custom_fields: { size: 3, tier: 'gold' } });
    expect((await world.ask(a, UpdateLead, { id: lead.id, custom_fields: { size: null } })).custom_fields).toEqual({
      tier: 'gold',
    });
    expect(await history(lead.id)).toContainEqual({
      kind: 'field_updated',
      detail: { fields: ['custom_fields.size'] },
    });
    // More than the table takes of them is refused before it is sent there.
    const large = Object.fromEntries(Array.from({ length: 95 }, (_, n) => [`k${n}`, 'x'.repeat(3000)]));
    for (const custom_fields of [{ size: '3' }, { tier: 'silver' }, { unknown: 1 }, large]) {
      expect(await code(a, CreateLead, { contact_name: 'X', custom_fields })).toBe('validation_failed');
      expect(await code(a, UpdateLead, { id: lead.id, custom_fields })).toBe('validation_failed');
    }
    await world.ask(a, UpdateLeadField, { id: tier.id, archived: true });
    expect(await code(a, UpdateLead, { id: lead.id, custom_fields: { tier: 'tin' } })).toBe('validation_failed');
    expect((await world.ask(a, ListLeadFields, {})).items.map(({ key, archived }) => [key, archived])).toEqual([
      ['size', false],
      ['tier', true],
    ]);
    expect((await world.ask(b, ListLeadFields, {})).items).toEqual([]);
    expect(await code(b, CreateLead, { contact_name: 'X', custom_fields: { size: 3 } })).toBe('validation_failed');
    expect((await world.ask(b, ListLeads, {})).items).toEqual([]);
  });

  it('moves inside its pipeline and to another, and enters no archived place', async () => {
    const lead = await newLead(a);
    const home = await world.ask(a, GetPipeline, { id: lead.pipeline_id });
    const [, second, third] = home.stages;
    const moved = await world.ask(a, MoveLead, { id: lead.id, stage_id: second?.id ?? '' });
    expect(moved).toMatchObject({ stage_id: second?.id, version: 2 });
    expect(await world.ask(a, MoveLead, { id: lead.id, stage_id: second?.id ?? '' })).toEqual(moved);
    const stale = world.ask(a, MoveLead, { id: lead.id, stage_id: third?.id ?? '', if_match: 1 });
    await expect(stale).rejects.toMatchObject({ code: 'etag_mismatch' });
    expect(await world.ask(a, GetLead, { id: lead.id })).toEqual(moved);
    const other = await world.ask(a, CreatePipeline, { name: 'Partners' });
    const away = await world.ask(a, MoveLead, { id: lead.id, stage_id: other.default_stage_id, if_match: 2 });
    expect(away).toMatchObject({ pipeline_id: other.id, version: 3 });
    expect((await history(lead.id)).map(({ kind }) => kind)).toEqual(['pipeline_moved', 'stage_changed', 'created']);

    await world.ask(a, UpdateStage, { pipeline_id: home.id, id: third?.id ?? '', archived: true });
    expect(await code(a, MoveLead, { id: lead.id, stage_id: third?.id ?? '' })).toBe('state_conflict');
    await world.ask(a, UpdatePipeline, { id: other.id, archived: true });
    expect(await code(a, CreateLead, { contact_name: 'X', pipeline_id: other.id })).toBe('state_conflict');
    expect(await code(a, MoveLead, { id: lead.id, stage_id: other.stages[1]?.id ?? '' })).toBe('state_conflict');
  });

  it('takes notes, keeps them in order over pages, and takes its history along when it is deleted', async () => {
    const lead = await newLead(a);
    for (const text of ['one', 'two', 'three']) await world.ask(a, AddNote, { id: lead.id, text });
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page: leadsMessages.ActivityList = await world.ask(a, ListActivities, { id: lead.id, limit: 2, cursor });
      seen.push(...page.items.map(({ detail }) => detail['text']));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(['three', 'two', 'one', undefined]);
    expect(await world.ask(a, DeleteLead, { id: lead.id })).toEqual({ done: true });
    expect(await code(a, ListActivities, { id: lead.id })).toBe('not_found');
    expect(await code(a, DeleteLead, { id: lead.id })).toBe('not_found');
    expect(await world.test.admin('select id from leads.activities where lead_id = $1', [lead.id])).toEqual([]);
  });

  it('is deleted only as its deleter has seen it, where they say so', async () => {
    const lead = await world.ask(a, CreateLead, { contact_name: 'Stale' });
    await world.ask(a, UpdateLead, { id: lead.id, city: 'Ulm' });
    expect(await code(a, DeleteLead, { id: lead.id, if_match: 1 })).toBe('etag_mismatch');
    expect(await code(a, DeleteLead, { id: newId(), if_match: 1 })).toBe('not_found');
    await world.ask(a, DeleteLead, { id: lead.id, if_match: 2 });
    expect(await code(a, GetLead, { id: lead.id })).toBe('not_found');
  });

  it('keeps an external id once in an organization, free again after deletion', async () => {
    const org = testOrg();
    const lead = await newLead(org, { external_id: 'crm-1' });
    expect(await code(org, CreateLead, { contact_name: 'X', external_id: 'crm-1' })).toBe('external_id_taken');
    await world.ask(org, DeleteLead, { id: lead.id });
    await newLead(org, { external_id: 'crm-1' });
  });

  it('is a lead of each organization when both use the same key (B04)', async () => {
    const other = testOrg();
    const [one, two] = await Promise.all(
      [a, other].map((org) => world.ask(org, CreateLead, { contact_name: 'Same' }, { idempotencyKey: 'shared' })),
    );
    expect(one?.id).not.toBe(two?.id);
    expect((await world.ask(other, ListLeads, {})).items).toEqual([two]);
  });

  it('is a lead of each person of an organization when both use the same key', async () => {
    const org = testOrg();
    const create = (actor: string) =>
      world.ask(org, CreateLead, { contact_name: 'Same' }, { actor, idempotencyKey: 'shared' });
    const [one, two] = [await create(org.owner), await create(org.viewer)];
    expect(one.id).not.toBe(two.id);
    expect((await world.ask(org, ListLeads, {})).items).toHaveLength(2);
    expect(await create(org.viewer)).toEqual(two);
  });

  it('comes to be once, however often and at once the same key asks, with and without an external id (B02)', async () => {
    for (const content of [{ contact_name: 'Once' }, { contact_name: 'Once', external_id: 'once' }]) {
      const org = testOrg();
      const leads = await Promise.all(
        Array.from({ length: 100 }, () => world.ask(org, CreateLead, content, { idempotencyKey: 'same' })),
      );
      expect(new Set(leads.map(({ id }) => id)).size).toBe(1);
      leads.forEach((lead) => expect(lead).toEqual(leads[0]));
      expect((await world.ask(org, ListLeads, {})).items).toEqual([leads[0]]);
      expect(await code(org, CreateLead, { contact_name: 'Other' }, { idempotencyKey: 'same' })).toBe(
        'idempotency_mismatch',
      );
    }
  });

  it('is written by Members and read by Viewers, whose attempts to write are refused and recorded', async () => {
    const org = testOrg();
    const member = { actor: newId(), role: 'member' } as const;
    const viewer = { actor: org.viewer, role: 'viewer' } as const;
    const lead = await world.ask(org, CreateLead, { contact_name: org.canary }, member);
    expect(await world.ask(org, GetLead, { id: lead.id }, viewer)).toEqual(lead);
    expect(await code(org, CreateLead, { contact_name: 'X' }, viewer)).toBe('forbidden');
    expect(await code(org, DeleteLead, { id: lead.id }, viewer)).toBe('forbidden');
    expect(await code(org, CreatePipeline, { name: 'X' }, member)).toBe('forbidden');

    const entries = async (asker: object) =>
      (await world.ask(org, ListLeadsAuditLog, {}, asker)).items.map(({ actor, action, outcome }) => ({
        actor,
        action,
        outcome,
      }));
    const all = await entries({});
    expect(all).toEqual([
      { actor: member.actor, action: 'leads.create-pipeline.v1', outcome: 'denied' },
      { actor: viewer.actor, action: 'leads.delete-lead.v1', outcome: 'denied' },
      { actor: viewer.actor, action: 'leads.create-lead.v1', outcome: 'denied' },
      { actor: member.actor, action: 'leads.create-lead.v1', outcome: 'done' },
      { actor: member.actor, action: 'leads.default-pipeline-created', outcome: 'done' },
    ]);
    expect(await entries(viewer)).toEqual(all.filter(({ actor }) => actor === viewer.actor));
    expect(await entries({ ...member, role: 'admin' })).toEqual(all);
  });

  it('leaves nothing of its content in the audit log', async () => {
    const org = testOrg();
    const lead = await newLead(org, { contact_name: org.canary, company: org.canary, tags: [org.canary] });
    await world.ask(org, AddNote, { id: lead.id, text: org.canary });
    await world.ask(org, UpdateLead, { id: lead.id, city: org.canary });
    await world.ask(org, DeleteLead, { id: lead.id });
    const { items } = await world.ask(org, ListLeadsAuditLog, {});
    expect(items).toHaveLength(5);
    expect(JSON.stringify(items)).not.toContain(org.canary);
  });
});
