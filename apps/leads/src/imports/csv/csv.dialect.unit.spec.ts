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
