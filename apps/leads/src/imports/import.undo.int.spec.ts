import { setTimeout as sleep } from 'node:timers/promises';
import { AddNote, CreateLead, type leadsMessages, ListActivities, UndoImport, UpdateLead } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { Attacker, testOrg, twoOrgs } from '@apollo/testing';
import { joined } from '../leads.world.spec.js';
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

  it('removes the leads that it made, in any number, and no others', async () => {
    const [a, b] = twoOrgs();
    await world.import(a, 'Name\nBefore\n', { mapping: { Name: 'contact_name' } });
    const [done] = await Promise.all([a, b].map((org) => world.import(org, people(1_200, 'Bonn'), { mapping })));
    expect(await world.undone(a, done!.id)).toMatchObject({
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
    const state = await world.undone(org, done.id);
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
    expect((await world.undone(org, done.id)).undo).toMatchObject({ removed: 1, restored: 2, stayed: 1 });
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

  it('counts what a later import did as nothing once that was taken back', async () => {
    const org = testOrg();
    const first = await world.import(org, people(4, 'Bonn'), { mapping });
    const before = await world.leads(org);
    const second = await world.import(org, people(3, 'Kiel'), { mapping });
    const third = await world.import(org, people(2, 'Ulm'), { mapping });
    await world.ask(org, AddNote, { id: before[0]!.id, text: 'called' });
    expect((await world.undone(org, third.id)).undo).toMatchObject({ restored: 2, stayed: 0 });
    expect((await world.leads(org)).map(({ city }) => city)).toEqual(['Kiel', 'Kiel', 'Kiel', 'Bonn']);
    expect((await world.undone(org, second.id)).undo).toMatchObject({ restored: 3, stayed: 0 });
    expect((await world.leads(org)).map(({ city }) => city)).toEqual(['Bonn', 'Bonn', 'Bonn', 'Bonn']);
    expect((await world.undone(org, first.id)).undo).toMatchObject({
      removed: 3,
      stayed: 1,
      stayed_leads: [before[0]!.id],
    });
  });

  it('puts back every field that it may have changed', async () => {
    const org = testOrg();
    const [first, second] = [newId(), newId()];
    await joined(world.test, org, first, second);
    const fields = (owner: string, stage: string, n: number) =>
      `N${n},C${n},n${n}@example.com,+4940123456${n},https://n${n}.example,T${n},S${n},DE,${owner},${stage},${n}2.50,"a${n};b",x${n},${n},202${n}-01-31`;
    const headings = 'Name,Company,Mail,Phone,Site,City,State,Country,Owner,Stage,Value,Tags,Ext,Count,Day';
    const all = {
      Name: 'contact_name',
      Company: 'company',
      Mail: 'email',
      Phone: 'phone',
      Site: 'site',
      City: 'city',
      State: 'state',
      Country: 'country',
      Owner: 'owner_id',
      Stage: 'stage',
      Value: 'value',
      Tags: 'tags',
      Ext: 'external_id',
      Count: 'custom_fields.count',
      Day: 'custom_fields.day',
    };
    const kinds = { count: 'number', day: 'date' };
    await world.import(org, `${headings}\n${fields(first, 'New', 1)}\n`, { mapping: all, kinds });
    const [before] = (await world.leads(org)) as [leadsMessages.Lead];
    const file = `Id,${headings}\n${before.id},${fields(second, 'Qualified', 2).replace(',DE,', ',FR,')}\n`;
    const done = await world.import(org, file, { mapping: { Id: 'id', ...all }, identity: 'id' });
    expect(done).toMatchObject({ updated: 1, cells_left_out: 0 });
    const [changed] = (await world.leads(org)) as [leadsMessages.Lead];
    const same = Object.keys(before).filter((name) => {
      const [was, is] = [before, changed].map((lead) => JSON.stringify(lead[name as keyof leadsMessages.Lead]));
      return was === is;
    });
    expect(same.sort()).toEqual(['created_at', 'id', 'pipeline_id']);
    expect((await world.undone(org, done.id)).undo).toMatchObject({ removed: 0, restored: 1, stayed: 0 });
    const [after] = (await world.leads(org)) as [leadsMessages.Lead];
    expect(after).toEqual({ ...before, version: 3, updated_at: after.updated_at });
  });

  it('gives no lead back to an owner who left, nor an external id that another lead was given', async () => {
    const org = testOrg();
    const [leaver, heir] = [newId(), newId()];
    await joined(world.test, org, leaver, heir);
    const given = { mapping: { Mail: 'email', Name: 'contact_name', Owner: 'owner_id', Ext: 'external_id' } };
    const settings = { ...given, identity: 'email' };
    const file = (owner: string, ext: string) =>
      `Mail,Name,Owner,Ext\na@example.com,A,${owner},a${ext}\nb@example.com,B,${owner},b${ext}\n`;
    await world.import(org, file(leaver, '1'), settings);
    const done = await world.import(org, file(heir, '2'), settings);
    await world.test.admin('delete from leads.members where id = $1', [leaver]);
    await world.ask(org, CreateLead, { contact_name: 'C', external_id: 'b1' });
    const leads = await world.leads(org);
    expect((await world.undone(org, done.id)).undo).toMatchObject({
      restored: 1,
      stayed: 1,
      stayed_leads: [leads.find(({ email }) => email === 'b@example.com')?.id],
    });
    expect((await world.leads(org)).map(({ owner_id, external_id }) => [external_id, owner_id])).toEqual([
      ['a1', null],
      ['b2', heir],
      ['b1', null],
    ]);
  });

  it.each([
    ['an edit', "update leads.leads set city = 'Ulm', version = version + 1"],
    ['a note', 'select 1'],
  ])('leaves a lead to %s that was under way when it began, and was committed meanwhile', async (_what, edit) => {
    const org = testOrg();
    const done = await world.import(org, people(3, 'Bonn'), { mapping });
    const [lead] = (await world.leads(org)) as [leadsMessages.Lead];
    const person = await Attacker.connect(world.test, org);
    const outcome = await person.plain(
      'begin',
      `select tenancy.carry('${person.tag()}')`,
      edit.replace(/^update.*/, `$& where id = '${lead.id}'`),
      `insert into leads.activities (org_id, id, lead_id, kind, actor, at, detail) values ('${org.id}', gen_random_uuid(), '${lead.id}', 'note', '${org.owner}', now(), '{"text":"called"}')`,
    );
    expect(outcome.code).toBeUndefined();
    const end = world.undone(org, done.id);
    const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    while ((await world.test.admin(waiting)).length === 0) await sleep(10);
    await person.plain('commit');
    expect((await end).undo).toMatchObject({ removed: 2, stayed: 1, stayed_leads: [lead.id] });
    expect((await world.leads(org)).map(({ id }) => id)).toEqual([lead.id]);
    await person.close();
  });

  it('happens once, to an import that ended, of the own organization', async () => {
    const [a, b] = twoOrgs();
    const done = await world.import(a, people(1, 'Bonn'), { mapping });
    expect(await world.code(b, UndoImport, { id: done.id })).toBe('not_found');
    expect(await world.code(a, UndoImport, { id: done.id }, 'viewer')).toBe('forbidden');
    await world.undone(a, done.id);
    expect(await world.code(a, UndoImport, { id: done.id })).toBe('state_conflict');
    const empty = await world.import(a, 'Name,Id,Stadt\n', { mapping });
    expect(await world.code(a, UndoImport, { id: empty.id })).toBe('state_conflict');
  });
});
