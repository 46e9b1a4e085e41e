import { FormatSurvey } from '../cells/format.survey.js';
import { columnNames } from '../csv/csv.headings.js';
import { filePlan } from '../plan/file.plan.js';
import { ReferenceResolver } from './reference.resolver.js';
import { RowReader } from './row.reader.js';

const references = new ReferenceResolver('p', [], [], new Set());
const fields = [{ key: 'c', kind: 'text', options: [], archived: false, label: '' }];
const LENGTH = 9_000;
/** Milliseconds in which a cell is done with, also on a slow machine. */
const SOON = 100;

/** The least of three times: whatever else the machine does makes none smaller than the work is. */
function took(work: () => unknown): number {
  const times = [1, 2, 3].map(() => {
    const begun = performance.now();
    work();
    return performance.now() - begun;
  });
  return Math.min(...times);
}

/** Time that grows with the square of a cell's length would take seconds here, and stop everybody's requests meanwhile. */
describe('a cell that is made to be searched for long', () => {
  const read = (target: string, cell: string): number => {
    const reader = new RowReader(
      { line: 1, cells: ['N', 'C', 'id', 'external_id', 'contact_name', 'pipeline_id', 'stage_id', 'value_minor'] },
      {
        mapping: new Map([
          ['N', 'contact_name'],
          ['C', target],
        ]),
        fields,
        formats: {},
        defaultContactName: null,
        country: 'DE',
        currency: 'EUR',
        decimals: 2,
        zone: 'UTC',
        references,
      },
    );
    reader.read({ line: 2, cells: ['Ada', 'x'] }, 'id');
    return took(() => reader.read({ line: 3, cells: ['Ada', cell] }, 'id'));
  };

  it.each([
    ['blanks before no line end', 'company', `\n${'a b'.padEnd(LENGTH)}.`],
    ['brackets that are not closed', 'email', `a@example.com ${'<'.repeat(LENGTH)}`],
    ['line ends before an apostrophe', 'custom_fields.c', `x${'\n'.repeat(LENGTH)}'`],
    ['a time and blanks', 'created_at', `01/02/2026 10:10${''.padEnd(LENGTH)}!`],
    ['very many values', 'tags', ';"'.repeat(LENGTH / 2)],
    ['very many numbers', 'phone', '030 1;'.repeat(LENGTH / 6)],
  ])('is read as soon as others: %s', (_what, target, cell) => {
    expect(read(target, cell)).toBeLessThan(SOON);
  });

  it('is left out where it is longer than any field, and told', () => {
    const rules = {
      fields,
      formats: {},
      defaultContactName: 'x',
      country: null,
      currency: null,
      decimals: 2,
      zone: 'UTC',
    };
    const reader = new RowReader(
      { line: 1, cells: ['C'] },
      { ...rules, mapping: new Map([['C', 'company']]), references },
    );
    const { row, problems } = reader.read({ line: 2, cells: ['x'.repeat(200_000)] }, 'id');
    const problem = 'must be at most 10000 characters: the last 190000 are left out';
    expect(problems).toEqual([{ line: 2, column: 'C', problem, refused: false }]);
    expect(row?.kept['C']?.text).toHaveLength(10_000);
  });

  /** The longest row of marks that was put in a form of Unicode meanwhile, without doing it. */
  async function longestRow(work: () => unknown): Promise<number> {
    let longest = 0;
    const { normalize } = String.prototype;
    String.prototype.normalize = function (this: string): string {
      for (const [row] of this.matchAll(/[\p{M}\uff9e\uff9f]+/gu)) longest = Math.max(longest, row.length);
      return String(this);
    };
    try {
      await work();
    } finally {
      String.prototype.normalize = normalize;
    }
    return longest;
  }
  const MARKS = { swapped: '\u0301\u0327', 'of half width': '\u0301\uff9e' };

  it.each(Object.entries(MARKS))('is taken without the marks that are too many, and told: %s', async (_what, marks) => {
    const cell = `Ada${marks.repeat(4_500)}`;
    for (const target of ['company', 'email', 'phone', 'tags', 'value', 'created_at', 'custom_fields.c'])
      expect(await longestRow(() => read(target, cell))).toBeLessThanOrEqual(30);
    const rules = { fields, formats: {}, country: null, currency: null, decimals: 2, zone: 'UTC', references };
    const mapping = new Map([['C', 'company']]);
    const reader = new RowReader({ line: 1, cells: ['C'] }, { ...rules, defaultContactName: 'x', mapping });
    const { row, problems } = reader.read({ line: 2, cells: [cell] }, 'id');
    const problem = 'has too many combining marks in a row: the others are left out';
    expect(problems).toEqual([{ line: 2, column: 'C', problem, refused: false }]);
    expect(row?.kept['C']?.text).toBe(`Ada${marks.repeat(15)}`.normalize('NFC'));
    expect(row?.company).toBeUndefined();
  });

  it.each(Object.entries(MARKS))('is a heading without the marks that are too many: %s', async (_what, marks) => {
    const long = `a${marks.repeat(30_000)}`;
    const file = `Name,${long},Note\nAda,${long},${long}\n`;
    const sample = { bytes: Buffer.from(file), whole: true };
    const plan = (): unknown => filePlan(sample, {}, { fields, mayAddFields: true, references });
    expect(await longestRow(plan)).toBeLessThanOrEqual(30);
    const [, heading] = columnNames(['Name', long]);
    expect(heading).toBe(`a${marks.repeat(15)}`.normalize('NFC'));
  });

  it('decides no format', () => {
    const survey = new FormatSurvey([{ heading: 'C', index: 0, sort: 'date' }], {}, null);
    expect(took(() => survey.add([`01/02/2026 10:10${''.padEnd(200_000)}!`]))).toBeLessThan(SOON);
    expect(survey.result()).toEqual({});
  });

  it('is no heading of a thousand others like it', async () => {
    const sample = { bytes: Buffer.from(`${'a,'.repeat(100_000)}a\n1\n`), whole: true };
    await expect(filePlan(sample, {}, { fields, mayAddFields: true, references })).rejects.toThrow(
      /more than 1000 columns/,
    );
  });
});
