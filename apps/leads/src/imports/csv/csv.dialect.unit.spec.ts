import { COLUMNS, SAMPLE_RECORDS } from '../import.limits.js';
import { turnsDuring } from '../others.turns.spec.js';
import { headingHits } from '../plan/file.plan.js';
import { dialectOf } from './csv.dialect.js';
import { columnNames } from './csv.headings.js';

const dialect = async (text: string, mapping?: object) => {
  const found = await dialectOf({ bytes: Buffer.from(text), whole: true }, { hits: headingHits(mapping) });
  return [found.dialect.delimiter, found.dialect.heading_line];
};

describe('how a file is cut', () => {
  it.each([
    ['the headings that are known', 'Name, first;Mail\nx;y\n', [';', 1]],
    ['even columns', '"a;b;c;d",e\n1,2\n', [',', 1]],
    ['tabs', 'a\tb\tc,d\n1\t2\t3\n', ['\t', 1]],
    ['a heading of two lines', '"a\nb"|c\n1|2', ['|', 1]],
    ['what it says itself', 'sep=;\nName;Mail, main\na;b\n', [';', 2]],
    ['what a spreadsheet makes of that', '"sep=|"\r\na|b\r\n1|2\r\n', ['|', 2]],
    [
      'its table, not its notes',
      'Leads of May, all of them, new\n\nName;E-Mail;Ort\na;b@c.test;d\ne;f@c.test;g\n',
      [';', 3],
    ],
    ['one column', 'only\nx\ny\n', [',', 1]],
  ])('is told by %s', async (_, text, expected) => {
    expect(await dialect(text)).toEqual(expected);
  });

  it('is told by the headings of a mapping before all else', async () => {
    expect(await dialect('a;b,c;d\nName;x;Mail\n1;2;3\n', { Name: 'contact_name', Mail: 'email' })).toEqual([';', 2]);
  });

  it.each([
    ['utf-8', '\n', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['windows-1252', '\r\n', (text: string) => Buffer.from(`\x80${text}`, 'latin1')],
    ['utf-16le', '\r', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['utf-16be', '\n', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ] as const)('is told by its first records, and by how many bytes of it: %s', async (encoding, end, write) => {
    const rows = `"é${end}",${end}${end}`.repeat(SAMPLE_RECORDS - 1);
    const bytes = write(`Näme,Mail${end}${rows}x,${end}`);
    const found = await dialectOf({ bytes, whole: true }, { hits: headingHits(undefined) });
    expect(found.dialect).toEqual({ encoding, delimiter: ',', heading_line: 1 });
    expect(found.records).toHaveLength(SAMPLE_RECORDS);
    expect(found.looked.whole).toBe(false);
    expect(found.looked.bytes.toString('hex')).toBe(write(`Näme,Mail${end}${rows}`).toString('hex'));
    const { looked } = await dialectOf({ bytes: found.looked.bytes, whole: true }, { hits: headingHits(undefined) });
    expect(looked).toEqual({ bytes: found.looked.bytes, whole: true });
  });

  it.each([
    ['as a file may have', `${'a,'.repeat(COLUMNS - 1)}a\n`.repeat(60)],
    ['as fit into a record', `${'a,'.repeat(125_000)}a\n`.repeat(2)],
    ['that all are blank', `${' ,'.repeat(COLUMNS - 1)} \n`.repeat(60)],
  ])('is told with turns for others between few of its cells: as many %s', async (_, text) => {
    let [since, most] = [0, 0];
    const hits = (cells: readonly string[]): number => {
      since += cells.length;
      most = Math.max(most, since);
      return 0;
    };
    await turnsDuring(
      () => dialectOf({ bytes: Buffer.from(text), whole: true }, { hits }),
      () => (since = 0),
    );
    expect(most).toBeLessThanOrEqual(2 * (COLUMNS + 1));
  });

  it('is refused for what is no text', async () => {
    const bytes = Buffer.from('504b03041400000008', 'hex');
    await expect(dialectOf({ bytes, whole: true }, { hits: () => 0 })).rejects.toMatchObject({
      code: 'invalid_encoding',
    });
  });
});

describe('the names of columns', () => {
  it('are headings in one line, each once, none empty and none too long for a mapping', () => {
    expect(columnNames(['Name', 'Name', '', 'a\n b', 'Name (2)', ' '])).toEqual([
      'Name',
      'Name (3)',
      'Column 3',
      'a b',
      'Name (2)',
      'Column 6',
    ]);
    const [first = '', second = ''] = columnNames(['x'.repeat(500), `${'x'.repeat(500)}y`]);
    expect([first.length <= 200, second.length <= 200, first === second]).toEqual([true, true, false]);
  });
});
