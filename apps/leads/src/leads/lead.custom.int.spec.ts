import {
  CountLeads,
  CreateLead,
  CreateLeadField,
  ExportLeads,
  GetLead,
  type leadsMessages,
  ListLeads,
  ListPipelines,
  MoveLead,
} from '@apollo/contracts';
import { type TestOrg, testOrg, twoOrgs } from '@apollo/testing';
import { type LeadsWorld, leadsWorld } from '../leads.world.spec.js';

describe('custom fields of leads', () => {
  let world: LeadsWorld;
  let org: TestOrg;
  beforeAll(async () => {
    world = await leadsWorld();
    org = testOrg();
    await furnish(org);
  });
  afterAll(() => world.stop());

  async function furnish(of: TestOrg): Promise<void> {
    await world.ask(of, CreateLeadField, { key: 'points', label: 'Points', kind: 'number' });
    await world.ask(of, CreateLeadField, { key: 'since', label: 'Since', kind: 'date' });
    await world.ask(of, CreateLeadField, { key: 'note', label: 'Note', kind: 'text' });
    await world.ask(of, CreateLeadField, {
      key: 'langs',
      label: 'Languages',
      kind: 'multi_select',
      options: ['de', 'en'],
    });
    const leads: [string, Record<string, unknown>][] = [
      ['A', { points: 9, since: '2026-01-31', langs: ['de'] }],
      ['B', { points: 10, since: '2025-12-01', langs: ['en', 'de'], note: 'Größe XL' }],
      ['C', { points: -1.5, note: 'points' }],
      ['D', {}],
    ];
    for (const [contact_name, custom_fields] of leads) await world.ask(of, CreateLead, { contact_name, custom_fields });
  }

  const names = async (query: leadsMessages.ListLeadsRequest): Promise<string> => {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page: leadsMessages.LeadList = await world.ask(org, ListLeads, {
        sort: 'contact_name',
        limit: 1,
        ...query,
        cursor,
      });
      found.push(...page.items.map(({ contact_name }) => contact_name));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    return found.join('');
  };

  it('filter a list: by value, by one of several, by a range of numbers or dates', async () => {
    expect(await names({ field: 'points', field_is: '10' })).toBe('B');
    expect(await names({ field: 'langs', field_is: 'de' })).toBe('AB');
    expect(await names({ field: 'points', field_from: '9' })).toBe('AB');
    expect(await names({ field: 'points', field_from: '-2', field_to: '9' })).toBe('AC');
    expect(await names({ field: 'since', field_from: '2026-01-01' })).toBe('A');
    await expect(names({ field_is: 'x' })).rejects.toMatchObject({ code: 'validation_failed' });
    await expect(names({ field: 'points' })).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it('are refused by name where the organization has none such, and the one that another has is none', async () => {
    const elsewhere = testOrg();
    await world.ask(elsewhere, CreateLeadField, { key: 'theirs', label: 'Theirs', kind: 'text' });
    for (const key of ['nothing', 'theirs']) {
      const refusal = (field: string): unknown => ({
        code: 'validation_failed',
        fields: [{ field, problem: `${key} is no custom field of this organization` }],
      });
      await expect(names({ field: key, field_is: 'x' })).rejects.toMatchObject(refusal('field') as object);
      await expect(names({ sort: `-custom_fields.${key}` })).rejects.toMatchObject(refusal('sort') as object);
      const filter = { field: key, field_is: 'x' };
      await expect(world.ask(org, CountLeads, filter)).rejects.toMatchObject(refusal('field') as object);
      await expect(world.ask(org, ExportLeads, filter)).rejects.toMatchObject(refusal('field') as object);
    }
  });

  it('sort a list, page by page, each lead once', async () => {
    expect(await names({ sort: 'custom_fields.points' })).toBe('DCAB');
    expect(await names({ sort: '-custom_fields.points' })).toBe('BACD');
    expect(await names({ sort: '-custom_fields.since' })).toMatch(/^AB/);
    await expect(names({ sort: 'custom_fields.Points' })).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it('sort a list by the language’s alphabet where they are texts, however long, and by no lists', async () => {
    const other = testOrg();
    await world.ask(other, CreateLeadField, { key: 'note', label: 'Note', kind: 'text' });
    const options = Array.from({ length: 90 }, (_, at) => `${'ö'.repeat(90)} ${at}`);
    await world.ask(other, CreateLeadField, { key: 'many', label: 'Many', kind: 'multi_select', options });
    const long = 'Ö"'.repeat(900);
    const notes: [string, string | undefined][] = [
      ['1', undefined],
      ['2', 'abel'],
      ['3', 'Zander'],
      ['4', 'Åberg'],
      ['5', 'Ärlig'],
      ['6', `${long} a`],
      ['7', `${long} a`],
    ];
    for (const [contact_name, note] of notes)
      await world.ask(other, CreateLead, { contact_name, custom_fields: { ...(note && { note, many: options }) } });
    const sorted = async (sort: string, language?: string): Promise<string> => {
      const found: string[] = [];
      for (let cursor: string | undefined, more = true; more;) {
        const page: leadsMessages.LeadList = await world.ask(other, ListLeads, { sort, language, limit: 1, cursor });
        found.push(...page.items.map(({ contact_name }) => contact_name));
        cursor = page.next_cursor ?? undefined;
        more = cursor !== undefined;
      }
      return found.join('');
    };
    expect(await sorted('custom_fields.note', 'sv')).toBe('1234567');
    expect(await sorted('-custom_fields.note', 'sv')).toBe('7654321');
    expect(await sorted('custom_fields.note')).toBe('1245673');
    for (const query of [
      { sort: '-custom_fields.many' },
      { field: 'many', field_from: 'a' },
      { field: 'many', field_to: 'a' },
    ])
      await expect(world.ask(other, ListLeads, query)).rejects.toMatchObject({
        code: 'validation_failed',
        fields: [
          { field: Object.keys(query).at(-1), problem: expect.stringMatching(/this one has several$/) as string },
        ],
      });
  });

  it('are sorted and filtered by how much they are where they are amounts, each currency by itself', async () => {
    const other = testOrg();
    await world.ask(other, CreateLeadField, { key: 'budget', label: 'Budget', kind: 'money' });
    const budgets = { A: '900.00 EUR', B: '1200.50 EUR', C: '-5 EUR', D: '7 USD', E: undefined };
    for (const [contact_name, budget] of Object.entries(budgets))
      await world.ask(other, CreateLead, { contact_name, custom_fields: budget === undefined ? {} : { budget } });
    const found = async (query: leadsMessages.ListLeadsRequest) => {
      const pages: string[] = [];
      for (let cursor: string | undefined, more = true; more;) {
        const page: leadsMessages.LeadList = await world.ask(other, ListLeads, { ...query, limit: 2, cursor });
        pages.push(...page.items.map(({ contact_name }) => contact_name));
        cursor = page.next_cursor ?? undefined;
        more = cursor !== undefined;
      }
      return pages.join('');
    };
    expect(await found({ sort: 'custom_fields.budget' })).toBe('ECABD');
    expect(await found({ sort: '-custom_fields.budget' })).toBe('DBACE');
    expect(await found({ sort: 'contact_name', field: 'budget', field_from: '900 EUR' })).toBe('AB');
    expect(await found({ sort: 'contact_name', field: 'budget', field_to: '1000 EUR' })).toBe('AC');
    expect(await found({ sort: 'contact_name', field: 'budget', field_from: '0 USD' })).toBe('D');
    expect(await found({ sort: 'contact_name', field: 'budget', field_is: '1200.5 EUR' })).toBe('B');
    expect(await found({ sort: 'contact_name', field: 'budget', field_is: '900 EUR', field_to: '1000 EUR' })).toBe('A');
    expect(await found({ sort: 'contact_name', field: 'budget', field_is: '900 USD' })).toBe('');
    expect(await world.ask(other, CountLeads, { field: 'budget', field_is: '7.00 USD' })).toMatchObject({ total: 1 });
    const exported = await world.ask(other, ExportLeads, { field: 'budget', field_is: '-5.00 EUR' });
    expect(exported.items.map(({ contact_name }) => contact_name)).toEqual(['C']);
  });

  it.each([
    ['budget', '10', /amount with its currency/],
    ['budget', '10 eur', /amount with its currency/],
    ['points', '10 EUR', /a number/],
    ['since', '31.01.2026', /a date/],
  ])('are refused what is no value of theirs: %s of %s', async (field, value, problem) => {
    const other = testOrg();
    await furnish(other);
    await world.ask(other, CreateLeadField, { key: 'budget', label: 'Budget', kind: 'money' });
    for (const parameter of ['field_is', 'field_from', 'field_to'])
      for (const contract of [ListLeads, CountLeads, ExportLeads])
        await expect(
          world.ask(other, contract as typeof ListLeads, { field, [parameter]: value }),
        ).rejects.toMatchObject({
          code: 'validation_failed',
          fields: [{ field: parameter, problem: expect.stringMatching(problem) as string }],
        });
  });

  it('are kept as they were answered, whichever way an amount was written', async () => {
    const other = testOrg();
    await world.ask(other, CreateLeadField, { key: 'budget', label: 'Budget', kind: 'money' });
    for (const [given, kept] of [
      ['12.5 EUR', '12.50 EUR'],
      ['1200.00 EUR', '1200 EUR'],
      ['-0.00 EUR', '0 EUR'],
    ]) {
      const made = await world.ask(other, CreateLead, { contact_name: 'Ada', custom_fields: { budget: given } });
      expect(made.custom_fields).toEqual({ budget: kept });
      expect(await world.ask(other, GetLead, { id: made.id })).toEqual(made);
    }
  });

  it('are compared as text where they are texts, digits as well, and as numbers where they are those', async () => {
    expect(await names({ field: 'points', field_is: '10.0' })).toBe('B');
    const other = testOrg();
    await world.ask(other, CreateLeadField, { key: 'code', label: 'Code', kind: 'text' });
    for (const code of ['0815', '10', '9'])
      await world.ask(other, CreateLead, { contact_name: code, custom_fields: { code } });
    const found = async (filter: leadsMessages.ListLeadsRequest) =>
      (await world.ask(other, ListLeads, { ...filter, field: 'code', sort: 'contact_name' })).items.map(
        ({ contact_name }) => contact_name,
      );
    expect(await found({ field_from: '10' })).toEqual(['10', '9']);
    expect(await found({ field_is: '10' })).toEqual(['10']);
  });

  it('are searched by what they hold, not by their names', async () => {
    expect(await names({ search: 'grosse xl' })).toBe('B');
    expect(await names({ search: 'points' })).toBe('C');
  });

  it('and stages are counted for any filter, of the own organization alone', async () => {
    const [a, b] = twoOrgs();
    await furnish(a);
    await furnish(b);
    const [pipeline] = (await world.ask(a, ListPipelines, {})).items;
    const [lead] = (await world.ask(a, ListLeads, { field: 'points', field_is: '10' })).items;
    const won = pipeline?.stages.find(({ kind }) => kind === 'won');
    await world.ask(a, MoveLead, { id: lead!.id, stage_id: won!.id });
    const counts = await world.ask(a, CountLeads, {});
    expect(counts.total).toBe(4);
    const byStage = Object.fromEntries(counts.stages.map(({ stage_id, leads }) => [stage_id, leads]));
    expect(byStage).toEqual({ [pipeline!.default_stage_id]: 3, [won!.id]: 1 });
    expect(await world.ask(a, CountLeads, { field: 'langs', field_is: 'de' })).toMatchObject({ total: 2 });
    expect(await world.ask(testOrg(), CountLeads, {})).toEqual({ total: 0, stages: [] });
  });
});
