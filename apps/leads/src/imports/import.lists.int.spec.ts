import {
  CreateLead,
  CreateLeadField,
  CreatePipeline,
  ListLeadFields,
  type leadsMessages,
  MoveLead,
  PreviewImport,
  StartImport,
  UpdateLeadField,
  UpdatePipeline,
} from '@apollo/contracts';
import { type TestOrg, testOrg } from '@apollo/testing';
import { joined } from '../leads.world.spec.js';
import { type ImportWorld, importWorld } from './import.world.spec.js';

const german = { country: 'DE', currency: 'EUR', time_zone: 'Europe/Berlin', value_decimals: 2 };

describe('a list as people have it, with the mapping that is proposed', () => {
  let world: ImportWorld;
  let org: TestOrg;
  beforeAll(async () => {
    world = await importWorld();
  });
  beforeEach(() => {
    org = testOrg();
  });
  afterAll(() => world.stop());

  const preview = (file: string | Buffer, more: Partial<leadsMessages.PreviewImportRequest> = {}) =>
    world.ask(org, PreviewImport, {
      ...german,
      file_name: 'x.csv',
      data: Buffer.from(file).toString('base64'),
      whole: true,
      ...more,
    });
  const targets = ({ columns }: leadsMessages.ImportPreview) =>
    Object.fromEntries(columns.map(({ heading, target, kind }) => [heading, kind ?? target]));

  it('comes in from a CRM that quotes every cell: names joined, sites with a scheme, the nameless after their address', async () => {
    const file = [
      '"Record ID","First Name","Last Name","Email","Phone Number","Company Name","Website URL","Number of Employees","Create Date"',
      '"7","Björk","Sommer","bs@example.org","+49 40 1234567","Sommer GbR","sommer.example","25","2025-05-01 14:03"',
      '"8","Inês","Prado","ines@example.net","(415) 555-0100","Sul","https://sul.example","2,400","2025-06-11 08:00"',
      '"9","","","office@example.com","","","","",""',
    ].join('\r\n');
    expect(await preview(file)).toMatchObject({
      refused: 0,
      problems: 1,
      identity: 'external_id',
      rows_looked_at: 3,
      bytes_looked_at: Buffer.byteLength(file),
    });
    expect(await world.leads(org)).toEqual([]);
    const done = await world.import(org, file, german);
    expect(done).toMatchObject({ created: 3, refused: 0, cells_left_out: 1, encoding: 'utf-8', delimiter: ',' });
    const leads = (await world.leads(org)).sort((a, b) => Number(a.external_id) - Number(b.external_id));
    expect(leads).toMatchObject([
      {
        contact_name: 'Björk Sommer',
        phone: '+49401234567',
        site: 'https://sommer.example',
        custom_fields: { number_of_employees: 25 },
        created_at: '2025-05-01T12:03:00.000Z',
      },
      {
        contact_name: 'Inês Prado',
        phone: null,
        custom_fields: { number_of_employees: 2400, import_remarks: 'Phone Number: (415) 555-0100' },
      },
      { contact_name: 'office@example.com' },
    ]);
    expect(await world.problems(org, done.id)).toMatchObject([{ line: 3, column: 'Phone Number', refused: false }]);
    expect(await world.import(org, file, german)).toMatchObject({ created: 0, updated: 0, unchanged: 3 });
  });

  it('is previewed by the stages its import has, be it the first that an organization does', async () => {
    const file = 'Name,Email,Stage\nAda Roth,ada@example.org,Won\nJan Olsen,jan@example.org,qualified\n';
    const mapping = { Name: 'contact_name', Email: 'email', Stage: 'stage' };
    const [seen, both] = [await preview(file), await Promise.all([preview(file, { mapping }), preview(file)])];
    for (const each of [seen, ...both]) expect(each).toMatchObject({ mapping, kinds: {}, problems: 0, refused: 0 });
    expect(await world.leads(org)).toEqual([]);
    const done = await world.import(org, file, { ...german, mapping: seen.mapping });
    expect(done).toMatchObject({ created: 2, cells_left_out: 0 });
    expect((await world.leads(org)).map(({ stage_id }) => stage_id)).toEqual(
      seen.rows.map(({ lead }) => lead['stage_id']),
    );
  });

  it('calls a lead after its external id where there is nothing else, whichever columns there are, and tells so once', async () => {
    for (const file of ['ID,Betrag\n1,5\n2,7\n', 'ID,Name,Company,Email,Phone\n1,,,,\n2,,,,\n']) {
      const other = testOrg();
      const done = await world.import(other, file, german);
      expect(done).toMatchObject({ created: 2, refused: 0, cells_left_out: 0 });
      expect((await world.leads(other)).map(({ contact_name }) => contact_name)).toEqual(['1', '2']);
      const problem = 'gives nothing to call a lead by but its external id';
      expect(await world.problems(other, done.id)).toEqual([
        { line: 2, column: null, problem: `${problem}, as 2 rows in all`, refused: false },
      ]);
      expect(await preview(file)).toMatchObject({
        refused: 0,
        problems: 0,
        rows: [{ problems: { row: problem } }, {}],
      });
    }
    const lead = await world.ask(org, CreateLead, { external_id: 'x-1' });
    expect(lead.contact_name).toBe('x-1');
  });

  it.each([
    ['is not there', 'not_found'],
    ['is archived', 'state_conflict'],
  ])('is refused in a preview as in an import where its pipeline %s', async (how, code) => {
    const { id, version } = await world.ask(org, CreatePipeline, { name: 'Partners' });
    await world.ask(org, UpdatePipeline, { id, archived: true, if_match: version });
    const pipeline_id = how === 'is archived' ? id : testOrg().id;
    const data = Buffer.from('Name\nAda\n').toString('base64');
    const request = { file_name: 'x.csv', pipeline_id };
    expect(await world.code(org, PreviewImport, { ...request, data, whole: true })).toBe(code);
    expect(await world.code(org, StartImport, request)).toBe(code);
  });

  it('comes in with columns that have the names of what every object has', async () => {
    const file = 'Name,constructor,toString,__proto__,valueOf\nIda Roth,c,1,p,12 EUR\nJan Olsen,d,2,q,valueOf\n';
    expect(await preview(file)).toMatchObject({ refused: 0, rows_looked_at: 2 });
    expect(await world.import(org, file, german)).toMatchObject({ created: 2, refused: 0, error_code: null });
    const { custom_fields } = (await world.leads(org))[0] as leadsMessages.Lead;
    expect(Object.entries(custom_fields)).toEqual(expect.arrayContaining([['constructor', 'c']]));
    expect(await world.import(org, file, german)).toMatchObject({ status: 'finished', error_code: null });
  });

  it('comes in without a heading where one says so: columns by number, the first line a person as well', async () => {
    const file = 'sep=;\nIda Roth;ida@example.org;+49 40 1234567\nJan Olsen;jan@example.org;\n';
    const seen = await preview(file, { heading_line: 0 });
    expect(seen).toMatchObject({ heading_line: 0, rows_looked_at: 2, delimiter: ';' });
    expect(targets(seen)).toMatchObject({ 'Column 2': 'email', 'Column 3': 'phone' });
    const mapping = { 'Column 1': 'contact_name', 'Column 2': 'email', 'Column 3': 'phone' };
    const done = await world.import(org, file, { ...german, heading_line: 0, mapping });
    expect(done).toMatchObject({ heading_line: 0, rows_total: 2, created: 2, refused: 0 });
    expect(await world.leads(org)).toMatchObject([
      { contact_name: 'Ida Roth', email: 'ida@example.org', phone: '+49401234567' },
      { contact_name: 'Jan Olsen', email: 'jan@example.org', phone: null },
    ]);
    // The same lines, the first of them taken for a heading that names nothing.
    await expect(preview(file)).rejects.toThrow('validation_failed');
  });

  it('comes in from a German address book: Windows-1252, semicolons, no birthday written as one', async () => {
    const file = Buffer.from(
      'Vorname;Nachname;Firma;Telefon gesch\xe4ftlich;Mobiltelefon;E-Mail-Adresse;Geburtstag;Kategorien;Notizen;;\r\n' +
        'J\xf6rg;Gro\xdfmann;Gro\xdf & S\xf6hne \x96 KG;0221 / 98 76-0;+49 (0)171 7654321;joerg@example.de;0.0.00;"Kunde;Messe";"R\xfcckruf\r\nDienstag";;\r\n' +
        ';;;;;;;;;;\r\n' +
        '\xdcnal;Kaya;;+43 1 234567;;uenal@example.at;24.12.1979;;;;\r\n',
      'latin1',
    );
    const done = await world.import(org, file, german);
    expect(done).toMatchObject({ created: 2, refused: 0, encoding: 'windows-1252', delimiter: ';', identity: 'email' });
    expect(await world.leads(org)).toMatchObject([
      {
        contact_name: 'Jörg Großmann',
        company: 'Groß & Söhne – KG',
        phone: '+4922198760',
        tags: ['Kunde', 'Messe'],
        custom_fields: { notizen: 'Rückruf\r\nDienstag', import_remarks: 'Mobiltelefon: +491717654321' },
      },
      { contact_name: 'Ünal Kaya', phone: '+431234567', custom_fields: { geburtstag: '1979-12-24' } },
    ]);
  });

  it('comes in from a report: notes above, a footer below, dates by the column, amounts by their currency', async () => {
    const file = [
      'Leads of this quarter',
      '',
      'First Name,Last Name,Company / Account,Street,Annual Revenue,Signed,Lead ID',
      'Berta,Boxera,Northern,"1 West Road","USD 900,750,000",1/31/2026,a1',
      'Filipa,Coton,Seguros,"10, Rue\nBât. B",,2/1/2026,a2',
      '',
      'Leads Report',
      'Exported for internal use',
    ].join('\n');
    const looked = await preview(file);
    expect(looked).toMatchObject({ heading_line: 3, formats: { Signed: 'month-day-year' } });
    expect(looked.left_out.map(({ line }) => line)).toEqual([1, 8, 9]);
    const done = await world.import(org, file, german);
    expect(done).toMatchObject({ rows_total: 2, created: 2, refused: 0 });
    expect((await world.problems(org, done.id)).map(({ line }) => line)).toEqual([1, 8, 9]);
    expect(await world.leads(org)).toMatchObject([
      { contact_name: 'Berta Boxera', custom_fields: { annual_revenue: '900750000 USD', signed: '2026-01-31' } },
      { contact_name: 'Filipa Coton', custom_fields: { street: '10, Rue\nBât. B', signed: '2026-02-01' } },
    ]);
  });

  it('comes in from an advertiser: UTF-16 with tabs, a prefix before phones, quotes within cells', async () => {
    const text =
      'id\tcreated_time\tad_name\tfull_name\tphone_number\temail\n' +
      'l:900\t2026-01-31T13:45:12+01:00\tAnzeige "Herbst"\tKäthe Groß\tp:+491717654321\tkg@example.de\n';
    const done = await world.import(org, Buffer.from(`\uFEFF${text}`, 'utf16le'), german);
    expect(done).toMatchObject({ created: 1, encoding: 'utf-16le', delimiter: '\t' });
    expect(await world.leads(org)).toMatchObject([
      {
        contact_name: 'Käthe Groß',
        phone: '+491717654321',
        external_id: 'l:900',
        created_at: '2026-01-31T12:45:12.000Z',
        custom_fields: { ad_name: 'Anzeige "Herbst"' },
      },
    ]);
  });

  it('knows the headings of other languages, and of columns that come twice', async () => {
    expect(targets(await preview('Nome;Telefone;Cidade;Empresa\nAna;+351 21 123 4567;Faro;Sul\n'))).toEqual({
      Nome: 'contact_name',
      Telefone: 'phone',
      Cidade: 'city',
      Empresa: 'company',
    });
    expect(targets(await preview('Nombre,Apellidos,Correo electrónico,País\nAna,Gil,a@b.test,ES\n'))).toEqual({
      Nombre: 'first_name',
      Apellidos: 'last_name',
      'Correo electrónico': 'email',
      País: 'country',
    });
    expect(targets(await preview('Name;Vorname;Notiz;Notiz\nGil;Ana;a;b\n'))).toEqual({
      Name: 'last_name',
      Vorname: 'first_name',
      Notiz: 'text',
      'Notiz (2)': 'text',
    });
  });

  it('reads numbers by the file’s own marks, and none of which it cannot know them', async () => {
    const points = (cells: string[]) => `Name;Punkte\n${cells.map((cell, at) => `N${at};${cell}`).join('\n')}\n`;
    const read = async (cells: string[]) => {
      org = testOrg();
      await world.import(org, points(cells), german);
      return (await world.leads(org)).map(({ custom_fields }) => custom_fields['punkte']);
    };
    expect(await read(['1.234', '1.234.567'])).toEqual([1234, 1_234_567]);
    expect(await read(['1.234', '0,5'])).toEqual([1234, 0.5]);
    expect(await read(['1,234', '0.5'])).toEqual([1234, 0.5]);
    expect(await read(['1,234', '7'])).toEqual([undefined, 7]);
  });

  it('takes what a preview says back, changed', async () => {
    const file = 'Name;Mail;Punkte;Rest\nAnna;a@b.test;1,234;x\n';
    const { mapping, kinds, formats, identity, encoding, delimiter, heading_line } = await preview(file);
    const { Rest: _, ...smaller } = mapping as Record<string, unknown>;
    const told = { ...german, mapping: smaller, kinds, identity, encoding, delimiter, heading_line };
    const done = await world.import(org, file, { ...told, formats: { ...formats, Punkte: '1.234,56' } });
    expect(done).toMatchObject({ created: 1, cells_left_out: 0, mapping: smaller });
    expect(await world.leads(org)).toMatchObject([{ contact_name: 'Anna', custom_fields: { punkte: 1.234 } }]);
  });

  it('proposes no custom field that a Member would have to add, and those that are there', async () => {
    await world.import(org, 'Name;Notiz\nAnna;x\n', german);
    const member = await world.ask(
      org,
      PreviewImport,
      { ...german, file_name: 'x.csv', whole: true, data: Buffer.from('Name;Notiz;Neu\nBo;y;z\n').toString('base64') },
      'member',
    );
    expect(targets(member)).toEqual({ Name: 'contact_name', Notiz: 'text', Neu: 'import_remarks' });
    expect((await world.ask(org, ListLeadFields, {})).items.map(({ key }) => key)).toEqual(['notiz']);
  });

  const peopleOf = async (file: string) => {
    await world.import(org, file, german);
    return (await world.leads(org)).map(({ contact_name, company }) => [contact_name, company]).sort();
  };

  it.each([
    ['Nome;Sobrenome\nJoão;da Conceição\nZé;\nMaria José;Lima\n', ['João da Conceição', 'Maria José Lima', 'Zé']],
    [
      'Nome;Sobrenome\nJoão da Conceição;da Conceição\nMaria José Lima;Lima\n',
      ['João da Conceição', 'Maria José Lima'],
    ],
    ['Vorname;Name\nJürgen;Müller\nAnne Ruth;Groß\n', ['Anne Ruth Groß', 'Jürgen Müller']],
    ['First name;Full name\nAda;Ada Lovelace\nGrace;Grace Hopper\n', ['Ada Lovelace', 'Grace Hopper']],
    ['Contact;First name;Last name\nAda Lovelace;Ada;Lovelace\n;Grace;Hopper\n', ['Ada Lovelace', 'Grace Hopper']],
  ])('takes a name in parts and as a whole for what it is: %j', async (file, expected) => {
    expect(await peopleOf(file)).toEqual(expected.map((name) => [name, null]));
  });

  it('loses no part of a name, whatever one says the columns are', async () => {
    const mapping = { Nome: 'contact_name', Sobrenome: 'last_name' };
    await world.import(org, 'Nome;Sobrenome\nJoão;da Conceição\nAna Lima;Lima\n', { ...german, mapping });
    expect((await world.leads(org)).map(({ contact_name }) => contact_name).sort()).toEqual([
      'Ana Lima',
      'João da Conceição',
    ]);
  });

  it('comes in from an address book that cuts values by colons and says of which address a place is', async () => {
    const file = [
      'First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value,Home City,Address 1 - City,Address 1 - Country',
      'Ada,Lovelace,* myContacts ::: VIP,Work,ada@example.org ::: al@example.net,+44 20 7946 0958 ::: 020 7946 0959,,London,GB',
    ].join('\n');
    const { problems } = await preview(file);
    // The second number, which says no country of its own and is not of the organization's.
    expect(problems).toBe(1);
    await world.import(org, file, german);
    expect(await world.leads(org)).toMatchObject([
      {
        email: 'ada@example.org',
        phone: '+442079460958',
        city: 'London',
        country: 'GB',
        tags: ['VIP'],
        custom_fields: {
          import_remarks: 'E-mail 1 - Value: al@example.net\nPhone 1 - Value: +44 20 7946 0958 020 7946 0959',
        },
      },
    ]);
  });

  it('reads a phone by the organization’s country, and keeps one as it is where the row names another', async () => {
    const file = [
      'Name;Telefon;Land;Notiz',
      'A;(512) 555-0142;United States;Tel',
      'B;030 123456;Deutschland;',
      'C;030 123457;Atlantis;',
      'D;030 123458;Spanien;',
      'E;+34 612 34 56 78;Spanien;',
    ].join('\n');
    const { id } = await world.import(org, file, { ...german, identity: 'none' });
    expect(await world.leads(org)).toMatchObject([
      { contact_name: 'A', phone: null, custom_fields: { import_remarks: 'Telefon: (512) 555-0142' } },
      { contact_name: 'B', phone: '+4930123456' },
      { contact_name: 'C', phone: '+4930123457' },
      { contact_name: 'D', phone: null, custom_fields: { import_remarks: 'Telefon: 030 123458' } },
      { contact_name: 'E', phone: '+34612345678' },
    ]);
    expect(await world.problems(org, id)).toMatchObject([
      { line: 2, column: 'Telefon', refused: false, problem: 'must be a phone number with the code of its country' },
      { line: 5, column: 'Telefon', refused: false },
    ]);
  });

  it('says once of how many rows nothing is there to recognize them by', async () => {
    const file = 'Name;Mail\nAnna;anna@b.test\nBo;\nCy;cy@b.test\nDi;none\n';
    const first = await world.import(org, file, { ...german, identity: 'email' });
    const told = [
      { line: 3, refused: false, problem: expect.stringMatching(/^has no address .* as 2 rows in all/) as string },
      { line: 5, column: 'Mail' },
    ];
    expect(await world.problems(org, first.id)).toMatchObject(told);
    const again = await world.import(org, file, { ...german, identity: 'email' });
    expect(again).toMatchObject({ created: 2, unchanged: 2, cells_left_out: 1 });
    const known = await world.import(org, 'Name;Mail\nAnna;anna@b.test\n', { ...german, identity: 'email' });
    expect(await world.problems(org, known.id)).toEqual([]);
    const twice = 'Name;Mail\nAl;al@b.test\nAl;al@b.test\nEve;eve@b.test\n';
    const guessed = await world.import(org, twice, german);
    expect(await world.problems(org, guessed.id)).toMatchObject([
      { line: 2, refused: false, problem: expect.stringMatching(/^is recognized by nothing, as 3 rows/) as string },
    ]);
    const said = await world.import(org, twice, { ...german, identity: 'none' });
    expect(await world.problems(org, said.id)).toEqual([]);
  });

  it('recognizes people by their addresses though one of many is there twice, and tells of that one', async () => {
    const people = Array.from({ length: 40 }, (_, n) => `P ${n};p${n === 39 ? 0 : n}@b.test`);
    const file = ['Name;Emails', ...people].join('\n');
    const first = await world.import(org, file, german);
    expect(first).toMatchObject({ identity: 'email', created: 39 });
    expect(await world.problems(org, first.id)).toMatchObject([
      { line: 41, problem: expect.stringMatching(/same address as on line 2/) as string },
    ]);
    expect(await world.import(org, file, german)).toMatchObject({ created: 0 });
  });

  it('takes no amount of another currency for one of the organization, wherever that is said', async () => {
    const file = 'Name;Betrag;Währung\nA;1.500,50;USD\nB;12.000,-;EUR\nC;5.000,-- €;\nD;7,50;chf\n';
    const { id } = await world.import(org, file, { ...german, identity: 'none' });
    const found = await world.leads(org);
    expect(found.map(({ contact_name, value_minor }) => [contact_name, value_minor]).sort()).toEqual([
      ['A', null],
      ['B', 1_200_000],
      ['C', 500_000],
      ['D', null],
    ]);
    expect((await world.problems(org, id)).map(({ line, problem }) => [line, problem])).toEqual([
      [2, 'is an amount in USD, not in EUR'],
      [5, 'is an amount in CHF, not in EUR'],
    ]);
    const unsaid = 'Name;Betrag;Kürzel\nE;1.500,50;USD\nF;12.000,00;EUR\n';
    expect(await preview(unsaid)).toMatchObject({
      rows: [{ problems: { Betrag: 'is an amount in USD, not in EUR' } }, {}],
    });
    const other = await world.import(org, unsaid, { ...german, identity: 'none' });
    expect(await world.problems(org, other.id)).toMatchObject([
      { line: 2, problem: 'is an amount in USD, not in EUR' },
    ]);
  });

  const fields = async () => (await world.ask(org, ListLeadFields, { limit: 200 })).items;
  const custom = async () => (await world.leads(org)).map(({ custom_fields }) => custom_fields);

  it('fills the fields that are labelled as its columns are, at every import, whatever letters those have', async () => {
    const lists = [
      'Email,Цвет\na@x.test,Синий\n',
      'Email,Должность,Umsatz %\na@x.test,Директор,12\n',
      'Email,Umsatz €,C,C++,#\na@x.test,5000,c,cpp,1\n',
      '備考,メールアドレス,所属\n山田,a@x.test,03-1234-5678\n',
    ];
    for (const list of lists) expect(await world.import(org, list, german)).toMatchObject({ status: 'finished' });
    const [made, kept] = [await fields(), await custom()];
    const values = Object.fromEntries(made.map(({ key, label }) => [label, kept[0]![key]]));
    expect(values).toMatchObject({
      Цвет: 'Синий',
      Должность: 'Директор',
      'Umsatz %': 12,
      'Umsatz €': '5000 EUR',
      C: 'c',
    });
    for (const list of lists)
      expect(await world.import(org, list, german)).toMatchObject({ created: 0, updated: 0, unchanged: 1 });
    expect([await fields(), await custom()]).toEqual([made, kept]);
  });

  it('fills a field of another kind, tells of cells that it cannot hold, and keeps their text', async () => {
    await world.ask(org, CreateLeadField, { key: 'size', label: 'Mitarbeiter', kind: 'number' });
    const first = await world.import(org, 'Email,Renewal,Mitarbeiter\na@x.test,2026-01-31,50\n', german);
    expect(first).toMatchObject({ cells_left_out: 0, mapping: { Mitarbeiter: 'custom_fields.size' } });
    for (let month = 0; month < 2; month++) {
      const { id } = await world.import(org, 'Email,Renewal,Mitarbeiter\na@x.test,bald,ca. 20\n', german);
      expect((await world.problems(org, id)).map(({ column }) => column)).toEqual(['Renewal', 'Mitarbeiter']);
    }
    expect((await fields()).map(({ key }) => key)).toEqual(['size', 'renewal', 'import_remarks']);
    const import_remarks = 'Renewal: bald\nMitarbeiter: ca. 20';
    expect(await custom()).toEqual([{ renewal: '2026-01-31', size: 50, import_remarks }]);
  });

  it('keeps and tells what a role may not make a field for, and leaves out what an archived field was for', async () => {
    await world.import(org, 'Email,Junk\na@x.test,old\n', german);
    const [junk] = await fields();
    await world.ask(org, UpdateLeadField, { id: junk!.id, archived: true });
    const file = 'Email,Phone,Extra,Junk,Color\na@x.test,call me,e,new,red\nb@x.test,,,new,\n';
    const data = Buffer.from(file).toString('base64');
    const request = { ...german, file_name: 'x.csv', data, whole: true };
    const seen = await world.ask(org, PreviewImport, request, 'member');
    const told = ['Phone', 'Extra', 'Junk', 'Color'].map((column) => ({
      column,
      problem: expect.stringMatching(
        column === 'Junk' ? /is archived.+left out/ : /no custom field yet.+ kept/,
      ) as string,
    }));
    expect(seen.columns.slice(1)).toMatchObject(told.map(({ problem }) => ({ note: problem })));
    expect(seen.columns.map(({ target, problems }) => [target, problems])).toEqual([
      ['email', 0],
      ['import_remarks', 1],
      ['import_remarks', 1],
      [null, 0],
      ['import_remarks', 1],
    ]);
    const done = await world.import(org, file, german, undefined, 'member');
    expect(done).toMatchObject({ created: 1, updated: 1, cells_left_out: seen.problems, mapping: seen.mapping });
    expect(seen.problems).toBe(3);
    expect(await world.problems(org, done.id)).toMatchObject(
      told.map((each) => ({ ...each, line: 1, refused: false })),
    );
    const import_remarks = 'Phone: call me\nExtra: e\nColor: red';
    expect((await custom()).filter((each) => 'junk' in each)).toEqual([{ junk: 'old', import_remarks }]);
    expect((await fields()).map(({ key }) => key)).toEqual(['junk', 'import_remarks']);
    const { mapping } = seen;
    expect(await world.import(org, file, { ...german, mapping }, undefined, 'member')).toMatchObject({ unchanged: 2 });
  });

  it('keeps, tells and counts what there is no custom field left for, the same at every import', async () => {
    const list = (name: string) => {
      const columns = Array.from({ length: 100 }, (_, at) => `${name} ${at}`);
      return [
        ['Email', ...columns],
        ['a@x.test', ...columns],
      ]
        .map((cells) => cells.join(','))
        .join('\n');
    };
    expect(await world.import(org, list('Early'), german)).toMatchObject({ created: 1, cells_left_out: 0 });
    expect(await preview(list('Late'))).toMatchObject({ problems: 1, columns: { 100: { target: 'import_remarks' } } });
    for (const result of [{ updated: 1 }, { unchanged: 1 }]) {
      const late = await world.import(org, list('Late'), german);
      expect(late).toMatchObject({ ...result, cells_left_out: 1 });
      const problem = expect.stringMatching(/^There is no custom field left .+ kept in import_remarks/) as string;
      expect(await world.problems(org, late.id)).toEqual([{ line: 1, column: 'Late 99', problem, refused: false }]);
    }
    expect(await custom()).toMatchObject([
      { early_99: 'Early 99', late_98: 'Late 98', import_remarks: 'Late 99: Late 99' },
    ]);
    expect(await fields()).toHaveLength(200);
  });

  it('keeps the extension of a phone beside its number', async () => {
    await world.import(
      org,
      'Name;Tel\nA;+1 415 555 2671 ext. 12\nB;030 123456 Durchwahl 7\nC;+49 30 123457 x8\n',
      german,
    );
    expect(
      (await world.leads(org)).map(({ phone, custom_fields }) => [phone, custom_fields['import_remarks']]).sort(),
    ).toEqual([
      ['+14155552671', 'Tel: +1 415 555 2671 ext. 12'],
      ['+4930123456', 'Tel: 030 123456 Durchwahl 7'],
      ['+4930123457', 'Tel: +49 30 123457 x8'],
    ]);
  });

  it('recognizes people by id, address or phone, tells of those who come twice, and merges no two otherwise', async () => {
    const file = 'Name;Mail;Tel\nAnna;Anna@b.test;030 123456\nBo;bo@b.test;030 123457\n';
    await world.import(org, file, { ...german, identity: 'email' });
    const more =
      'Name;Mail;Tel;Stadt\nAnna;anna@B.test;030 123456;Bonn\nCy;cy@b.test;030 123456;Ulm\nAnna;anna@b.test;;Kiel\n';
    const again = await world.import(org, more, { ...german, identity: 'email' });
    expect(again).toMatchObject({ created: 1, updated: 2 });
    expect(await world.problems(org, again.id)).toMatchObject(
      [{ line: 4, refused: false, problem: /same address as on line 2/ }].map((each) => ({
        ...each,
        problem: expect.stringMatching(each.problem) as string,
      })),
    );
    const byPhone = await world.import(org, 'Name;Tel;Stadt\nBo;+49 30 123457;Jena\n', {
      ...german,
      identity: 'phone',
    });
    expect(byPhone).toMatchObject({ created: 0, updated: 1 });
    const found = (await world.leads(org)).map(({ contact_name, city }) => [contact_name, city]);
    expect(found.sort()).toEqual([
      ['Anna', 'Kiel'],
      ['Bo', 'Jena'],
      ['Cy', 'Ulm'],
    ]);
    expect(await world.import(org, 'Name;Tel\nBo;030 123457\n', { ...german, identity: 'none' })).toMatchObject({
      created: 1,
    });
  });

  it('refuses the row of somebody else under the number of a lead, unless it is said that numbers decide', async () => {
    const first = await world.import(org, 'ID,Name,Email\n1,Alice Adams,alice@a.example\n', german);
    expect(first).toMatchObject({ created: 1, identity: 'external_id' });
    const other = 'ID,Name,Email\n1,Carol Clark,carol@c.example\n2,Bo,bo@c.example\n2,Cy,cy@c.example\n';
    expect(await preview(other)).toMatchObject({ refused: 2, rows: [{ refused: true }, {}, { refused: true }] });
    const [alice] = await world.leads(org);
    const done = await world.import(org, other, german);
    expect(done).toMatchObject({ created: 1, updated: 0, refused: 2 });
    expect(await world.problems(org, done.id)).toMatchObject(
      [2, 4].map((line) => ({ line, refused: true, problem: expect.stringContaining('in identity') as string })),
    );
    expect(await world.leads(org)).toContainEqual(alice);
    const byAddress = await world.import(org, other, { ...german, identity: 'email' });
    expect(byAddress).toMatchObject({ created: 2, unchanged: 1, refused: 0 });
    const told = await world.import(org, other.split('\n', 2).join('\n'), { ...german, identity: 'external_id' });
    expect(told).toMatchObject({ updated: 1 });
  });

  it('as exported leaves a lead what it holds and nobody else may be given: neither preview nor import tells of it', async () => {
    const choice = (key: string, kind: string) =>
      world.ask(org, CreateLeadField, { key, label: key, kind, options: ['a', 'b', 'c'] });
    const [tier, langs] = [await choice('tier', 'select'), await choice('langs', 'multi_select')];
    const settings = { mapping: { N: 'contact_name', T: 'custom_fields.tier', L: 'custom_fields.langs' } };
    await world.import(org, 'N,T,L\nAda,a,a;b\nBo,b,b\n', settings);
    const [ada, bo] = (await world.leads(org)) as [leadsMessages.Lead, leadsMessages.Lead];
    for (const { id } of [tier, langs]) await world.ask(org, UpdateLeadField, { id, options: ['b', 'c'] });
    const old = await world.ask(org, CreatePipeline, { name: 'Old' });
    await world.ask(org, MoveLead, { id: ada.id, stage_id: old.stages[0]!.id });
    await world.ask(org, UpdatePipeline, { id: old.id, archived: true });
    const before = await world.leads(org);
    const exported = (tiers: readonly string[]) =>
      [
        'id,external_id,contact_name,pipeline_id,stage_id,value_minor,custom_fields.tier,custom_fields.langs',
        ...before.map(({ id, contact_name, pipeline_id, stage_id, custom_fields: { langs } }, at) =>
          [id, '', contact_name, pipeline_id, stage_id, '', tiers[at], (langs as string[]).join('; ')].join(','),
        ),
      ].join('\n');
    const own = exported(before.map(({ custom_fields }) => String(custom_fields['tier'])));
    expect(await preview(own)).toMatchObject({ identity: 'id', problems: 0, refused: 0, rows: [{ problems: {} }, {}] });
    const done = await world.import(org, own, german);
    expect(done).toMatchObject({ unchanged: 2, updated: 0, cells_left_out: 0 });
    expect(await world.problems(org, done.id)).toEqual([]);
    expect(await world.leads(org)).toEqual(before);
    const given = exported(before.map(() => 'a'));
    expect(await preview(given)).toMatchObject({ problems: 1 });
    const again = await world.import(org, given, german);
    expect(again).toMatchObject({ unchanged: 1, updated: 1, cells_left_out: 1 });
    expect(await world.problems(org, again.id)).toMatchObject([{ column: 'custom_fields.tier', refused: false }]);
    expect((await world.leads(org)).find(({ id }) => id === bo.id)?.custom_fields['tier']).toBe('b');
  });

  it('of a shop brings each person once, tells of addresses under other ids, and joins the tags that are there', async () => {
    await world.ask(org, CreateLead, { contact_name: 'Dan', email: 'dan@x.test', external_id: 'D', tags: ['José'] });
    const file =
      'Id,Email,Currency,Total,Billing Name,Lineitem price,Tags\n' +
      '1,cara@x.test,USD,124,Cara Vogt,60,JOSE\n,cara@x.test,,,,40,\n2,DAN@x.test,EUR,20,Dan Ode,10,josé\n' +
      '3,cara@x.test,EUR,5,Cara Vogt,5,\n';
    const done = await world.import(org, file, german);
    expect(done).toMatchObject({ rows_total: 4, created: 3, updated: 1, refused: 0, cells_left_out: 0 });
    const [dan, ...others] = (await world.leads(org)).sort((a, b) =>
      String(b.external_id).localeCompare(String(a.external_id)),
    );
    expect(dan?.tags).toEqual(['José']);
    expect(
      others.map(({ external_id, custom_fields: { total, lineitem_price } }) => [external_id, total, lineitem_price]),
    ).toEqual([
      ['3', '5 EUR', '5 EUR'],
      ['2', '20 EUR', '10 EUR'],
      ['1', '124 USD', '40 USD'],
    ]);
    expect(others.map(({ tags }) => tags)).toEqual([[], ['José'], ['José']]);
    expect((await world.problems(org, done.id)).map(({ line, problem }) => [line, problem])).toEqual([
      [3, expect.stringMatching(/same person as on line 2, and changes that lead$/) as string],
      [4, `has another id than the lead ${dan?.id}, which has the same address: a second lead is made with it`],
      [5, 'has another id than line 2, which has the same address: a second lead is made with it'],
    ]);
  });

  it('of phones is told once where they are another country’s, and read with their codes where all have them', async () => {
    const french = ['01 23 45 67 89', '06.12.34.56.78', '04 91 23 45 67', '02 34 56 78 90'];
    const file = `Nom;Portable;Mobil\n${french.map((phone, at) => `Al ${at};${phone};49170123456${at}\n`).join('')}`;
    const done = await world.import(org, file, { ...german, mapping: { Nom: 'contact_name', Portable: 'phone' } });
    expect(await world.problems(org, done.id)).toMatchObject([
      { line: 1, column: 'Portable', problem: expect.stringMatching(/those of France.*Say FR in country/) as string },
      { line: 2, column: 'Portable', problem: expect.stringContaining('must be a phone number') as string },
      { line: 2, column: null, problem: expect.stringContaining('is recognized by nothing') as string },
    ]);
    await world.import(org, file, { ...german, mapping: { Nom: 'contact_name', Mobil: 'phone' }, identity: 'phone' });
    expect((await world.leads(org)).map(({ phone }) => phone)).toContain('+491701234563');
  });

  it('as exported by another organization comes in without its ids and without amounts in another currency', async () => {
    const there = testOrg();
    await world.ask(there, CreateLeadField, { key: 'saldo', label: 'Saldo', kind: 'number' });
    const lead = await world.ask(there, CreateLead, { contact_name: 'Ada', custom_fields: { saldo: 1.5 } });
    const file = (currency: string): string =>
      'id,external_id,contact_name,email,owner_id,pipeline_id,stage_id,value_minor,currency,custom_fields.saldo\n' +
      `${lead.id},,Ada,ada@x.test,,${lead.pipeline_id},${lead.stage_id},1200000,${currency},1.5\n`;
    const left = 'It has ids of another organization, whose export this is. It is left out.';
    const { columns, problems } = await preview(file('USD'));
    expect([columns.filter(({ note }) => note === left).map(({ heading }) => heading), problems]).toEqual([
      ['id', 'owner_id', 'pipeline_id', 'stage_id'],
      1,
    ]);
    const done = await world.import(org, file('USD'), german);
    expect(done).toMatchObject({ created: 1, cells_left_out: 1, identity: 'email' });
    const [brought] = await world.leads(org);
    expect(brought).toMatchObject({
      value_minor: null,
      custom_fields: { saldo: 1.5, import_remarks: 'value_minor: 12000.00 USD' },
    });
    expect(brought?.id).not.toBe(lead.id);
    expect((await world.ask(org, ListLeadFields, {})).items.map(({ key, label }) => [key, label])).toContainEqual([
      'saldo',
      'saldo',
    ]);
    expect(await world.import(org, file('EUR'), german)).toMatchObject({ created: 0, updated: 1, cells_left_out: 0 });
    expect((await world.leads(org))[0]?.value_minor).toBe(1_200_000);
  });

  it('may set stage and owner, by name', async () => {
    await joined(world.test, org, org.owner);
    const owners = [{ user_id: org.owner, name: 'Kim Muster', email: 'kim@example.com' }];
    const file = 'Name;Stage;Owner\nAnna;won;Kim Muster\nBo;Nowhere;Kim Muster\nCy;Lost;Kim Muster\n';
    const done = await world.import(org, file, { ...german, owners });
    expect(done).toMatchObject({ created: 3, cells_left_out: 1, mapping: { Stage: 'stage', Owner: 'owner' } });
    const leads = await world.leads(org);
    expect(leads.every(({ owner_id }) => owner_id === org.owner)).toBe(true);
    expect(new Set(leads.map(({ stage_id }) => stage_id)).size).toBe(3);
  });

  it('comes in without the heading again, and titles of groups, each told with its line', async () => {
    const group = 'Name,E-Mail,Ort\nAda,ada@example.org,Ulm\n';
    const file = `${group}Done,,\nName,E-Mail,Ort\nBo,bo@example.org,\nEmpty,,\nName,E-Mail,Ort\n`;
    const done = await world.import(org, file, german);
    expect(done).toMatchObject({ status: 'finished', rows_total: 2, created: 2, refused: 0, cells_left_out: 0 });
    expect((await world.problems(org, done.id)).map(({ line, problem }) => [line, problem])).toEqual([
      [3, 'is the title of a group and is left out'],
      [4, 'is the heading again and is left out'],
      [6, 'stands below the list and is left out'],
      [7, 'stands below the list and is left out'],
    ]);
  });

  it('ends where another table begins below it, which is told', async () => {
    const file =
      'Name,E-Mail,Ort\nAda,ada@example.org,Ulm\n\nVertrieb\nE-Mail,Name,Telefon\nbo@example.org,Bo,030 1234567\n';
    const told = 'begins another table, which is left out as a whole: import it by itself';
    expect(await preview(file)).toMatchObject({ rows_looked_at: 1, left_out: [{ line: 4, problem: told }] });
    const done = await world.import(org, file, german);
    expect(done).toMatchObject({ status: 'finished', rows_total: 1, created: 1, refused: 0, cells_left_out: 0 });
    expect(await world.problems(org, done.id)).toMatchObject([{ line: 4, problem: told }]);
  });

  it('comes in from SAP, with lines and sums that are told, and from a portal with area codes apart', async () => {
    const line = '-'.repeat(40);
    const sap = `${line}\n| Name | Phone | Umsatz |\n${line}\n| Ada | 030 123456 | 12.345,67 |\n| Bo | 0221 98760 | 500,00-|\n${line}\n| * | | 11.845,67 |\n${line}\n`;
    const data = Buffer.from(sap).toString('base64');
    const seen = await world.ask(org, PreviewImport, { ...german, file_name: 'x.csv', data, whole: true });
    expect(seen).toMatchObject({ delimiter: '|', heading_line: 2, refused: 0, rows_looked_at: 2 });
    expect(seen.left_out.map(({ line: at }) => at).toSorted((a, b) => a - b)).toEqual([1, 3, 6, 7, 8]);
    expect(await world.import(org, sap, german)).toMatchObject({ created: 2, refused: 0, cells_left_out: 0 });
    expect(await world.leads(org)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ contact_name: 'Bo', custom_fields: { umsatz: -500 } }) as object,
      ]),
    );
    org = testOrg();
    const portal = '"Nome,DDD,Telefone,Valor"\n"Ana,11,98765-4301,500 kr"\n"Bia,21,3333-4402,""1,50"""\n';
    const brazil = { country: 'BR', currency: 'BRL', time_zone: 'America/Sao_Paulo', value_decimals: 2 };
    const done = await world.import(org, portal, { ...brazil, identity: 'none' });
    expect(done).toMatchObject({ created: 2, cells_left_out: 1 });
    expect(await world.problems(org, done.id)).toMatchObject([
      { line: 2, column: 'Valor', problem: expect.stringMatching(/SEK, NOK, DKK or ISK/) as string },
    ]);
    const phones = (await world.leads(org)).map(({ contact_name, phone, value_minor }) => [
      contact_name,
      phone,
      value_minor,
    ]);
    expect(phones).toEqual(expect.arrayContaining([['Bia', '+552133334402', 150]]));
    expect(phones).toEqual(expect.arrayContaining([['Ana', '+5511987654301', null]]));
  });

  it('comes in from a list of WhatsApp: the country by its dial code', async () => {
    const file = 'Saved Name,Country Code,Phone Number,Formatted Phone\nAna,55,11987654321,+55 11 98765-4321\n';
    expect(await world.import(org, file, german)).toMatchObject({ created: 1, cells_left_out: 0 });
    expect(await world.leads(org)).toMatchObject([
      { contact_name: 'Ana', phone: '+5511987654321', custom_fields: { country_code: '55' } },
    ]);
  });

  it('comes in from Windows in Polish and in Japanese, a long note whole', async () => {
    const note = `${'n'.repeat(3_000)}end`;
    const polish = Buffer.from(`Imi\xea;Nazwisko;Uwagi\n\xa3ukasz;Zi\xeaba;${note}\n`, 'latin1');
    expect(await world.import(org, polish, german)).toMatchObject({ created: 1, encoding: 'windows-1250' });
    const japanese = Buffer.from('Name;E-Mail\n\x8eR\x93c\x91\xbe\x98Y;a@example.jp\n', 'latin1');
    expect(await world.import(org, japanese, german)).toMatchObject({ created: 1, encoding: 'shift_jis' });
    expect((await world.leads(org)).map(({ contact_name, custom_fields }) => [contact_name, custom_fields])).toEqual(
      expect.arrayContaining([
        ['Łukasz Zięba', { uwagi: note }],
        ['山田太郎', {}],
      ]),
    );
  });
});
