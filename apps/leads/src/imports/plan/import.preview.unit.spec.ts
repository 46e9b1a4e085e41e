import type { leadsMessages } from '@apollo/contracts';
import { type HandledMessage, handling, jsonBytes, PAGE_BYTES } from '@apollo/messaging';
import { testOrg, type TestOrg } from '@apollo/testing';
import type { FieldRepository } from '../../fields/field.repository.js';
import { FileQueue } from '../file.queue.js';
import { OPEN_IMPORTS, SAMPLE_RECORDS } from '../import.limits.js';
import type { ImportRepository } from '../import.repository.js';
import { turnsDuring } from '../others.turns.spec.js';
import { ReferenceResolver } from '../rows/reference.resolver.js';
import type { ImportDestination } from '../import.destination.js';
import type { ReferenceRepository } from '../rows/reference.repository.js';
import type { RowRepository } from '../rows/row.repository.js';
import { ImportPlanner } from './import.planner.js';
import { ImportPreviewer } from './import.preview.js';

const fields = { all: () => Promise.resolve([]) } as unknown as FieldRepository;
const references = {
  resolver: () => Promise.resolve(new ReferenceResolver('p', [], [], new Set())),
} as unknown as ReferenceRepository;
const destination = { pipeline: () => Promise.resolve('p') } as unknown as ImportDestination;
const nobody = () => Promise.resolve([]);
const rows = { known: nobody, addressed: nobody } as unknown as RowRepository;
const planner = new ImportPlanner({} as ImportRepository, fields, references);

const HEADING = 'Name\n';

describe('a preview', () => {
  let previewer: ImportPreviewer;
  beforeEach(() => (previewer = new ImportPreviewer(planner, fields, destination, rows, new FileQueue())));

  const preview = (
    file: string | Buffer,
    org: TestOrg = testOrg(),
    settings: leadsMessages.ImportSettings = {},
  ): Promise<leadsMessages.ImportPreview> => {
    const data = Buffer.from(file).toString('base64');
    return org.as(() => previewer.preview({ file_name: 'x.csv', data, whole: true, ...settings }));
  };

  it('looks at no more rows than tell how a file is read, and says at how much', async () => {
    const found = await preview(HEADING + 'a\n'.repeat(260_000));
    expect(found).toMatchObject({
      mapping: { Name: 'contact_name' },
      whole: false,
      rows_looked_at: SAMPLE_RECORDS - 1,
      bytes_looked_at: HEADING.length + 2 * (SAMPLE_RECORDS - 1),
    });
  });

  it('is the whole file’s where that has as many', async () => {
    const file = HEADING + 'a\n'.repeat(SAMPLE_RECORDS - 1);
    expect(await preview(file)).toMatchObject({
      whole: true,
      rows_looked_at: SAMPLE_RECORDS - 1,
      bytes_looked_at: file.length,
    });
  });

  it('waits for those of its own organization that came before, a few at most, and for no other', async () => {
    const org = testOrg();
    const ended: string[] = [];
    const end = (name: string) => (): void => void ended.push(name);
    const long = HEADING + 'a\n'.repeat(SAMPLE_RECORDS);
    const first = preview(long, org).then(end('first'));
    const others = Array.from({ length: OPEN_IMPORTS }, (_, at) => preview('Name\na\n', org).then(end(`next ${at}`)));
    await expect(preview('Name\na\n', org)).rejects.toMatchObject({ code: 'rate_limited' });
    await preview('Name\na\n').then(end('of another'));
    await Promise.all([first, ...others]);
    expect(ended).toEqual(['of another', 'first', ...others.map((_, at) => `next ${at}`)]);
    await expect(preview('Name', org)).resolves.toMatchObject({ rows_looked_at: 0 });
  });

  it('ends with whoever waits for it', async () => {
    const message = { envelope: { expiresAt: Date.now() } } as HandledMessage;
    const late = handling(message, () => preview(HEADING + 'a\n'.repeat(SAMPLE_RECORDS)));
    await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
  });

  it('gives others their turn between few cells, whatever a file is made of', async () => {
    const cells = Array.from({ length: 500 }, (_, at) => `c${at}`).join();
    const turns = await turnsDuring(() => preview(`Name,${cells}\n${`a,${cells}\n`.repeat(100)}`));
    // One for a column, and three for a thousand cells.
    expect(turns).toBeGreaterThan(500 + (3 * 500 * 100) / 1_000);
  });

  it('tells of cells beyond the bounded number of them, also where the row has no others', async () => {
    const beyond = (first: string): string => `${first}${','.repeat(3_000)}x,y\n`;
    const { rows: shown } = await preview(`Name,City\nBo,Ulm${','.repeat(3_000)}\n${beyond('Ada')}${beyond('')}`);
    expect(shown.map(({ refused, problems }) => [refused, problems])).toEqual([
      [false, {}],
      [true, { row: 'has more than 1000 cells, the heading 2' }],
      [true, { row: 'has more than 1000 cells, the heading 2' }],
    ]);
  });

  it('is cut to what a message carries: to fewer rows, whose problems are counted all the same', async () => {
    const headings = Array.from({ length: 100 }, (_, at) => `${'漢'.repeat(190)}${at}`);
    const mapping = Object.fromEntries(headings.map((heading, at) => [heading, `custom_fields.k${at}`]));
    const kinds = Object.fromEntries(headings.map((_, at) => [`k${at}`, 'number']));
    const settings = { mapping, kinds, default_contact_name: 'N', heading_line: 1 };
    const file = `${headings.join()}\n${`${headings.map(() => 'x').join()}\n`.repeat(20)}`;
    const found = await preview(file, testOrg(), settings);
    expect(found).toMatchObject({ rows_looked_at: 20, problems: 2_000 });
    expect(found.rows.length).toBeGreaterThan(5);
    expect(found.rows.length).toBeLessThan(20);
    expect(found.columns[99]).toMatchObject({ samples: ['x'], problems: 20 });
    expect(jsonBytes(found)).toBeLessThanOrEqual(PAGE_BYTES);
  });

  it('is cut to what a message carries: to no samples where its columns have too many', async () => {
    const cells = (text: string): string => Array.from({ length: 1_000 }, (_, at) => text + String(at)).join();
    const rows = Array.from({ length: 3 }, (_, n) => cells(`${n}${'é'.repeat(98)}`));
    const file = Buffer.from(`${cells('é'.repeat(120))}\n${rows.join('\n')}\n`, 'latin1');
    const found = await preview(file, testOrg(), { encoding: 'windows-1252', default_contact_name: 'N' });
    expect(found).toMatchObject({ rows_looked_at: 3, rows: { length: 3 } });
    expect(found.columns).toHaveLength(1_000);
    expect(found.columns.filter(({ samples }) => samples.length > 0)).toEqual([]);
    expect(jsonBytes(found)).toBeLessThanOrEqual(PAGE_BYTES);
  });

  it('tells of a column why it is not what its heading says, and that it may be in another encoding', async () => {
    const noteOf = async (file: string): Promise<unknown> =>
      (await preview(Buffer.from(file, 'latin1'))).columns.find(({ note }) => note !== null);
    expect(await noteOf('Name,Phone\nAda,none\n')).toMatchObject({
      heading: 'Phone',
      note: expect.stringContaining('only 0 of its 1 cells') as string,
    });
    expect(await noteOf('Name,City\nAda,Orl\x8eans\n')).toMatchObject({
      heading: 'City',
      note: expect.stringContaining('another encoding') as string,
    });
    expect(await noteOf('Name,City\nM\x81ller,K\x94ln\n')).toMatchObject({
      heading: 'Name',
      note: expect.stringContaining('read as cp850') as string,
    });
    await expect(noteOf('Name,City\nM\x81Z,Ulm\n')).rejects.toMatchObject({ code: 'invalid_encoding' });
    await expect(noteOf(`Name\n${Buffer.from('Zoë').toString('latin1')}\nJ\xfcrgen\n`)).rejects.toMatchObject({
      detail: expect.stringMatching(/^Line 3 is not UTF-8/) as string,
    });
  });

  it('of a beginning in ASCII says nothing of the letters behind it: its encoding, sent back, is found out', async () => {
    const planned = (said: string | undefined, head: string): Promise<string> => {
      const imports = { settings: () => Promise.resolve({ encoding: said }) } as unknown as ImportRepository;
      const sample = { bytes: Buffer.from(head), whole: false };
      const plan = testOrg().as(() =>
        new ImportPlanner(imports, fields, references).planOf('i', sample, 'windows-1252'),
      );
      return plan.then(({ dialect }) => dialect.encoding);
    };
    expect(await planned('utf-8', 'Name\nAda\nBo\n')).toBe('windows-1252');
    expect(await planned('utf-8', 'Name\nZoë\nBo\n')).toBe('utf-8');
    expect(await planned('windows-1250', 'Name\nAda\nBo\n')).toBe('windows-1250');
  });

  const notes = async (file: string, settings?: leadsMessages.ImportSettings): Promise<unknown> => {
    const { columns, identity } = await preview(file, testOrg(), settings);
    return { identity, ...Object.fromEntries(columns.map(({ heading, note }) => [heading, note])) };
  };

  it('tells of columns that a mapping leaves out, and recognizes rows by what it names', async () => {
    const file = 'Name,E-mail,Ort,Farbe\nAda,a@b.test,Ulm,rot\n';
    expect(await notes(file, { mapping: { Name: 'contact_name', 'E-mail': 'email' } })).toEqual({
      identity: 'email',
      Name: null,
      'E-mail': null,
      Ort: 'The mapping does not name this column: it is left out. By its heading it is city.',
      Farbe: 'The mapping does not name this column: it is left out.',
    });
    expect(await notes(file, { mapping: { Name: 'contact_name' } })).toMatchObject({
      identity: 'none',
      'E-mail': expect.stringContaining('By its heading it is email.') as string,
    });
  });

  it('tells why rows are recognized by nothing, unless that was said', async () => {
    const file = 'Badge;Name;E-Mail\n1;Al;a@b.test\n1;Al;a@b.test\n2;Eve;e@b.test\n';
    const told = expect.stringMatching(/recognized by nothing.*Say email in identity/) as string;
    expect(await notes(file)).toMatchObject({ identity: 'none', 'E-Mail': told });
    for (const identity of ['none', 'email'] as const)
      expect(await notes(file, { identity })).toMatchObject({ identity, 'E-Mail': null });
    // Where there are no addresses, none is there again.
    for (const rows of ['', '1;Al;\n', '1;Al;-\n2;Bo;n/a\n'])
      expect(await notes(`Badge;Name;E-Mail\n${rows}`)).toMatchObject({ identity: 'none', 'E-Mail': null });
  });

  it('tells what leads are called by where no column is a name', async () => {
    const told = expect.stringMatching(/^No column is a name/) as string;
    expect(await notes('Firma,E-Mail\nAcme,a@b.test\n')).toMatchObject({ Firma: told, 'E-Mail': null });
    expect(await notes('Nr,Kontaktweg\n1,a@b.test\n')).toMatchObject({ identity: 'email', Kontaktweg: told });
    expect(await notes('ID,Stadt\n7,Ulm\n')).toMatchObject({ ID: told });
    expect(await notes('ID,Stadt\n7,Ulm\n', { default_contact_name: 'X' })).toMatchObject({ ID: null });
    expect(await notes('Nachname,E-Mail\nDoe,a@b.test\n')).toMatchObject({
      Nachname: expect.stringMatching(/^No column is the first name/) as string,
      'E-Mail': null,
    });
    expect(await notes('Vorname,Rufzeichen\nJo,DL1\n')).toMatchObject({
      Vorname: expect.stringMatching(/^No column is the last name/) as string,
    });
    expect(await notes('Vorname,Nachname\nJo,Doe\n')).toMatchObject({ Vorname: null, Nachname: null });
  });

  it('leaves out headings that come again and titles of groups, tells each line, and counts none as a row', async () => {
    const group = 'Name,E-Mail,Ort\nAda,a@b.test,Ulm\n';
    const found = await preview(`${group}Done,,\n${group}Empty,,\nName,E-Mail,Ort\n`);
    expect(found).toMatchObject({ rows_looked_at: 2, refused: 0, problems: 0 });
    expect(found.rows.map(({ line, problems }) => [line, problems])).toEqual([
      [2, {}],
      [5, {}],
    ]);
    expect(found.left_out.map(({ line, problem }) => [line, problem])).toEqual([
      [3, 'is the title of a group and is left out'],
      [4, 'is the heading again and is left out'],
      [6, 'stands below the list and is left out'],
      [7, 'stands below the list and is left out'],
    ]);
  });

  it('tells of dates of nothing but zeros, and of numbers of days', async () => {
    expect(await notes('Name,Geburtsdatum\nAda,00.00.0000\nBo,45356\n')).toMatchObject({
      Geburtsdatum:
        'Numbers are read as the days that spreadsheets count: 45356 is 2024-03-05. Dates of nothing but zeros count as empty.',
    });
  });

  it('takes the name below a company in a heading of two lines for the company', async () => {
    const file =
      'Contact,,,,Company,,\nFirst Name,Last Name,Email,Phone,Name,City,Website\n' +
      'Tom,Riley,tom@riley.test,020 7946 0958,Riley Ltd,London,riley.test\n';
    const { rows } = await preview(file, testOrg(), { country: 'GB' });
    expect(rows[0]).toMatchObject({ lead: { contact_name: 'Tom Riley', company: 'Riley Ltd', city: 'London' } });
  });

  it('takes further items of an order for the person of the row above, in the currency of that, and says so', async () => {
    const file =
      'Name,Email,Currency,Subtotal,Shipping,Taxes,Total,Billing Name,Lineitem name,Lineitem price,Id\n' +
      '#1001,cara@x.test,USD,100,5,19,124,Cara Vogt,Pen,60,7001\n#1001,cara@x.test,,,,,,,Ink,40,\n' +
      '#1002,dan@x.test,EUR,10,5,5,20,Dan Ode,Pen,10,7002\n#1003,,EUR,1,1,1,1,,Pen,1,\n';
    const found = await preview(file, testOrg(), { currency: 'EUR', country: 'DE' });
    const custom = (name: string, of = 0) => found.rows[of]?.custom_fields[name];
    expect(['subtotal', 'shipping', 'taxes', 'total'].map((name) => custom(name))).toEqual([
      '100 USD',
      '5 USD',
      '19 USD',
      '124 USD',
    ]);
    expect(custom('lineitem_price', 1)).toBe('40 USD');
    expect(found.rows.map(({ lead }) => lead['external_id'])).toEqual(
      ['7001', '7001', '7002', undefined].slice(0, found.rows.length),
    );
    expect(found.rows[1]?.problems).toEqual({
      row: 'has neither an id nor a name, and the address of the row above: it is the same person as on line 2, and changes that lead',
    });
    expect(found.columns.find(({ heading }) => heading === 'Email')?.note).toMatch(
      /^One row goes on with the person of the row above/,
    );
  });

  it('takes further items of orders without ids for the person of the row above, however many orders have some', async () => {
    const orders = Array.from(
      { length: 10 },
      (_, at) => `#${at},p${at}@x.test,USD,P ${at},Mug\n#${at},P${at}@x.test,,,Plate\n`,
    );
    const found = await preview(`Name,Email,Currency,Billing Name,Lineitem name\n${orders.join('')}`);
    expect(found).toMatchObject({ identity: 'email', refused: 0 });
    const address = found.columns.find(({ heading }) => heading === 'Email');
    expect(address?.note).toMatch(/^10 rows go on with the person of the row above/);
    expect(found.rows[1]?.problems['row']).toMatch(/it is the same person as on line 2, and changes that lead$/);
    // Named rows with the same addresses are people who share them.
    const shared = orders.join('').replaceAll(',,,Plate', ',,Al,Plate');
    expect(await preview(`Name,Email,Currency,Billing Name,Lineitem name\n${shared}`)).toMatchObject({
      identity: 'none',
    });
  });

  it.each([
    ['Company', 'Organization'],
    ['Company', 'Company Name'],
    ['Company', 'Company 2'],
    ['Company', 'Account Name'],
    ['Account', 'Company'],
    ['Associated Company', 'Company name'],
    ['Firma', 'Unternehmen'],
    ['Empresa', 'Compañía'],
    ['Empresa', 'Organização'],
    ['Société', 'Entreprise'],
    ['Company', 'Person - Organization'],
    ['Deal - Organization', 'Person - Organization'],
  ])('fills the company by %s and %s, where hardly any row has two', async (one, other) => {
    const heading = `${one};${other};Name\n`;
    const { mapping, rows } = await preview(`${heading};B Inc;Anna\nA Inc;;Bernd\nC Inc;c inc;Cleo\n`);
    expect(mapping).toEqual({ [one]: 'company', [other]: 'company', Name: 'contact_name' });
    expect(rows.map(({ lead }) => lead['company'])).toEqual(['B Inc', 'A Inc', expect.stringMatching(/^c inc$/i)]);
    const two = await preview(`${heading};B Inc;Anna\nA Inc;X Inc;Bernd\nC Inc;Y Inc;Cleo\n`);
    expect(Object.values(two.mapping).filter((target) => target === 'company')).toHaveLength(1);
  });

  it('decides without the apostrophes of cells what columns are, and with them where figures are kept text', async () => {
    const kinds = async (...cells: string[]) => {
      const { kinds, columns, problems } = await preview(`Name,M\n${cells.map((cell) => `Al,${cell}\n`).join('')}`);
      return [kinds['m'], columns[1]?.note, problems];
    };
    expect(await kinds("'-3 EUR", '5 EUR', '6 EUR', '7 EUR', '8 EUR')).toEqual(['money', null, 0]);
    expect(await kinds("'-3 EUR", "'-5 EUR")).toEqual(['money', null, 0]);
    expect(await kinds("'-3", "'-5", '7')).toEqual(['number', null, 0]);
    expect(await kinds('"\'-1.234,50"', '"\'-2,50"')).toEqual(['number', null, 0]);
    expect(await kinds("'2024-05-03", "'2024-05-04")).toEqual(['date', null, 0]);
    expect(await kinds("'10001", '10002')).toEqual(['text', 'It is text for the apostrophes before its figures.', 0]);
    const ours = 'id,external_id,contact_name,pipeline_id,stage_id,value_minor,custom_fields.konto,custom_fields.m\n';
    const exported = await preview(`${ours},,Al,,,,'-3,'-5 EUR\n,,Bo,,,,'-5,'-7.50 EUR\n`);
    expect(exported).toMatchObject({ kinds: { konto: 'number', m: 'money' }, problems: 0 });
    expect(exported.rows.map(({ custom_fields }) => custom_fields)).toEqual([
      { konto: -3, m: '-5 EUR' },
      { konto: -5, m: '-7.50 EUR' },
    ]);
    const { rows, mapping } = await preview(
      "Name,Kontakt,Billing Zip\nAl,'+4930123456,'E1 6AN\nBo,'0171 1234567,'10001\n",
    );
    expect(mapping).toMatchObject({ Kontakt: 'phone' });
    expect(rows.map(({ custom_fields }) => custom_fields['billing_zip'])).toEqual(['E1 6AN', '10001']);
  });

  it('tells of addresses that leads have under other ids, here or earlier in the file', async () => {
    const known = { id: 'other', email: 'ada@x.test', external_id: 'A' };
    const addressed = (): Promise<object[]> => Promise.resolve([known]);
    const repository = { known: nobody, addressed } as unknown as RowRepository;
    previewer = new ImportPreviewer(planner, fields, destination, repository, new FileQueue());
    const file = 'Lead ID,Name,Email\n1,Ada,ADA@x.test\n2,Bo,bo@x.test\n3,Bo B,bo@x.test\n';
    const found = await preview(file);
    expect(found.rows.map(({ problems }) => problems['row'])).toEqual([
      'has another id than the lead other, which has the same address: a second lead is made with it',
      undefined,
      'has another id than line 3, which has the same address: a second lead is made with it',
    ]);
    expect(await notes(file)).toMatchObject({
      Email: expect.stringMatching(/^2 rows have an address that is there/) as string,
    });
  });

  const phones = (cells: readonly string[], more = ''): string =>
    `Nom;Tél. bureau${more && ';Pays'}\n${cells.map((cell, at) => `Al ${at};${cell}${more && `;${more}`}\n`).join('')}`;
  const french = ['01 23 45 67 89', '06.12.34.56.78', '04 91 23 45 67', '02 34 56 78 90', '05-61-23-45-67'];

  it('tells where phones seem to be those of another country, which one, and what to say', async () => {
    const told = expect.stringMatching(/^Its numbers seem to be those of France\..*Say FR in country\.$/) as string;
    expect(await notes(phones(french), { country: 'DE' })).toMatchObject({ 'Tél. bureau': told });
    for (const country of ['FR', 'GB'])
      expect(await notes(phones(french), { country })).toMatchObject({
        'Tél. bureau': country === 'FR' ? null : (expect.stringContaining('Say FR in country') as string),
      });
    // Where each row says its country, or there are few numbers, nothing is to be said.
    expect(await notes(phones(french, 'France'), { country: 'DE' })).toMatchObject({ 'Tél. bureau': null });
    expect(await notes(phones(french.slice(0, 2)), { country: 'DE' })).toMatchObject({ 'Tél. bureau': null });
    const american = ['(512) 555-0142', '212-555-0199', '(305) 555-0101', '617-555-0134'];
    expect(await notes(phones(american), { country: 'DE' })).toMatchObject({
      'Tél. bureau': expect.stringMatching(
        /^Its numbers seem to be those of the United States\..*Say US in country/,
      ) as string,
    });
  });

  it.each([
    ['DE', ['030 123456', '0171 1234567', '0351 987654', '0221/123450', '0171 12 34 567']],
    ['DE', ['030123456', '01711234567', '0351987654', '0221123450']],
    ['GB', ['020 7946 0958', '07400 123456', '0161 496 0000', '01632 960001']],
    ['BR', ['(11) 98765-4321', '(21) 3333-4444', '11 98765 4321', '(31) 99999-8888']],
    ['US', ['(212) 555-0199', '212-555-0198', '2125550197', '212.555.0196']],
  ])('says nothing of phones of its own country: %s %j', async (country, cells) => {
    expect(await notes(phones(cells), { country })).toMatchObject({ 'Tél. bureau': null });
  });

  it('keeps what could be no number of the country as text, though it is as long as one', async () => {
    const { rows: shown } = await preview(phones(['01 23 45 67 89']), testOrg(), { country: 'DE' });
    expect(shown[0]?.lead['phone']).toBeUndefined();
    expect(shown[0]?.problems).toMatchObject({ 'Tél. bureau': expect.stringContaining('not DE') as string });
  });

  it.each([
    ['DE', ['491701234567', '4930123456'], '+491701234567'],
    ['DE', ['33612345678', '447400123456', '491701234567'], '+33612345678'],
    ['US', ['5511987654321', '491701234567', '447400123456'], '+5511987654321'],
  ])(
    'reads phones with the codes of their countries and no plus where all are so: %s %j',
    async (country, cells, first) => {
      const found = await preview(phones(cells), testOrg(), { country });
      expect(found.rows[0]?.lead['phone']).toBe(first);
      expect(found.problems).toBe(0);
      expect(found.columns[1]?.note).toBe(
        `Its numbers have the codes of their countries, without a plus: ${cells[0]} is ${first}.`,
      );
    },
  );

  it('takes no plus for granted where numbers are those of its country, or too few show it', async () => {
    for (const cells of [
      ['491701234567', '030 123456', '0171 1234567'],
      ['33612345678'],
      ['1701234567', '1711234567', '1721234567'],
    ]) {
      const found = await preview(phones(cells), testOrg(), { country: 'DE' });
      expect(found.columns[1]?.note ?? '').not.toContain('without a plus');
    }
  });
});
