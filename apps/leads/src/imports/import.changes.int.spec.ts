import {
  DeleteLead,
  type leadsMessages,
  ListImportChanges,
  ListImports,
  MoveLead,
  UndoImport,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { type TestOrg, testOrg, twoOrgs } from '@apollo/testing';
import { joined } from '../leads.world.spec.js';
import { type ImportWorld, importWorld } from './import.world.spec.js';

const mapping = {
  Id: 'external_id',
  Name: 'contact_name',
  City: 'city',
  Value: 'value',
  Tags: 'tags',
  Note: 'custom_fields.note',
};
const heading = 'Id,Name,City,Value,Tags,Note\n';

describe('what an import changed', () => {
  let world: ImportWorld;
  beforeAll(async () => {
    world = await importWorld();
  });
  afterAll(() => world.stop());

  /** Every page of it. */
  async function pages(org: TestOrg, id: string, limit: number): Promise<leadsMessages.ImportChange[][]> {
    const found: leadsMessages.ImportChange[][] = [];
    let cursor: string | undefined;
    do {
      const page = await world.ask(org, ListImportChanges, { id, limit, cursor });
      found.push(page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    return found;
  }

  it('is told lead by lead: each field that differs, before and after, and nothing of others', async () => {
    const org = testOrg();
    const first = await world.import(org, `${heading}1,Ada,Bonn,12.50,a;b,\n2,Bo,Kiel,,,\n3,Cy,Ulm,,c,x\n`, {
      mapping,
    });
    const [ada, bo, cy] = (await world.leads(org)) as [leadsMessages.Lead, leadsMessages.Lead, leadsMessages.Lead];
    const owner = newId();
    await joined(world.test, org, owner);
    const file = `Owner,Stage,${heading}${owner},,1,Ada,Bonn,1300,a;c,met\n,,2,Bo,Kiel,,,\n,Qualified,3,Cyd,,,,y\n,,4,New,Bonn,,,\n`;
    const done = await world.import(org, file, { mapping: { Owner: 'owner_id', Stage: 'stage', ...mapping } });
    expect(done).toMatchObject({ created: 1, updated: 2, unchanged: 1 });
    const stage_id = (await world.leads(org)).find(({ id }) => id === cy.id)?.stage_id;
    const changes = [
      {
        lead_id: ada.id,
        before: { owner_id: null, value_minor: 1250, tags: ['a', 'b'], 'custom_fields.note': null },
        after: { owner_id: owner, value_minor: 130000, tags: ['a', 'c'], 'custom_fields.note': 'met' },
      },
      {
        lead_id: cy.id,
        before: { stage_id: cy.stage_id, contact_name: 'Cy', 'custom_fields.note': 'x' },
        after: { stage_id, contact_name: 'Cyd', 'custom_fields.note': 'y' },
      },
    ];
    expect(await pages(org, done.id, 200)).toEqual([changes]);
    expect(await pages(org, done.id, 1)).toEqual(changes.map((change) => [change]));
    expect(await pages(org, first.id, 200)).toEqual([[]]);
    // What happens to a lead afterwards is none of it.
    await world.ask(org, MoveLead, { id: bo.id, stage_id: stage_id as string });
    expect(await pages(org, done.id, 200)).toEqual([changes]);
  });

  it('is as the last row of the file left it, where several changed a lead', async () => {
    const org = testOrg();
    await world.import(org, `${heading}1,Ada,Bonn,,,\n`, { mapping });
    const others = Array.from({ length: 1_200 }, (_, n) => `x${n},N${n},,,,\n`).join('');
    const done = await world.import(org, `${heading}1,Ada,Kiel,,,\n${others}1,Ada,Ulm,,,\n`, { mapping });
    expect(await pages(org, done.id, 200)).toMatchObject([[{ before: { city: 'Bonn' }, after: { city: 'Ulm' } }]]);
  });

  it('is cut to what a message carries', async () => {
    const org = testOrg();
    const long = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`L${n}`, `custom_fields.l${n}`]));
    const list = (letter: string) => {
      const cells = Object.keys(long).map(() => letter.repeat(2_000));
      const rows = Array.from({ length: 40 }, (_, n) => `${n},N${n},${cells.join(',')}\n`).join('');
      return `Id,Name,${Object.keys(long).join(',')}\n${rows}`;
    };
    const settings = { mapping: { Id: 'external_id', Name: 'contact_name', ...long } };
    await world.import(org, list('a'), settings);
    const done = await world.import(org, list('b'), settings);
    const found = await pages(org, done.id, 200);
    expect(found.length).toBeGreaterThan(1);
    expect(new Set(found.flat().map(({ lead_id }) => lead_id)).size).toBe(40);
  });

  it('is forgotten with the lead, and with what was taken back', async () => {
    const org = testOrg();
    await world.import(org, `${heading}1,Ada,Bonn,,,\n2,Bo,Bonn,,,\n`, { mapping });
    const done = await world.import(org, `${heading}1,Ada,Kiel,,,\n2,Bo,Kiel,,,\n`, { mapping });
    const [[ada, bo] = []] = await pages(org, done.id, 200);
    await world.ask(org, DeleteLead, { id: ada!.lead_id });
    expect(await pages(org, done.id, 200)).toEqual([[bo]]);
    expect(await world.test.admin('select lead_id from leads.import_changes where import_id = $1', [done.id])).toEqual([
      { lead_id: bo!.lead_id },
    ]);
    await world.ask(org, UndoImport, { id: done.id });
    while ((await pages(org, done.id, 200)).flat().length > 0);
  });

  it.each(['{}', 'null', '[]', '17', '{"custom_fields": "x", "value_minor": "y"}'])(
    'is told beside what SQL wrote, which hides nothing and stops no import: %s',
    async (shape) => {
      const org = testOrg();
      await world.import(org, `${heading}1,Ada,Bonn,,,x\n2,Bo,Bonn,,,\n`, { mapping });
      const { id } = await world.import(org, `${heading}1,Ada,Kiel,,,x\n2,Bo,Kiel,,,\n`, { mapping });
      const [ada, bo] = await world.leads(org);
      await world.test.admin('update leads.import_changes set before = $1 where lead_id = $2', [shape, ada!.id]);
      await world.test.admin('update leads.imports set reading = $1 where id = $2', [shape, id]);
      await world.test.admin('update leads.leads set custom_fields = $1 where id = $2', [shape, ada!.id]);
      const [changes = []] = await pages(org, id, 200);
      expect(changes.map(({ lead_id }) => lead_id)).toEqual([ada!.id, bo!.id]);
      expect(changes[1]).toMatchObject({ before: { city: 'Bonn' }, after: { city: 'Kiel' } });
      expect((await world.ask(org, ListImports, {})).items).toHaveLength(2);
      expect((await world.leads(org)).map(({ custom_fields }) => typeof custom_fields)).toEqual(['object', 'object']);
      const next = await world.import(org, `${heading}1,Ada,Kiel,,,y\n`, { mapping });
      expect(next).toMatchObject({ status: 'finished', updated: 1 });
    },
  );

  it('is for those who may import, of the own organization', async () => {
    const [a, b] = twoOrgs();
    const { id } = await world.import(a, `${heading}1,Ada,Bonn,,,\n`, { mapping });
    expect(await world.code(a, ListImportChanges, { id }, 'viewer')).toBe('forbidden');
    expect(await world.code(b, ListImportChanges, { id })).toBe('not_found');
    expect(await world.code(a, ListImportChanges, { id: newId() })).toBe('not_found');
  });
});
