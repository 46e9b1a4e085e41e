import { type leadsMessages, PreviewImport, SaveImportMapping } from '@apollo/contracts';
import { type TestOrg, testOrg } from '@apollo/testing';
import { type ImportWorld, importWorld } from './import.world.spec.js';

const german = { country: 'DE', currency: 'EUR', time_zone: 'Europe/Berlin', value_decimals: 2 };

describe('the formats of a file', () => {
  let world: ImportWorld;
  let org: TestOrg;
  beforeAll(async () => {
    world = await importWorld();
  });
  beforeEach(() => {
    org = testOrg();
  });
  afterAll(() => world.stop());

  const asked = (file: string, more: Partial<leadsMessages.PreviewImportRequest> = {}) => ({
    ...german,
    file_name: 'x.csv',
    data: Buffer.from(file).toString('base64'),
    whole: true,
    ...more,
  });
  const preview = (file: string, more?: Partial<leadsMessages.PreviewImportRequest>) =>
    world.ask(org, PreviewImport, asked(file, more));
  const refusal = (file: string, more: Partial<leadsMessages.PreviewImportRequest>): Promise<unknown> =>
    preview(file, more).then(
      () => 'was answered',
      (error: unknown) => error,
    );

  it('that only the organization’s country makes likely are proposed with the reason, and taken only when they are said', async () => {
    const file = 'Name;Betrag;Seit\nAnna;12.000 €;03/04/2024\n';
    const seen = await preview(file);
    expect(seen).toMatchObject({
      formats: { Betrag: '1.234,56', Seit: 'day-month-year' },
      rows: [{ lead: { value_minor: 1_200_000 }, custom_fields: { seit: '2024-04-03' }, problems: {} }],
      columns: [
        { heading: 'Name', note: null },
        { heading: 'Betrag', format: '1.234,56', note: expect.stringMatching(/as is usual in Germany/) as string },
        { heading: 'Seit', format: 'day-month-year', note: expect.stringMatching(/as is usual in Germany/) as string },
      ],
    });
    const bare = await world.import(org, file, { ...german, identity: 'none' });
    expect(bare).toMatchObject({ created: 1, cells_left_out: 2 });
    expect(await world.problems(org, bare.id)).toMatchObject([
      { column: 'Betrag', problem: expect.stringMatching(/say "1,234.56" or "1.234,56" .* in formats$/) as string },
      {
        column: 'Seit',
        problem: expect.stringMatching(/"day-month-year" or "month-day-year" .* in formats$/) as string,
      },
    ]);
    org = testOrg();
    expect(await world.import(org, file, { ...german, formats: seen.formats })).toMatchObject({ cells_left_out: 0 });
    expect(await world.leads(org)).toMatchObject([{ value_minor: 1_200_000, custom_fields: { seit: '2024-04-03' } }]);
    expect((await preview(file, { country: 'US' })).formats).toEqual({ Seit: 'month-day-year' });
  });

  it('hold dates with a time of day, which is told where it is left out', async () => {
    const file = 'Name,Called,Met,Create Date\nAda,2024-03-05 14:30,5-mar-2024,2024-03-05 14:30\n';
    expect(await preview(file)).toMatchObject({
      kinds: { called: 'date', met: 'date' },
      problems: 0,
      columns: [
        {},
        { note: expect.stringMatching(/times of day are left out/) as string },
        { note: null },
        { note: null },
      ],
    });
    await world.import(org, file, german);
    expect(await world.leads(org)).toMatchObject([
      { custom_fields: { called: '2024-03-05', met: '2024-03-05' }, created_at: '2024-03-05T13:30:00.000Z' },
    ]);
    org = testOrg();
    expect(await preview(file, { kinds: { called: 'text' } })).toMatchObject({
      columns: [{}, { kind: 'text', note: null }, {}, {}],
      rows: [{ custom_fields: { called: '2024-03-05 14:30' } }],
    });
  });

  it('hold years of another calendar where they are usual, which is told, and none elsewhere', async () => {
    const file = 'Name,Since\nAnna,25/03/2567\nBo,05/03/2567\n';
    const thai = { country: 'TH', currency: 'THB', time_zone: 'Asia/Bangkok', value_decimals: 2 };
    expect(await preview(file, thai)).toMatchObject({
      kinds: { since: 'date' },
      columns: [{}, { note: expect.stringMatching(/another calendar: 25\/03\/2567 is 2024-03-25/) as string }],
      rows: [{ custom_fields: { since: '2024-03-25' } }, { custom_fields: { since: '2024-03-05' } }],
    });
    expect(await world.import(org, file, thai)).toMatchObject({ created: 2, cells_left_out: 0 });
    org = testOrg();
    expect(await world.import(org, file, german)).toMatchObject({ created: 2, cells_left_out: 2 });
    expect((await world.leads(org)).map(({ custom_fields }) => Object.keys(custom_fields))).toEqual([
      ['import_remarks'],
      ['import_remarks'],
    ]);
  });

  it('are refused for columns that there are not, as kinds and options are for fields that there are not', async () => {
    const file = 'Name;Punkte;Seit\nAnna;1,5;1.2.2024\n';
    const more = {
      formats: { Points: '1,234.56', Seit: '1.234,56', Punkte: '1.234,56' },
      kinds: { Punkte: 'number', seit: 'date' },
      options: { tier: ['gold'] },
    };
    const told = {
      code: 'missing_column',
      fields: ['formats.Points', 'formats.Seit', 'kinds.Punkte', 'options.tier'].map((field) => ({
        field,
        problem: expect.any(String) as string,
      })),
    };
    expect(await refusal(file, more)).toMatchObject(told);
    const failed = await world.import(org, file, { ...german, ...more });
    expect(failed).toMatchObject({ status: 'failed', error_code: 'missing_column' });
    expect(failed.error_detail).toMatch(/formats\.Points: the file has no such column/);
    // Whoever leaves a column out need not leave out what a preview said of it.
    const left = { mapping: { Name: 'contact_name' }, kinds: { punkte: 'number' }, formats: { Punkte: '1.234,56' } };
    expect(await world.import(org, file, { ...german, ...left })).toMatchObject({ created: 1 });
    await world.ask(org, SaveImportMapping, { name: 'Fair', ...more, mapping: { Points: 'contact_name' } });
    expect(await refusal(file, { saved_mapping: 'Fair' })).toMatchObject({ code: 'missing_column' });
    expect(await preview(file, { saved_mapping: 'Fair', mapping: { Name: 'contact_name' } })).toMatchObject({
      refused: 0,
    });
  });

  it('of a list without a heading are found where one says so, which a refusal tells of', async () => {
    const bare = 'Ida Roth,ida@example.org\nJan Olsen,jan@example.org\n';
    expect(await refusal(bare, {})).toMatchObject({
      code: 'validation_failed',
      fields: [{ field: 'mapping', problem: expect.stringMatching(/heading_line: 0/) as string }],
    });
    expect(await refusal(bare, { mapping: { 'Column 1': 'contact_name' } })).toMatchObject({
      code: 'missing_column',
      detail: expect.stringMatching(/A list without a heading says heading_line: 0\./) as string,
    });
    expect(await refusal(bare, { mapping: { Name: 'contact_name' }, heading_line: 0 })).toMatchObject({
      code: 'missing_column',
      detail: expect.stringMatching(/columns are called Column 1/) as string,
    });
  });

  it('are not found where the file is broken, of which a preview tells as the import does', async () => {
    const broken = 'Name,City\nAnna,Ulm\n"Bo\nthe elder","Jena\nCy,Kiel\n';
    const told = { code: 'invalid_csv', detail: 'The quote opened on line 4 is never closed.' };
    expect(await refusal(broken, {})).toMatchObject(told);
    expect(await world.import(org, broken, german)).toMatchObject({
      status: 'failed',
      error_code: told.code,
      error_detail: told.detail,
    });
    // Of a file that goes on, the end of what was looked at is no fault.
    expect(await preview(broken, { whole: false })).toMatchObject({ rows_looked_at: 1, refused: 0 });
    const long = `Name,City\nAnna,Ulm\n"Bo,Jena\n${'Cy,Kiel\n'.repeat(40_000)}`;
    expect(await refusal(long, { whole: false })).toMatchObject({
      code: 'invalid_csv',
      detail: expect.stringMatching(/on line 3 .* Is a quote missing\?/) as string,
    });
    const latin = Buffer.from('Name\nAnna\nJ\xfcrgen\n', 'latin1').toString('base64');
    expect(await refusal('', { data: latin, encoding: 'utf-8' })).toMatchObject({ code: 'invalid_encoding' });
  });
});
