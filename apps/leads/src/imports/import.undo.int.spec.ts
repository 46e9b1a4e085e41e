import { AddNote, GetImport, type leadsMessages, ListActivities, UndoImport, UpdateLead } from '@apollo/contracts';
import { type TestOrg, testOrg, twoOrgs } from '@apollo/testing';
import { type ImportWorld, importWorld } from './import.world.spec.js';

const mapping = { Name: 'contact_name', Id: 'external_id', Stadt: 'city' };
const people = (count: number, city: string): string =>
  `Name,Id,Stadt\n${Array.from({ length: count }, (_, n) => `N${n},${n},${city}`).join('\n')}\n`;

describe('taking an import back', () => {
  let world: ImportWorld;
  beforeAll(async () => {
    world = await importWorld();
  });
  afterAll(() => world.stop());

  async function undone(org: TestOrg, id: string): Promise<leadsMessages.LeadImport> {
    expect(await world.ask(org, UndoImport, { id })).toMatchObject({ status: 'undoing' });
    for (;;) {
      const state = await world.ask(org, GetImport, { id });
      if (state.status !== 'undoing') return state;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it('removes the leads that it made, in any number, and no others', async () => {
    const [a, b] = twoOrgs();
    await world.import(a, 'Name\nBefore\n', { mapping: { Name: 'contact_name' } });
    const [done] = await Promise.all([a, b].map((org) => world.import(org, people(1_200, 'Bonn'), { mapping })));
    expect(await undone(a, done!.id)).toMatchObject({
      status: 'undone',
      undo: { removed: 1_200, restored: 0, stayed: 0, stayed_leads: [] },
    });
    expect((await world.leads(a)).map(({ contact_name }) => contact_name)).toEqual(['Before']);
    expect(await world.leads(b)).toHaveLength(1_200);
  });

  it('leaves leads that were touched since, and says which', async () => {
    const org = testOrg();
    const done = await world.import(org, people(4, 'Bonn'), { mapping });
    const [first, second, third] = await world.leads(org);
    await world.ask(org, UpdateLead, { id: first!.id, city: 'Ulm' });
    await world.ask(org, AddNote, { id: second!.id, text: 'called' });
    await world.import(org, 'Name,Id,Stadt\nN2,2,Jena\n', { mapping });
    const state = await undone(org, done.id);
    expect(state.undo).toMatchObject({ removed: 1, restored: 0, stayed: 3 });
    expect(state.undo?.stayed_leads.toSorted()).toEqual([first, second, third].map((lead) => lead!.id).toSorted());
    expect((await world.leads(org)).map(({ city }) => city).sort()).toEqual(['Bonn', 'Jena', 'Ulm']);
  });

  it('makes leads that it changed what they were, with that in their history', async () => {
    const org = testOrg();
    await world.import(org, people(3, 'Bonn'), { mapping });
    const before = await world.leads(org);
    const done = await world.import(org, people(4, 'Kiel'), { mapping });
    const changed = await world.leads(org);
    await world.ask(org, UpdateLead, { id: before[0]!.id, company: 'ACME' });
    expect((await undone(org, done.id)).undo).toMatchObject({ removed: 1, restored: 2, stayed: 1 });
    const after = await world.leads(org);
    expect(changed.map(({ city }) => city)).toEqual(['Kiel', 'Kiel', 'Kiel', 'Kiel']);
    expect(after.map(({ city, company }) => [city, company])).toEqual([
      ['Kiel', 'ACME'],
      ['Bonn', null],
      ['Bonn', null],
    ]);
    const { items } = await world.ask(org, ListActivities, { id: after[1]!.id });
    expect(items[0]).toMatchObject({ kind: 'import_undone', detail: { import_id: done.id } });
    expect(await world.test.admin('select 1 from leads.import_changes where import_id = $1', [done.id])).toEqual([]);
  });

  it('happens once, to an import that ended, of the own organization', async () => {
    const [a, b] = twoOrgs();
    const done = await world.import(a, people(1, 'Bonn'), { mapping });
    expect(await world.code(b, UndoImport, { id: done.id })).toBe('not_found');
    expect(await world.code(a, UndoImport, { id: done.id }, 'viewer')).toBe('forbidden');
    await undone(a, done.id);
    expect(await world.code(a, UndoImport, { id: done.id })).toBe('state_conflict');
    const empty = await world.import(a, 'Name,Id,Stadt\n', { mapping });
    expect(await world.code(a, UndoImport, { id: empty.id })).toBe('state_conflict');
  });
});
