import fc from 'fast-check';
import { COLUMNS } from '../import.limits.js';
import { type CsvRecord, csvRecords } from './csv.records.js';

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, options: { delimiter?: string; size?: number } = {}): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  const { delimiter = ',', size = 1000 } = options;
  for await (const record of csvRecords(pieces(text, size), { encoding: 'utf-8', delimiter })) records.push(record);
  return records;
}

const cells = async (...args: Parameters<typeof read>): Promise<(readonly string[])[]> =>
  (await read(...args)).map((record) => record.cells);

/** A cell as any spreadsheet would write it. */
const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
// Blanks around an unquoted cell are no part of it, and a CR inside one would be a line end of its own.
const cell = fc
  .string({
    unit: fc.constantFrom('a', 'ü', '\u{1F600}', ',', ';', '\t', '|', '"', '\n', '\r\n', ' '),
    maxLength: 6,
  })
  // Quotes and blanks after them are how other programs write a cell, not what is in it.
  .filter((text) => !/^"[^]*"[ \t\r\n]+$/.test(text));

describe('the records of a file', () => {
  it('are the cells that were written, and the lines they start on, whatever the delimiter, line end and pieces', async () => {
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 40 }),
        async (rows, delimiter, lineEnd, size) => {
          const text = rows.map((row) => row.map(quoted).join(delimiter)).join(lineEnd);
          let line = 1;
          const expected = rows.map((row) => {
            const record = { line, cells: row };
            line += 1 + row.join('').split(/\r\n|\n/).length - 1;
            return record;
          });
          expect(await read(text, { delimiter, size })).toEqual(expected);
        },
      ),
    );
  });

  it('end with LF, CRLF or a lone CR, also mixed', async () => {
    const rows = [
      ['A', 'B'],
      ['1', '2'],
      ['3', ''],
    ];
    for (const text of [
      'A,B\n1,2\n3,',
      'A,B\r\n1,2\r\n3,\r\n',
      'A,B\r1,2\r3,\r',
      'A,B\n1,"2"\r\n3,\n',
      'A,B\r\n1,2\n3,""',
    ])
      expect(await cells(text)).toEqual(rows);
  });

  it('leave out blank lines and count them', async () => {
    expect(await read('\n\nA,B\n\n1,2\n   \n3,4\n')).toEqual([
      { line: 3, cells: ['A', 'B'] },
      { line: 5, cells: ['1', '2'] },
      { line: 7, cells: ['3', '4'] },
    ]);
  });

  it('lose the blanks before a cell, and those around its quotes', async () => {
    expect(await cells(' A , B \n 1 , " 2, ""two"" " \r\n"3" ,4\n')).toEqual([
      ['A ', 'B '],
      ['1 ', ' 2, "two" '],
      ['3', '4'],
    ]);
  });

  it('have quotes inside a cell that does not begin with one', async () => {
    expect(await cells('A,B\n5" pipe,say "hi"\n"Isle" Ltd,2\n')).toEqual([
      ['A', 'B'],
      ['5" pipe', 'say "hi"'],
      ['"Isle" Ltd', '2'],
    ]);
  });

  it('are without the guard of digits, and without the backslashes by which MySQL keeps quotes', async () => {
    const file = [
      'A,B',
      '="01067","=""007"""',
      String.raw`"Al \"Ace\" Bo","Riley, \"R\""`,
      String.raw`"C:\",="a"&"b"`,
      '',
    ].join('\n');
    expect(await cells(file)).toEqual([
      ['A', 'B'],
      ['01067', '007'],
      ['Al "Ace" Bo', 'Riley, "R"'],
      ['C:\\', '="a"&"b"'],
    ]);
  });

  it('are what lines hold that are one cell in quotes, as spreadsheets save a file that they had in one column', async () => {
    const all = '"Name,Email,City"\n"Jo,j@x.test,Reno"\n"Al,a@x.test,""Las Vegas, NV"""\n"Cy,,"\n';
    expect(await read(all)).toEqual([
      { line: 1, cells: ['Name', 'Email', 'City'] },
      { line: 2, cells: ['Jo', 'j@x.test', 'Reno'] },
      { line: 3, cells: ['Al', 'a@x.test', 'Las Vegas, NV'] },
      { line: 4, cells: ['Cy', '', ''] },
    ]);
    expect((await cells(all.replaceAll(',', ';'), { delimiter: ';' }))[2]).toEqual(['Al', 'a@x.test', 'Las Vegas; NV']);
    const long = '"N;C"\n' + '"Jo;""Reno; NV"""\n'.repeat(120);
    expect((await cells(long, { delimiter: ';' })).slice(1)).toEqual(Array(120).fill(['Jo', 'Reno; NV']));
    // Where only some had quotes in them, only those are quoted.
    expect(await cells('Name,Email,City\nJo,j@x.test,Reno\n"Al,a@x.test,""Las Vegas, NV"""\n')).toEqual([
      ['Name', 'Email', 'City'],
      ['Jo', 'j@x.test', 'Reno'],
      ['Al', 'a@x.test', 'Las Vegas, NV'],
    ]);
  });

  it.each([
    ['"Title, first"\nName,Email,City\nJo,j@x.test,Reno\n', 0, 'Title, first'],
    ['"Notes, all"\n"a, b, c"\n', 1, 'a, b, c'],
    ['"Notes, all"\n', 0, 'Notes, all'],
    ['Name\n"Doe, Jane"\n"Poe, Kay"\n', 1, 'Doe, Jane'],
    ['Name,Email,City\n"Group ""A"", north"\nJo,j@x.test,Reno\n', 1, 'Group "A", north'],
  ])('keep a cell in quotes that is no such line: %j', async (file, at, cell) => {
    expect((await cells(file))[at]).toEqual([cell]);
  });

  it('break off with the line on which the broken one starts', async () => {
    const fails = (text: string, line: number) =>
      expect(read(text)).rejects.toMatchObject({
        code: 'invalid_csv',
        detail: expect.stringMatching(new RegExp(`line ${line} `)) as string,
      });
    await fails('A,B\n1,2\n"3,4\n5,6\n', 3);
    await fails('A,B\n"x\r\ny",2\n"3,4\n', 4);
    // The one that is open, not the record it is in.
    await fails('A,B\n1,2\n"x\ny","3\n5,6\n', 4);
    await fails(`A,B\n1,2\n${'x'.repeat(300_000)},1\n`, 3);
    await fails(`A,B\n1,2\n${','.repeat(600_000)}\n`, 3);
  });

  it('cost next to nothing where they are blank or of another length: a file of those is read in seconds, not minutes', async () => {
    const ragged = await read(`A,B,C\n${'\n'.repeat(300_000)}${'1\n'.repeat(100_000)}1,2,3\n`);
    expect([ragged.length, ragged.at(-1)]).toEqual([100_002, { line: 400_002, cells: ['1', '2', '3'] }]);
  }, 20_000);

  it('are of at most two million lines, blank ones and those within quotes included', async () => {
    const most = `A,B\n${'\n'.repeat(1_999_997)}1,"2\n3"\n`;
    expect((await read(most, { size: 65_536 })).at(-1)?.line).toBe(1_999_999);
    for (const text of [`${most}4,5\n`, `${most}\n`, `\n${most}`, '\n'.repeat(2_000_001)])
      await expect(read(text, { size: 65_536 })).rejects.toMatchObject({
        code: 'invalid_csv',
        detail: 'The file has more than 2,000,000 lines.',
      });
  }, 60_000);

  it('have a bounded number of cells, the last of them with the first text beyond', async () => {
    const most = '1,'.repeat(COLUMNS - 1);
    const found = await read(`${most}1\n${most}1,\n${most}1,,x,y\n"${'\n'.repeat(9)}"${','.repeat(200_000)}\n2\n`);
    expect(found.map(({ line, cells: all }) => [line, all.length, all.at(-1)])).toEqual([
      [1, COLUMNS, '1'],
      [2, COLUMNS + 1, ''],
      [3, COLUMNS + 1, 'x'],
      [4, COLUMNS + 1, ''],
      [14, 1, '2'],
    ]);
  });

  it('never put a cell into an error', async () => {
    await expect(read('A,B\n"secret cell,2\n')).rejects.toMatchObject({
      message: expect.not.stringContaining('secret') as string,
    });
  });
});
