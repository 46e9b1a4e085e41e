import { createHash } from 'node:crypto';
import {
  AbandonImport,
  AppendImportChunk,
  CreateLeadField,
  FinishImport,
  GetImport,
  ListActivities,
  ListImportErrors,
  ListImports,
  ListLeadFields,
  ListLeadsAuditLog,
  ListPipelines,
  StartImport,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { testOrg, twoOrgs } from '@apollo/testing';
import { type ImportWorld, importWorld } from './import.world.spec.js';

const people = { Name: 'contact_name', Mail: 'email', Id: 'external_id' };
const one = 'Name,Mail,Id\nAnna,anna@example.com,1\n';

describe('importing a file', () => {
  let world: ImportWorld;
  beforeAll(async () => {
    world = await importWorld();
  });
  afterAll(() => world.stop());

  it('brings every mapped column into leads at the default stage of the default pipeline, each with its history', async () => {
    const org = testOrg();
    const file = [
      'Name;Firma;Mail;Tel;Web;Ort;Land;Bundesland;Wert;Tags;Quelle;Punkte;Id',
      'Anna Ärger;"Ärger & Söhne; GmbH";anna@example.com;+49 (30) 123-456;https://example.com;Köln;DE;NRW;1234,50;heiß, neu;Messe;7;x1',
      '"Bo ""der"" Bär";;;;;;;;;;;;x2',
    ].join('\r\n');
    await world.ask(org, CreateLeadField, { key: 'points', label: 'Points', kind: 'number' });
    const done = await world.import(
      org,
      `\uFEFF${file}`,
      {
        mapping: {
          Name: 'contact_name',
          Firma: 'company',
          Mail: 'email',
          Tel: 'phone',
          Web: 'site',
          Ort: 'city',
          Land: 'country',
          Bundesland: 'state',
          Wert: 'value',
          Tags: 'tags',
          Quelle: 'custom_fields.source',
          Punkte: 'custom_fields.points',
          Id: 'external_id',
        },
      },
      7,
    );
    expect(done).toMatchObject({
      status: 'finished',
      rows_total: 2,
      rows_read: 2,
      created: 2,
      updated: 0,
      unchanged: 0,
      refused: 0,
      error_code: null,
    });
    const [anna, bo] = await world.leads(org);
    const [pipeline] = (await world.ask(org, ListPipelines, {})).items;
    expect(anna).toMatchObject({
      contact_name: 'Anna Ärger',
      company: 'Ärger & Söhne; GmbH',
      email: 'anna@example.com',
      phone: '+4930123456',
      site: 'https://example.com',
      city: 'Köln',
      country: 'DE',
      state: 'NRW',
      value_minor: 123_450,
      tags: ['heiß', 'neu'],
      custom_fields: { source: 'Messe', points: 7 },
      external_id: 'x1',
      pipeline_id: pipeline?.id,
      stage_id: pipeline?.default_stage_id,
      version: 1,
    });
    expect(bo).toMatchObject({
      contact_name: 'Bo "der" Bär',
      company: null,
      value_minor: null,
      tags: [],
      custom_fields: {},
      external_id: 'x2',
    });
    const { items } = await world.ask(org, ListActivities, { id: anna!.id });
    expect(items).toMatchObject([{ kind: 'imported', actor: org.owner, detail: { import_id: done.id } }]);
    expect((await world.ask(org, ListLeadFields, {})).items).toContainEqual(
      expect.objectContaining({ key: 'source', label: 'Quelle', kind: 'text' }),
    );
    const actions = (await world.ask(org, ListLeadsAuditLog, {})).items.map(({ action }) => action);
    expect(actions.slice(0, 3)).toEqual(['leads.import-finished', 'leads.finish-import.v1', 'leads.start-import.v1']);
    expect(await world.test.admin('select 1 from leads.import_chunks union all select 1 from leads.due_jobs')).toEqual(
      [],
    );
  });

  it('changes nothing when the same file comes again, and says so', async () => {
    const org = testOrg();
    const file = 'Name,Mail,Id,Tag\nAnna,anna@example.com,1,a;b\nBo,,2,\n';
    const mapping = { ...people, Tag: 'tags' };
    expect(await world.import(org, file, { mapping })).toMatchObject({ created: 2, updated: 0, unchanged: 0 });
    const before = await world.leads(org);
    expect(await world.import(org, file, { mapping })).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
    expect(await world.leads(org)).toEqual(before);
  });

  it('changes the mapped fields of leads it knows, and no others; an empty cell changes nothing, and what changed is told', async () => {
    const org = testOrg();
    await world.import(
      org,
      'Name,Mail,Id,Town,Src\nAnna,anna@example.com,1,Köln,fair\nBo,bo@example.com,2,Bonn,web\n',
      { mapping: { ...people, Town: 'city', Src: 'custom_fields.source' } },
    );
    const again = await world.import(org, 'Mail,Id,Note\nnew@example.com,1,n1\n,2,\nc@example.com,3,\n', {
      mapping: { Mail: 'email', Id: 'external_id', Note: 'custom_fields.note' },
      default_contact_name: 'Unknown',
    });
    expect(again).toMatchObject({ created: 1, updated: 1, unchanged: 1 });
    expect(await world.leads(org)).toMatchObject([
      {
        contact_name: 'Anna',
        email: 'new@example.com',
        city: 'Köln',
        custom_fields: { source: 'fair', note: 'n1' },
        version: 2,
      },
      { contact_name: 'Bo', email: 'bo@example.com', city: 'Bonn', custom_fields: { source: 'web' }, version: 1 },
      { contact_name: 'c@example.com', email: 'c@example.com', external_id: '3', version: 1 },
    ]);
    const [anna] = await world.leads(org);
    const { items } = await world.ask(org, ListActivities, { id: anna!.id });
    expect(items[0]?.detail).toEqual({ import_id: again.id, fields: ['email', 'custom_fields.note'] });
  });

  it('lets a later row of a file meet what an earlier one made', async () => {
    const org = testOrg();
    const done = await world.import(org, 'Name,Mail,Id\nA,,1\nB,,1\nB,,1\nC,,\nC,,\n', { mapping: people });
    expect(done).toMatchObject({ rows_read: 5, created: 3, updated: 1, unchanged: 1 });
    expect((await world.leads(org)).map((lead) => lead.contact_name)).toEqual(['B', 'C', 'C']);
  });

  it('leaves out what it cannot read cell by cell, names line and column, and keeps the text with the lead', async () => {
    const org = testOrg();
    const file = [
      'Name,Mail,Tel,Owner,Wert',
      `"two\nlines",x@example.com,,,`,
      `,a@example.com,,,`,
      `Anna,${org.canary},12,me,1.2.3`,
      'Bo,,,,',
      'Cy,,,,,,extra',
      `${'x'.repeat(201)},,,,`,
      'Di,,,,12.345',
    ].join('\n');
    const done = await world.import(org, file, {
      mapping: { Name: 'contact_name', Mail: 'email', Tel: 'phone', Owner: 'owner_id', Wert: 'value' },
    });
    expect(done).toMatchObject({ status: 'finished', rows_read: 7, created: 5, refused: 2, cells_left_out: 5 });
    const problems = await world.problems(org, done.id);
    expect(problems.map(({ line, column, refused }) => [line, column, refused])).toEqual([
      [5, 'Mail', false],
      [5, 'Tel', false],
      [5, 'Owner', false],
      [5, 'Wert', false],
      [5, null, false],
      [7, null, true],
      [8, 'Name', true],
      [9, 'Wert', false],
    ]);
    expect(JSON.stringify(problems)).not.toContain(org.canary);
    const first = await world.ask(org, ListImportErrors, { id: done.id, limit: 4 });
    const rest = await world.ask(org, ListImportErrors, { id: done.id, limit: 200, cursor: first.next_cursor! });
    expect([...first.items, ...rest.items]).toEqual(problems);
    expect(await world.leads(org)).toMatchObject([
      { contact_name: 'two lines', custom_fields: {} },
      { contact_name: 'a@example.com' },
      {
        contact_name: 'Anna',
        email: null,
        custom_fields: { import_remarks: `Mail: ${org.canary}\nTel: 12\nOwner: me\nWert: 1.2.3` },
      },
      { contact_name: 'Bo' },
      { contact_name: 'Di', value_minor: null, custom_fields: { import_remarks: 'Wert: 12.345' } },
    ]);
  });

  it('finds out the delimiter, or takes the one it is told', async () => {
    const org = testOrg();
    for (const delimiter of [',', ';', '\t', '|']) {
      const file = one.replaceAll(',', delimiter);
      expect(await world.import(org, file, { mapping: people })).toMatchObject({
        status: 'finished',
        rows_read: 1,
        refused: 0,
      });
      expect(await world.import(org, file, { mapping: people, delimiter })).toMatchObject({
        status: 'finished',
        unchanged: 1,
      });
    }
  });

  it('takes a chunk again, refuses another one in its place, and begins only when the file is whole', async () => {
    const org = testOrg();
    const { id } = await world.ask(org, StartImport, { file_name: 'x.csv', mapping: people });
    const chunk = { id, seq: 0, data: Buffer.from(one).toString('base64') };
    await world.ask(org, AppendImportChunk, chunk);
    await world.ask(org, AppendImportChunk, chunk);
    expect(await world.code(org, AppendImportChunk, { ...chunk, data: 'AAAA' })).toBe('state_conflict');
    expect(await world.code(org, AppendImportChunk, { ...chunk, seq: 1, data: 'no base64!' })).toBe(
      'validation_failed',
    );
    expect(
      await world.code(org, AppendImportChunk, {
        ...chunk,
        seq: 1,
        data: Buffer.alloc(512 * 1024 + 1).toString('base64'),
      }),
    ).toBe('payload_too_large');
    const sha256 = createHash('sha256').update(one).digest('hex');
    expect(await world.code(org, FinishImport, { id, chunks: 2, sha256 })).toBe('upload_incomplete');
    expect(await world.code(org, FinishImport, { id, chunks: 1, sha256: sha256.replace(/./, 'x') })).toBe(
      'upload_incomplete',
    );
    await world.ask(org, FinishImport, { id, chunks: 1, sha256 });
    expect(await world.code(org, AppendImportChunk, { ...chunk, seq: 1 })).toBe('state_conflict');
    expect(await world.ended(org, id)).toMatchObject({ status: 'finished', created: 1 });
  });

  it('refuses a mapping that makes no sense, and a custom field a Member would have to add', async () => {
    const org = testOrg();
    const start = (mapping: Record<string, unknown>, role?: 'member' | 'viewer') =>
      world.code(org, StartImport, { file_name: 'x.csv', mapping }, role);
    for (const mapping of [
      {},
      { A: 'city' },
      { A: 'contact_name', B: 'contact_name' },
      { A: 'contact_name', B: 'org_id' },
      { A: 'contact_name', B: 'value', C: 'value_minor' },
      { A: 'contact_name', B: 'custom_fields.No' },
    ]) {
      expect(await start(mapping)).toBe('validation_failed');
    }
    const fresh = Array.from({ length: 101 }, (_, at) => [`C ${at}`, `custom_fields.fresh_${at}`]);
    expect(await start({ A: 'contact_name', ...Object.fromEntries(fresh) })).toBe('validation_failed');
    expect((await world.ask(org, ListLeadFields, {})).items).toEqual([]);
    expect(await start({ A: 'contact_name', B: 'custom_fields.fresh' }, 'member')).toBe('validation_failed');
    expect(await start(people, 'viewer')).toBe('forbidden');
    await world.ask(org, StartImport, { file_name: 'x.csv', mapping: people }, 'member');
  });

  it('is given up when its upload broke off, and counts as open no more', async () => {
    const org = testOrg();
    const { id } = await world.ask(org, StartImport, { file_name: 'x.csv', mapping: { N: 'contact_name' } });
    await world.ask(org, AbandonImport, { id });
    expect(await world.ask(org, GetImport, { id })).toMatchObject({
      status: 'failed',
      error_code: 'upload_incomplete',
    });
    await expect(world.ask(org, AbandonImport, { id })).rejects.toMatchObject({ code: 'state_conflict' });
    await expect(world.ask(testOrg(), AbandonImport, { id })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('keeps the number of open imports of an organization small', async () => {
    const org = testOrg();
    for (let n = 0; n < 10; n++) await world.ask(org, StartImport, { file_name: 'x.csv', mapping: people });
    expect(await world.code(org, StartImport, { file_name: 'x.csv', mapping: people })).toBe('state_conflict');
    const page = await world.ask(org, ListImports, { limit: 6 });
    const rest = await world.ask(org, ListImports, { limit: 6, cursor: page.next_cursor! });
    expect(new Set([...page.items, ...rest.items].map(({ id }) => id)).size).toBe(10);
  });

  it('says the same of a foreign import as of one that never was', async () => {
    const [a, b] = twoOrgs();
    const theirs = await world.import(b, one, { mapping: people });
    const open = await world.ask(b, StartImport, { file_name: 'x.csv', mapping: people });
    for (const id of [theirs.id, open.id, newId()]) {
      expect(await world.code(a, GetImport, { id })).toBe('not_found');
      expect(await world.code(a, ListImportErrors, { id })).toBe('not_found');
      expect(await world.code(a, AppendImportChunk, { id, seq: 0, data: 'AAAA' })).toBe('not_found');
      expect(await world.code(a, FinishImport, { id, chunks: 1, sha256: 'a'.repeat(64) })).toBe('not_found');
    }
    const [pipeline] = (await world.ask(b, ListPipelines, {})).items;
    expect(await world.code(a, StartImport, { file_name: 'x.csv', mapping: people, pipeline_id: pipeline!.id })).toBe(
      'not_found',
    );
    expect((await world.ask(a, ListImports, {})).items).toEqual([]);
  });

  it('keeps two organizations apart that import the same external ids at once', async () => {
    const orgs = twoOrgs();
    const file = (canary: string, round: number) =>
      ['Name,Mail,Id', ...Array.from({ length: 1_500 }, (_, n) => `${canary}-${round},,same-${n}`)].join('\n');
    for (const round of [1, 2]) {
      const done = await Promise.all(
        orgs.map((org) => world.import(org, file(org.canary, round), { mapping: people })),
      );
      expect(done.map(({ created, updated }) => [created, updated])).toEqual(
        round === 1
          ? [
              [1_500, 0],
              [1_500, 0],
            ]
          : [
              [0, 1_500],
              [0, 1_500],
            ],
      );
    }
    for (const org of orgs) {
      const names = new Set((await world.leads(org)).map((lead) => lead.contact_name));
      expect([...names]).toEqual([`${org.canary}-2`]);
    }
  });

  it('works on one import of an organization after the other', async () => {
    const org = testOrg();
    const files = ['Name,Mail,Id\nFirst,,1\n', 'Name,Mail,Id\nSecond,,1\n', 'Name,Mail,Id\nThird,,1\n'];
    const sent = [];
    for (const file of files) sent.push(await world.send(org, file, { mapping: people }));
    const done = await Promise.all(sent.map(({ id }) => world.ended(org, id)));
    expect(done.map(({ created, updated }) => created + updated)).toEqual([1, 1, 1]);
    expect(done.filter(({ created }) => created === 1)).toHaveLength(1);
  });
});
