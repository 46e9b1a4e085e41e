import { CreateLead, type leadsMessages, ListLeads, NAME_ORDERS } from '@apollo/contracts';
import { testOrg, type TestOrg } from '@apollo/testing';
import { type LeadsWorld, leadsWorld } from '../leads.world.spec.js';

/** Names in the order that a reader of the language expects. */
const ORDERED: Readonly<Record<string, readonly string[]>> = {
  sv: ['Anders', 'Wallin', 'Zander', 'Åberg', 'Ärlig', 'Öberg'],
  es: ['Nadal', 'Nuñez', 'Núñez', 'Nuria', 'Ñato', 'Obregón'],
  da: ['Abel', 'Zeuthen', 'Ærø', 'Østergaard', 'Ågren', 'Aagaard', 'Aakjær'],
  no: ['Abel', 'Zahl', 'Ærø', 'Østby', 'Aas', 'Åsen', 'Aasland'],
  cs: ['Cibulka', 'Černý', 'Dvořák', 'Havel', 'Hynek', 'Chalupa', 'Ivanov', 'Rada', 'Řezníček', 'Šebesta'],
  tr: ['Caner', 'Çelik', 'ırmak', 'Irmak', 'İnan', 'Jale', 'Oya', 'Özge'],
  de: ['Mauser', 'Moser', 'Mueller', 'Muller', 'Müller', 'Mütze', 'Weiss', 'Weiß', 'Weisz'],
  en: ['Abel', 'Ávila', 'Azur', "D'Arcy", 'de Vries', 'Ost Mann', 'Östlund', 'Zoë'],
  'zh-TW': ['丁', '王', '李', '陳'],
  hr: ['Cvitan', 'Čavić', 'Ćosić', 'Divić', 'Džaja', 'Đurić', 'Lovrić', 'Ljubić', 'Nikolić', 'Njegovan'],
};

describe('names of leads', () => {
  let world: LeadsWorld;
  beforeAll(async () => {
    world = await leadsWorld();
  });
  afterAll(() => world.stop());

  const page = (org: TestOrg, request: leadsMessages.ListLeadsRequest): Promise<leadsMessages.LeadList> =>
    world.ask(org, ListLeads, { sort: 'contact_name', ...request });

  async function everyPage(org: TestOrg, request: leadsMessages.ListLeadsRequest): Promise<leadsMessages.Lead[]> {
    const seen: leadsMessages.Lead[] = [];
    let cursor: string | undefined;
    do {
      const { items, next_cursor } = await page(org, { ...request, limit: 2, cursor });
      seen.push(...items);
      cursor = next_cursor ?? undefined;
    } while (cursor);
    return seen;
  }

  async function has(org: TestOrg, names: readonly string[]): Promise<void> {
    // In an order that is nobody's.
    for (const contact_name of [...names].sort((a, b) => (a.at(-1) ?? '').localeCompare(b.at(-1) ?? '')))
      await world.ask(org, CreateLead, { contact_name });
  }

  it.each(Object.entries(ORDERED))('have the order of %s, over pages and backwards', async (language, names) => {
    const [org, other] = [testOrg(), testOrg()];
    await has(org, names);
    await has(other, ['Andersson']);
    const named = (leads: leadsMessages.Lead[]): string[] => leads.map(({ contact_name }) => contact_name);
    expect(named(await everyPage(org, { language }))).toEqual(names);
    expect(named(await everyPage(org, { language, sort: '-contact_name' }))).toEqual([...names].reverse());
    const { items } = await page(org, { language, search: 'a' });
    expect(named(items)).toEqual(names.filter((name) => named(items).includes(name)));
  });

  it.each([undefined, 'sv', 'tr'])('that are equal are each given once (%s)', async (language) => {
    const org = testOrg();
    const names = ['Öberg', 'Öberg', 'öberg', 'Oberg', 'Öberg', 'Åberg', 'Åberg', 'ıldız', 'Ildız', 'ildiz'];
    await has(org, names);
    const seen = await everyPage(org, { language });
    expect(new Set(seen.map(({ id }) => id)).size).toBe(names.length);
    expect(seen).toHaveLength(names.length);
  });

  it('go on in the order in which a list began when the organization’s language changes meanwhile', async () => {
    const org = testOrg();
    await has(org, ORDERED['sv'] ?? []);
    const first = await page(org, { language: 'sv', limit: 3 });
    for (const language of ['de', undefined]) {
      const rest = await page(org, { language, cursor: first.next_cursor ?? '' });
      const names = [...first.items, ...rest.items].map(({ contact_name }) => contact_name);
      expect(names).toEqual(ORDERED['sv']);
    }
    expect((await page(org, { language: 'de' })).items.map(({ contact_name }) => contact_name)).toEqual([
      'Åberg',
      'Anders',
      'Ärlig',
      'Öberg',
      'Wallin',
      'Zander',
    ]);
  });

  it('have an order in PostgreSQL for every language of the list', async () => {
    const there = await world.test.admin(
      `select replace(collname, '-x-icu', '') as name from pg_collation where collnamespace = 'pg_catalog'::regnamespace and collprovider = 'i'`,
    );
    const known = new Set(there.map(({ name }) => String(name)));
    expect([...NAME_ORDERS, 'und'].filter((name) => !known.has(name))).toEqual([]);
    const org = testOrg();
    await has(org, ['b', 'a']);
    for (const language of NAME_ORDERS)
      expect((await page(org, { language })).items.map(({ contact_name }) => contact_name)).toEqual(['a', 'b']);
  });
});
