import {
  CreateLead,
  CreateLeadField,
  DeleteLead,
  ExportLeads,
  leadsMessages,
  ListLeads,
  UpdateLead,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { Attacker, testOrg, type TestOrg } from '@apollo/testing';
import { known } from '../imports/rows/row.repository.js';
import { joined, type LeadsWorld, leadsWorld } from '../leads.world.spec.js';
import { leadQuery } from './lead.query.js';

type Lead = leadsMessages.Lead;

describe('lists of leads', () => {
  let world: LeadsWorld;
  beforeAll(async () => {
    world = await leadsWorld();
  });
  afterAll(() => world.stop());

  async function everyPage(org: TestOrg, request: leadsMessages.ListLeadsRequest): Promise<Lead[]> {
    const seen: Lead[] = [];
    let cursor: string | undefined;
    do {
      const page: leadsMessages.LeadList = await world.ask(org, ListLeads, { ...request, cursor });
      seen.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    return seen;
  }

  it('are filtered by city and country, however their letters are written, in one organization alone', async () => {
    const [org, other] = [testOrg(), testOrg()];
    const place = { city: 'São Paulo', country: 'Brasil' };
    for (const each of [org, other]) await world.ask(each, CreateLead, { contact_name: each.canary, ...place });
    await world.ask(org, CreateLead, { contact_name: 'elsewhere', city: 'São Paulo de Olivença', country: 'Brazil' });
    for (const filter of [{ city: 'sao paulo' }, { country: 'BRASIL' }, { city: 'SÃO PAULO', country: 'brasil' }])
      expect((await everyPage(org, filter)).map((lead) => lead.contact_name)).toEqual([org.canary]);
  });

  it('give every lead exactly once over pages, in every order, ties and empty values included', async () => {
    const org = testOrg();
    const names = ['ada', 'Ada', 'ÄDA', 'bob', 'Bob', 'Zoë', 'zoe', 'ada'];
    const leads = await Promise.all(
      names.map((contact_name, index) =>
        world.ask(org, CreateLead, { contact_name, value_minor: [undefined, 0, 5, 5][index % 4] }),
      ),
    );
    await world.ask(org, UpdateLead, { id: leads[0]?.id ?? '', city: 'Rome' });
    const keys: Record<string, (lead: Lead) => string | number> = {
      created_at: (lead) => lead.created_at,
      updated_at: (lead) => lead.updated_at,
      contact_name: (lead) => lead.contact_name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase(),
      value_minor: (lead) => lead.value_minor ?? -1,
    };
    for (const sort of leadsMessages.LEAD_SORTS) {
      const key = keys[sort.replace('-', '')] as (lead: Lead) => string | number;
      const seen = await everyPage(org, { sort, limit: 3 });
      expect(new Set(seen.map(({ id }) => id)).size).toBe(names.length);
      expect(seen).toHaveLength(names.length);
      const values = seen.map(key);
      const ascending = sort.startsWith('-') ? [...values].reverse() : values;
      ascending.forEach((value, index) =>
        expect(index === 0 || value >= (ascending[index - 1] as string | number)).toBe(true),
      );
    }
    expect((await everyPage(org, {})).map(({ id }) => id)).toEqual(
      (await everyPage(org, { sort: '-created_at' })).map(({ id }) => id),
    );
  });

  it('find by part of name, company, e-mail or phone regardless of case and script, and take wildcards literally', async () => {
    const org = testOrg();
    const make = (content: Partial<leadsMessages.CreateLeadRequest>) =>
      world.ask(org, CreateLead, { contact_name: 'Nobody', ...content });
    const [name, company, mail, phone, percent] = await Promise.all([
      make({ contact_name: 'Jürgen ÖZTÜRK' }),
      make({ company: 'Данные ООО' }),
      make({ email: 'Some.One@Example.org' }),
      make({ phone: '+4930123456' }),
      make({ company: '100%_\\sure' }),
    ]);
    const found = async (search: string) => (await world.ask(org, ListLeads, { search })).items.map(({ id }) => id);
    expect(await found('öztürk')).toEqual([name.id]);
    expect(await found('ДАННЫЕ')).toEqual([company.id]);
    expect(await found('one@EXAMPLE')).toEqual([mail.id]);
    for (const typed of ['30123', '030 123456', '030/123456', '(030) 12 34-56', '0049 30 123456', '+49 (0)30 123456'])
      expect([typed, await found(typed)]).toEqual([typed, [phone.id]]);
    expect(await found('030 1234567')).toEqual([]);
    expect(await found('ozturk  jurgen')).toEqual([name.id]);
    expect(await found('ozturk wer')).toEqual([]);
    expect(await found('0%_\\s')).toEqual([percent.id]);
    expect(await found('％')).toEqual([percent.id]);
    expect(await found('1%s')).toEqual([]);
    expect(await found('%%')).toEqual([]);
    expect(await found('nobody100')).toEqual([]);
  });

  it.each([
    ['José Ávila', ['jose', 'JOSÉ', 'Jose\u0301', 'avila']],
    ['Großkopf', ['grosskopf', 'GROSSKOPF', 'großkopf']],
    ['Søren Łukasz Đorđe', ['soren', 'lukasz', 'dorde']],
    ['Παπαδόπουλος', ['παπαδοπουλοσ', 'ΠΑΠΑΔΌΠΟΥΛΟΣ', 'πουλος']],
    ['O’Brennan', ["o'brennan", 'O‘BRENNAN', 'oʼb']],
    ['李小龙', ['李', '小']],
    ['Ｆｕｌｌ ﬁne', ['full', 'fine']],
    ['İstanbul', ['istanbul', 'ISTANBUL']],
    ['O´Brien–Ħal “Bo”', ["o'brien", 'O`Brien', 'O´BRIEN', 'brien-hal', 'hal brien', '"bo"', '„BO”']],
    ['Jo\u200bhn Smith\u00adson', ['john', 'smithson', 'JO\u00adHN']],
    ['שָׁלוֹם', ['שלום']],
    ['مُحَمَّد أحمد', ['محمد', 'احمد']],
  ])('find %s however it is typed', async (contact_name, words) => {
    const org = testOrg();
    await world.ask(org, CreateLeadField, { key: 'note', label: 'Note', kind: 'text' });
    const { id } = await world.ask(org, CreateLead, { contact_name });
    const noted = await world.ask(org, CreateLead, { contact_name: 'Zzz', custom_fields: { note: contact_name } });
    await world.ask(org, CreateLead, { contact_name: 'Zzz', custom_fields: { note: 'Zzz' } });
    for (const search of words) {
      const { items } = await world.ask(org, ListLeads, { search, sort: 'created_at' });
      expect([search, items.map((lead) => lead.id)]).toEqual([search, [id, noted.id]]);
    }
  });

  it('sort names with accents among those without', async () => {
    const org = testOrg();
    for (const contact_name of ['Zoe', 'Ávila', 'Azur', 'öl', 'Ost', 'Abel'])
      await world.ask(org, CreateLead, { contact_name });
    const { items } = await world.ask(org, ListLeads, { sort: 'contact_name' });
    expect(items.map(({ contact_name }) => contact_name)).toEqual(['Abel', 'Ávila', 'Azur', 'öl', 'Ost', 'Zoe']);
  });

  it('filter by place, owner, tag and time, each alone and all together', async () => {
    const org = testOrg();
    const owner = newId();
    await joined(world.test, org, owner);
    const lead = await world.ask(org, CreateLead, { contact_name: 'Found', owner_id: owner, tags: ['hot', 'eu'] });
    await world.ask(org, CreateLead, { contact_name: 'Other' });
    const { pipeline_id, stage_id, created_at } = lead;
    const later = new Date(Date.parse(created_at) + 1).toISOString();
    const all = {
      pipeline_id,
      stage_id,
      owner_id: owner,
      tag: 'hot',
      search: 'found',
      created_after: created_at,
      created_before: later,
    };
    for (const filter of [{ owner_id: owner }, { tag: 'hot' }, { search: 'found' }, { created_before: later }, all]) {
      expect((await world.ask(org, ListLeads, filter)).items.map(({ id }) => id)).toContain(lead.id);
      expect((await world.ask(org, ExportLeads, filter)).items.map(({ id }) => id)).toContain(lead.id);
    }
    expect((await world.ask(org, ListLeads, all)).items).toEqual([lead]);
    for (const filter of [
      { owner_id: newId() },
      { tag: 'ho' },
      { created_after: later, tag: 'hot' },
      { created_before: created_at, tag: 'hot' },
    ]) {
      expect((await world.ask(org, ListLeads, filter)).items).toEqual([]);
    }
  });

  it('are found by a tag however it is written, and by one that has blanks around it', async () => {
    const org = testOrg();
    const { id, version } = await world.ask(org, CreateLead, { contact_name: 'A', tags: ['José', 'C++', 'Übergröße'] });
    await world.ask(org, CreateLead, { contact_name: 'B', tags: ['Josef'] });
    const found = async (tag: string): Promise<string[]> =>
      (await world.ask(org, ListLeads, { tag })).items.map(({ contact_name }) => contact_name);
    for (const tag of ['José', 'jose', 'JOSE\u0301', ' josé ', 'c++', 'ÜBERGRÖßE'])
      expect([tag, await found(tag)]).toEqual([tag, ['A']]);
    for (const tag of ['jos', 'c', 'José\nC++']) expect([tag, await found(tag)]).toEqual([tag, []]);
    await world.test.admin(`update leads.leads set tags = array[' é '] where id = $1 and version = $2`, [id, version]);
    expect(await found(' é ')).toEqual(['A']);
  });

  it('stay within one message however large the leads are, and still give every lead', async () => {
    const org = testOrg();
    const keys = Array.from({ length: 8 }, (_, index) => `f${index}`);
    await Promise.all(keys.map((key) => world.ask(org, CreateLeadField, { key, label: key, kind: 'text' })));
    const custom_fields = Object.fromEntries(keys.map((key) => [key, '€'.repeat(1300)]));
    for (let count = 0; count < 60; count += 1)
      await world.ask(org, CreateLead, { contact_name: `L${count}`, custom_fields });
    const page = await world.ask(org, ListLeads, { limit: 200 });
    expect(page.items.length).toBeLessThan(60);
    expect(JSON.stringify(page).length).toBeLessThan(1_000_000);
    expect(await everyPage(org, { limit: 200 })).toHaveLength(60);
  });

  it('export every lead once, by id, in pages of at most 500 leads and 600 KB, with the keys of the custom fields', async () => {
    const org = testOrg();
    await world.ask(org, CreateLeadField, { key: 'size', label: 'Size', kind: 'number' });
    const first = await world.ask(org, CreateLead, { contact_name: 'First', custom_fields: { size: 1 } });
    await world.test.admin(
      `insert into leads.leads (org_id, id, pipeline_id, stage_id, contact_name, created_at, updated_at)
       select $1, gen_random_uuid(), $2, $3, 'Lead ' || n, now(), now() from generate_series(1, 1200) n`,
      [org.id, first.pipeline_id, first.stage_id],
    );
    const pages: leadsMessages.LeadExportPage[] = [];
    let cursor: string | undefined;
    do {
      const page: leadsMessages.LeadExportPage = await world.ask(org, ExportLeads, { cursor });
      pages.push(page);
      // A lead that goes meanwhile takes no other along.
      if (pages.length === 1) await world.ask(org, DeleteLead, { id: page.items[0]?.id ?? '' });
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    const ids = pages.flatMap(({ items }) => items.map(({ id }) => id));
    expect(ids).toHaveLength(1201);
    expect(ids).toEqual([...new Set(ids)].sort());
    for (const page of pages) {
      expect(page.items.length).toBeLessThanOrEqual(500);
      expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(600_000);
      expect(page.custom_keys).toEqual(['size']);
    }
  });

  it('export of large leads no more than a page carries, and every one, also where they are larger stored than told', async () => {
    const org = testOrg();
    const first = await world.ask(org, CreateLead, { contact_name: 'First' });
    // Numbers that are written out in full where they are stored, and in a few characters where they are told.
    await world.test.admin(
      `insert into leads.leads (org_id, id, pipeline_id, stage_id, contact_name, custom_fields, created_at, updated_at)
       select $1, gen_random_uuid(), $2, $3, 'Lead ' || n, (select jsonb_object_agg('n' || k, 1e300) from generate_series(1, 500) k), now(), now()
       from generate_series(1, 30) n`,
      [org.id, first.pipeline_id, first.stage_id],
    );
    const rows = await org.as(() =>
      world.test.database.query(leadQuery({ filters: [], sort: 'id', continued: false }), { limit: 501 }),
    );
    expect(rows.map(({ found }) => found)).toEqual(rows.map(() => '31'));
    expect(rows.length).toBeLessThan(10);
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page: leadsMessages.LeadExportPage = await world.ask(org, ExportLeads, { cursor });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    expect(new Set(ids).size).toBe(31);
    expect(ids).toHaveLength(31);
  });

  describe('of one organization among a thousand', () => {
    const org = testOrg();

    beforeAll(async () => {
      const lead = await world.ask(org, CreateLead, { contact_name: 'Lead' });
      await world.test.admin(
        `with orgs as (select gen_random_uuid() as org, gen_random_uuid() as pipeline, gen_random_uuid() as stage from generate_series(1, 999)),
          pipelines as (insert into leads.pipelines select org, pipeline, 'Sales', true, false, now(), 1 from orgs),
          stages as (insert into leads.stages select org, stage, pipeline, 'New', 0, 'open', true, false from orgs)
         insert into leads.leads (org_id, id, pipeline_id, stage_id, contact_name, company, created_at, updated_at)
         select org, gen_random_uuid(), pipeline, stage, 'Lead ' || n, 'Company', now() - n * interval '1 minute', now()
         from (select org, pipeline, stage from orgs union all select $1, $2, $3) all_orgs, generate_series(1, 50) n`,
        [org.id, lead.pipeline_id, lead.stage_id],
      );
      await world.test.admin('analyze leads.leads');
    }, 120_000);

    it.each([
      ['the newest', [], '-created_at', 'created_at'],
      ['the oldest', [], 'created_at', 'created_at'],
      ['the last changed', [], '-updated_at', 'updated_at'],
      ['by name', [], 'contact_name', 'name'],
      ['of a stage', ['stage_id'], '-created_at', 'stage_id'],
      ['of a pipeline', ['pipeline_id'], '-created_at', 'pipeline_id'],
      ['of an owner', ['owner_id'], '-created_at', 'owner_id'],
      ['for export', [], 'id', 'pkey'],
    ] as const)(
      'walk for %s along an index led by the organization, without sorting (A67)',
      async (_name, filters, sort, index) => {
        for (const continued of [false, true]) {
          const plan = await planOf(leadQuery({ filters, sort, continued }).text);
          expect(plan).toMatch(new RegExp(`Index Scan (Backward )?using leads_(org_id_)?${index}`));
          expect(plan).toMatch(/Index Cond: \(*\(?org_id = /);
          expect(plan).not.toContain('Sort');
          expect(plan).not.toContain('Seq Scan');
        }
      },
    );

    it.each([['search'], ['tag'], ['created']] as const)(
      'look for a %s at no row of another organization (A67)',
      async (filter) => {
        const plan = await planOf(leadQuery({ filters: [filter], sort: '-created_at', continued: false }).text);
        expect(plan).toMatch(/Index Cond: \(*org_id = /);
        expect(plan).not.toContain('Seq Scan');
      },
    );

    it.each(['id', 'external_id', 'email', 'phone'] as const)(
      'find those of an import by their %s along its index',
      async (name) => {
        const plan = await planOf(known('')[name].text);
        expect(plan).toMatch(/Index Cond: \(\(org_id = [^)]+\)+ AND \(+\w+ = k\.key\)/);
        expect(plan).not.toContain('Seq Scan');
      },
    );

    /** The generic plan of the runtime role, which is what a connection that keeps the statement prepared settles for. */
    async function planOf(text: string): Promise<string> {
      const runtime = await Attacker.connect(world.test, org);
      const nothing = Array.from(new Set(text.match(/\$\d+/g)), () => 'null').join(', ');
      const plan = await runtime.attempt(
        'set local plan_cache_mode = force_generic_plan',
        `prepare listed as ${text}`,
        `explain (costs off) execute listed (${nothing})`,
      );
      await runtime.close();
      return plan.rows.map((row) => String(row['QUERY PLAN'])).join('\n');
    }
  });
});
