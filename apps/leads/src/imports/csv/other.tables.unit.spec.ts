import fc from 'fast-check';
import type { CsvRecord } from './csv.records.js';
import { withoutRepeats } from './csv.repeats.js';

const OTHER = 'begins another table, which is left out as a whole: import it by itself';

/** What becomes of lines cut at commas, blank ones left out as a parser does: rows of the list, and where another table begins. */
async function split(text: string): Promise<{ readonly rows: string[]; readonly over: string | undefined }> {
  const records = text
    .split('\n')
    .map((line, at): CsvRecord => ({ line: at + 1, cells: line.split(',') }))
    .filter(({ cells }) => cells.length > 1 || cells[0] !== '');
  const found: CsvRecord[] = [];
  for await (const record of withoutRepeats(records, 1)) found.push(record);
  const rows = found.slice(1).filter(({ isBelow, cells }) => !isBelow && cells.some(Boolean));
  const over = found.find(({ problem }) => problem === OTHER);
  return { rows: rows.map(({ cells }) => cells.join()), over: over?.cells.join() };
}

const LISTS = {
  wide: ['Name,Email,Phone,City', 'Ana Sol,ana@x.test,030 1234567,Ulm', 'Bo Ray,bo@x.test,,Rome'],
  narrow: ['Name,Email', 'Ana Sol,ana@x.test', 'Bo Ray,bo@x.test'],
  phones: ['Name,Phone', 'Ana Sol,030 1234567', 'Bo Ray,030 7654321'],
  places: ['Name,City', 'Ana Sol,Ulm', 'Bo Ray,Rome'],
};

const TABLES: Readonly<Record<string, readonly string[]>> = {
  products: ['SKU,Title,Price,Stock', 'A-1,Chair,12.50,4', 'A-2,Table,80.00,1', 'A-3,Lamp,20.00,9'],
  invoices: ['Invoice,Date,Amount', 'R-1,2024-03-05,120.00', 'R-2,2024-03-06,80.00'],
  'headings of a table alone': ['SKU,Title,Price,Stock'],
  'two columns': ['Product,Price', 'Chair,12.50', 'Table,80.00'],
};

describe('a table that is none of leads, below the list', () => {
  it.each(
    Object.entries(LISTS).flatMap(([list, lines]) =>
      Object.entries(TABLES).map(([table, below]) => ({ list, table, lines, below })),
    ),
  )('ends a list that is $list: $table', async ({ lines, below }) => {
    const [, ...rows] = lines;
    const [heading = ''] = below;
    for (const gap of ['\n', '\n\n\n', '\n,,,\n'])
      expect(await split(lines.join('\n') + `\n${gap}` + below.join('\n'))).toEqual({ rows, over: heading });
    for (const title of ['Products', 'Products,,,'])
      expect(await split(`${lines.join('\n')}\n\n${title}\n${below.join('\n')}`)).toEqual({ rows, over: title });
  });

  it('is told whatever its headings are, where figures stand in the place of addresses or names', async () => {
    const [, ...rows] = LISTS.narrow;
    for (const below of [
      ['Artykuł wzór,Ile sztuk', 'Krzesło,12', 'Stół,3'],
      ['Rum,Plats', 'A 1,20', 'A 2,4'],
    ])
      expect(await split(`${LISTS.narrow.join('\n')}\n\n${below.join('\n')}`)).toEqual({ rows, over: below[0] });
  });

  it('leaves the row before it to the list, though that has one cell', async () => {
    const { rows, over } = await split(
      'Name,Email,City\nAna,a@x.test,Ulm\nBo,,\n\nSKU,Title,Price\nA-1,Chair,5\nA-2,Lamp,6\n',
    );
    expect([rows, over]).toEqual([['Ana,a@x.test,Ulm', 'Bo,,'], 'SKU,Title,Price']);
  });

  it('is passed where the heading of the list comes again behind it', async () => {
    const list = LISTS.wide.join('\n');
    const again = 'Name,Email,Phone,City\nCy Fox,cy@x.test,,Bern';
    const { rows, over } = await split(`${list}\n\nStatus,Meaning,Count,Total\nOpen,New,4,5\nWon,Sold,1,2\n\n${again}`);
    expect([rows, over]).toEqual([[...LISTS.wide.slice(1), 'Cy Fox,cy@x.test,,Bern'], undefined]);
  });
});

describe('a list that merely has a gap', () => {
  it.each([
    ['nobody’s address', ['Bo Ray,none', 'Cy Fox,cy@x.test', 'Di Ash,di@x.test']],
    ['nobody’s address to its end', ['Bo Ray,none', 'Cy Fox,unknown', 'Di Ash,ask Bo']],
    ['a word for tables in the place of a name', ['Price,none', 'Stock,unknown', 'Di Ash,no mail']],
    ['a phone in the place of an address, once', ['Bo Ray,none', 'Cy Fox,030 1234567', 'Di Ash,di@x.test']],
    ['a section of two cells', ['Region,North', 'Cy Fox,cy@x.test', 'Di Ash,di@x.test']],
    ['a last row of words', ['Bo Ray,none']],
  ])('goes on with %s', async (_, below) => {
    const text = `Name,Email\nAna Sol,ana@x.test\n\n${below.join('\n')}`;
    expect(await split(text)).toEqual({ rows: ['Ana Sol,ana@x.test', ...below], over: undefined });
  });

  it('goes on where values of it are words that tables have for headings', async () => {
    const below = ['Bo Ray,none,Order,Open', 'Cy Fox,cy@x.test,Invoice,Paid'];
    const text = `Name,Email,Type,Status\nAna Sol,ana@x.test,Order,Paid\n\n${below.join('\n')}`;
    expect(await split(text)).toEqual({ rows: ['Ana Sol,ana@x.test,Order,Paid', ...below], over: undefined });
  });

  it('goes on whatever its rows are, with titles of groups, totals and empty lines between them', async () => {
    const name = fc.constantFrom('Ana Sol', 'Bo Ray', 'Price', 'Doris Day', 'Vincent Price', 'Acme Stock', 'Eve');
    const row = fc
      .tuple(
        name,
        fc.constantFrom('', 'none', 'keine', 'ana@x.test', 'bo@y.test', 'unknown'),
        fc.constantFrom('', 'ask', '030 1234567', '+44 20 7946 0958', 'n/a'),
        fc.constantFrom('', 'Ulm', 'Rome', 'Status', 'Order'),
        fc.constantFrom('', 'since 2020', 'likes tea', '12', 'VIP'),
      )
      .map((cells) => cells.join());
    const between = fc.constantFrom('', '', ',,,,', 'Team B,,,,', 'Total,,,,12', 'Subtotal: 3,,,,', 'Page 1 of 2,,,,');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(row, row, between), { minLength: 2, maxLength: 25 }), async (lines) => {
        const { rows, over } = await split(
          ['Name,Email,Phone,City,Note', 'Ana,a@x.test,030 1,Ulm,tea', ...lines].join('\n'),
        );
        expect(over).toBeUndefined();
        const people = lines.filter((line) => line.split(',').filter(Boolean).length > 1 && !line.startsWith('Total'));
        expect(rows.filter((line) => line.split(',').filter(Boolean).length > 1).slice(1)).toEqual(people);
      }),
      { numRuns: 300 },
    );
  });
});
