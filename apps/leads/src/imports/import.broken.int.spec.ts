import { type TestOrg, testOrg } from '@apollo/testing';
import { type ImportWorld, importWorld } from './import.world.spec.js';

const mapping = { Name: 'contact_name', Mail: 'email', Id: 'external_id' };
const heading = 'Name,Mail,Id\n';
const rows = (count: number): string =>
  Array.from({ length: count }, (_, n) => `N${n},n${n}@example.com,${n}\n`).join('');

describe('a file that is broken', () => {
  let world: ImportWorld;
  let org: TestOrg;
  beforeAll(async () => {
    world = await importWorld();
  });
  afterAll(() => world.stop());

  /** The import fails with this code and these words, and nothing of the file has come in. */
  async function fails(
    file: string | Buffer,
    code: string,
    words: RegExp,
    given: Record<string, string> = mapping,
  ): Promise<void> {
    org = testOrg();
    const done = await world.import(org, file, { mapping: given });
    expect(done).toMatchObject({ status: 'failed', error_code: code, rows_read: 0, created: 0 });
    expect(done.error_detail).toMatch(words);
    expect(await world.leads(org)).toEqual([]);
    expect(await world.test.admin('select 1 from leads.import_chunks union all select 1 from leads.due_jobs')).toEqual(
      [],
    );
  }

  // Whatever came before, the service still takes a good file.
  afterEach(async () => {
    expect(await world.import(testOrg(), `${heading}Anna,,1\n`, { mapping })).toMatchObject({
      status: 'finished',
      created: 1,
    });
  });

  it('in its encoding is refused with the line, however far down it is: elsewhere it is UTF-8', async () => {
    const mixed = Buffer.concat([
      Buffer.from(`${heading}Zoë,,y\nÄnne,,z\n${rows(30_000)}`),
      Buffer.from('Jürgen,,x\n', 'latin1'),
      Buffer.from(rows(10)),
    ]);
    await fails(mixed, 'invalid_encoding', /Line 30004 /);
  });

  it('by ending within a character is refused', async () => {
    await fails(Buffer.from(`${heading}Zoë,,1\nÜte,,2\nÄ`).subarray(0, -1), 'invalid_encoding', /Line 4 /);
  });

  it('by an image in its place is refused', async () => {
    await fails(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'invalid_encoding', /Line 1 /);
  });

  it('in its quotes is refused with the line, and rows before it stay out', async () => {
    await fails(`${heading}${rows(2_500)}"Anna,,1\n${rows(20)}`, 'invalid_csv', /line 2502 is never closed/);
  });

  it('by a line of 10 MB is refused, whatever it is made of', async () => {
    await fails(`${heading}Anna,,1\n${'x'.repeat(10_000_000)}\n`, 'invalid_csv', /line 3 is longer than 256 KiB/);
    await fails(`${heading}Anna,,1\n${','.repeat(2_000_000)}\n`, 'invalid_csv', /line 3 is longer than 256 KiB/);
    await fails(`${heading}Anna,,1\n"${'x\n'.repeat(1_000_000)}"\n`, 'invalid_csv', /line 3 is longer than 256 KiB/);
    await fails(`${heading}${' '.repeat(2_000_000)}\n`, 'invalid_csv', /line 2 is longer than 256 KiB/);
    await fails('x'.repeat(2_000_000), 'invalid_csv', /line 1 is longer than 256 KiB/);
  });

  it('by more lines than two million is refused, however few rows are among them', async () => {
    await fails(`${heading}${rows(3)}${'\n'.repeat(2_000_000)}`, 'invalid_csv', /more than 2,000,000 lines/);
  });

  it('by a missing column, or by too many, is refused by the name of the column', async () => {
    await fails(`Name,E-Mail,Id\n${rows(3)}`, 'missing_column', /"Mail"/);
    await fails(`${'a,'.repeat(1_000)}Name,Mail,Id\n`, 'invalid_csv', /more than 1000 columns/);
  });

  it('by being empty is refused', async () => {
    for (const file of ['', '\uFEFF', '\n', '\r\n\r\n  \n']) await fails(file, 'invalid_csv', /empty/);
  });

  it('only by having no rows is no failure', async () => {
    for (const file of ['Name,Mail,Id', '\uFEFFName,Mail,Id\r\n']) {
      expect(await world.import(testOrg(), file, { mapping })).toMatchObject({
        status: 'finished',
        rows_total: 0,
        rows_read: 0,
      });
    }
    const noted = await world.import(testOrg(), 'About\nName,Mail,Id\n', { mapping, heading_line: 2 });
    expect(noted).toMatchObject({ status: 'finished', rows_total: 0, rows_read: 0 });
  });

  it('in every single row has all rows counted and the first 10,000 problems listed', async () => {
    org = testOrg();
    const done = await world.import(org, `${heading}${',no address,\n'.repeat(25_000)}`, { mapping });
    expect(done).toMatchObject({ status: 'finished', rows_read: 25_000, refused: 25_000 });
    expect(
      await world.test.admin('select count(*)::int as noted from leads.import_errors where import_id = $1', [done.id]),
    ).toEqual([{ noted: 10_000 }]);
  });

  it('with control characters, NUL included, has those cells left out, and rows refused that nothing else names', async () => {
    org = testOrg();
    const done = await world.import(org, `${heading}A\u0000,,1\nB\u0007,,\nC\u200D\u{1F600},,3\n`, {
      mapping: { ...mapping },
    });
    expect(done).toMatchObject({ status: 'finished', created: 2, refused: 1, cells_left_out: 1 });
    expect((await world.leads(org)).map(({ contact_name }) => contact_name)).toEqual(['1', 'C\u200D\u{1F600}']);
  });
});
