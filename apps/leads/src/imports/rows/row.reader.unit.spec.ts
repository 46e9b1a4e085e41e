import { leadsMessages, validated } from '@apollo/contracts';
import fc from 'fast-check';
import { checkedMapping } from '../import.mapping.js';
import { type LeadRow, type RowProblem, rowIds } from './lead.row.js';
import { RowReader } from './row.reader.js';

const importId = '0199aaaa-0000-7000-8000-000000000001';
const fields = [
  { key: 'note', kind: 'text', options: [], archived: false },
  { key: 'points', kind: 'number', options: [], archived: false },
  { key: 'since', kind: 'date', options: [], archived: false },
  { key: 'tier', kind: 'select', options: ['gold', 'tin'], archived: false },
  { key: 'langs', kind: 'multi_select', options: ['de', 'en'], archived: false },
];

function reader(
  mapping: Record<string, string>,
  more: { default?: string; decimals?: number } = {},
): (...cells: string[]) => LeadRow | RowProblem[] {
  const rules = {
    mapping: checkedMapping({ mapping, default_contact_name: more.default ?? 'x' }),
    fields,
    defaultContactName: more.default ?? null,
    valueDecimals: more.decimals ?? 2,
  };
  const rows = new RowReader({ line: 1, cells: Object.keys(mapping) }, rules);
  return (...cells) => rows.read({ line: 7, cells }, importId);
}

const refusedColumns = (outcome: LeadRow | RowProblem[]): (string | null)[] =>
  Array.isArray(outcome) ? outcome.map(({ column }) => column) : [];

describe('a row', () => {
  it('becomes a lead, empty cells left out and blanks around cells dropped', () => {
    const read = reader({ N: 'contact_name', T: 'tags', P: 'phone', V: 'value', C: 'custom_fields.note' });
    expect(read(' Anna ', 'a; b|a,,', "'+49 (30) 123-456", '12.5', '')).toEqual({
      id: importId,
      contact_name: 'Anna',
      tags: ['a', 'b'],
      phone: '+4930123456',
      value_minor: 1250,
      custom_fields: {},
    });
    expect(read('Anna')).toEqual({ id: importId, contact_name: 'Anna', custom_fields: {} });
  });

  it('needs a name, its own or the default one', () => {
    expect(reader({ N: 'contact_name' })('')).toEqual([{ line: 7, column: 'N', problem: 'must not be empty' }]);
    expect(reader({ N: 'contact_name' }, { default: 'Unknown' })('')).toMatchObject({ contact_name: 'Unknown' });
  });

  it('holds an amount only where its meaning is beyond doubt', () => {
    const value = (cell: string, decimals?: number) => {
      const outcome = reader({ V: 'value' }, { default: 'x', decimals })(cell);
      return Array.isArray(outcome) ? 'refused' : outcome.value_minor;
    };
    expect(['1', '1,5', '0.05', '007.10', '90071992547409.91'].map((cell) => value(cell))).toEqual([
      100, 150, 5, 710, 9_007_199_254_740_991,
    ]);
    expect(
      ['1.234', '1,234,567', '1.234,50', '-1', '1e3', '€5', '90071992547409.92', '.5', '5.'].map((cell) => value(cell)),
    ).toEqual(Array(9).fill('refused'));
    expect([value('12', 0), value('12.5', 0), value('1.234', 3)]).toEqual([12, 'refused', 1234]);
  });

  it('takes custom fields by their kind', () => {
    const read = reader(
      {
        A: 'custom_fields.note',
        B: 'custom_fields.points',
        C: 'custom_fields.since',
        D: 'custom_fields.tier',
        E: 'custom_fields.langs',
      },
      { default: 'x' },
    );
    expect(read('two\nlines', '-1,5', '2026-01-31', 'gold', 'en; de')).toMatchObject({
      custom_fields: { note: 'two\nlines', points: -1.5, since: '2026-01-31', tier: 'gold', langs: ['en', 'de'] },
    });
    expect(refusedColumns(read('a\u0000', 'x', '2026-02-31', 'silver', 'de;fr'))).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect(refusedColumns(read('x'.repeat(2_001)))).toEqual(['A']);
  });

  it('is taken exactly when CreateLead would take it', () => {
    const mapping = {
      N: 'contact_name',
      M: 'email',
      W: 'site',
      C: 'city',
      O: 'owner_id',
      X: 'external_id',
      V: 'value_minor',
    };
    const read = reader(mapping);
    const text = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.string({ unit: 'grapheme', maxLength: 220 }),
      fc.constantFrom('x'.repeat(100), 'x'.repeat(101), '\u{1F600}'.repeat(100), 'a\tb'),
    );
    const row = fc.tuple(
      text,
      fc.oneof(text, fc.emailAddress()),
      fc.oneof(text, fc.webUrl()),
      text,
      fc.oneof(text, fc.uuid()),
      text,
      fc.oneof(text, fc.nat().map(String)),
    );
    fc.assert(
      fc.property(row, (given) => {
        const cells = given.map((cell) => cell.trim());
        const request: Record<string, unknown> = {};
        Object.values(mapping).forEach((field, at) => {
          if (cells[at])
            request[field] =
              field === 'value_minor'
                ? /^\d+$/.test(cells[at])
                  ? Number(cells[at])
                  : cells[at]
                : field === 'owner_id'
                  ? cells[at].toLowerCase()
                  : cells[at];
        });
        let taken = true;
        try {
          validated(leadsMessages.CreateLeadRequest, request);
        } catch {
          taken = false;
        }
        expect([cells, !Array.isArray(read(...cells))]).toEqual([cells, taken]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('has an id that is a UUIDv7, depends on import and row alone, and sorts as the file does', () => {
    const at = new Date('2026-01-31T12:00:00Z');
    const [a, b] = [rowIds(importId, at), rowIds('0199aaaa-0000-7000-8000-000000000002', at)];
    const rows = [0, 1, 4_095, 4_096, 999_999, 16_777_215];
    expect(rows.map(a)).toEqual([...rows.map(rowIds(importId, at))].sort());
    for (const row of rows) {
      expect(a(row)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(a(row)).not.toBe(b(row));
      expect(Number.parseInt(a(row).replaceAll('-', '').slice(0, 12), 16)).toBe(at.getTime());
    }
  });
});
