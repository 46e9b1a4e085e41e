import { leadsMessages, legible, validated } from '@apollo/contracts';
import fc from 'fast-check';
import type { Formats } from '../cells/format.survey.js';
import { checkedMapping } from '../import.mapping.js';
import { type RowOutcome, rowIds } from './lead.row.js';
import { PlaceBook } from './place.book.js';
import { RowReader } from './row.reader.js';

const importId = '0199aaaa-0000-7000-8000-000000000001';
const stageId = '0199aaaa-0000-7000-8000-000000000009';
const userId = '0199aaaa-0000-7000-8000-000000000008';
const fields = [
  { key: 'note', kind: 'text', options: [], archived: false },
  { key: 'points', kind: 'number', options: [], archived: false },
  { key: 'since', kind: 'date', options: [], archived: false },
  { key: 'worth', kind: 'money', options: [], archived: false },
  { key: 'tier', kind: 'select', options: ['gold', 'tin'], archived: false },
  { key: 'langs', kind: 'multi_select', options: ['de', 'en'], archived: false },
];

interface Settings {
  readonly default?: string;
  readonly decimals?: number;
  readonly formats?: Formats;
}

function reader(mapping: Record<string, string>, more: Settings = {}): (...cells: string[]) => RowOutcome {
  const rows = new RowReader(
    { line: 1, cells: Object.keys(mapping) },
    {
      mapping: checkedMapping({ mapping, default_contact_name: more.default ?? 'x' }),
      fields,
      formats: more.formats ?? {},
      defaultContactName: more.default ?? null,
      country: 'DE',
      currency: 'EUR',
      decimals: more.decimals ?? 2,
      zone: 'Europe/Berlin',
      places: new PlaceBook(
        'p',
        [{ id: stageId, pipeline_id: 'p', name: 'Won' }],
        [
          { user_id: userId, name: 'Kim Muster', email: 'kim@example.com' },
          { user_id: stageId, name: 'Lee Gone', email: 'lee@example.com' },
        ],
        new Set([userId]),
      ),
    },
  );
  return (...cells) => rows.read({ line: 7, cells }, importId);
}

/** What one cell becomes in a lead that has another name; its text where it is left out. */
function cell(target: string, more: Settings = {}): (cell: string) => unknown {
  const read = reader({ N: 'contact_name', C: target }, more);
  const key = target.replace('custom_fields.', '');
  return (text) => {
    const { row, problems } = read('Anna', text);
    if (problems.length > 0) return { left: row?.kept['C']?.text };
    return (
      row?.custom_fields[key] ?? (row as unknown as Record<string, unknown>)[target === 'value' ? 'value_minor' : key]
    );
  };
}

describe('a row', () => {
  it('becomes a lead, empty cells left out and blanks around cells dropped', () => {
    const read = reader({ N: 'contact_name', T: 'tags', P: 'phone', V: 'value', C: 'custom_fields.note' });
    const plain = { id: importId, line: 7, named: true, kept: {}, custom_fields: {} };
    expect(read(' Anna ', 'a; b|a,,', "'+49 (30) 123-456", '12.5', '')).toEqual({
      row: { ...plain, contact_name: 'Anna', tags: ['a', 'b'], phone: '+4930123456', value_minor: 1250 },
      problems: [],
    });
    expect(read('Anna')).toEqual({ row: { ...plain, contact_name: 'Anna' }, problems: [] });
  });

  it('needs a name: its own, joined from parts, after what it has, or the default one', () => {
    const name = (mapping: Record<string, string>, cells: string[], fallback?: string) => {
      const { row, problems } = reader(mapping, { default: fallback })(...cells);
      return row ? [row.contact_name, row.named] : problems;
    };
    expect(name({ N: 'contact_name' }, [''])).toEqual([
      { line: 7, column: 'N', problem: 'must not be empty', refused: true },
    ]);
    expect(name({ N: 'contact_name' }, [''], 'Unknown')).toEqual(['Unknown', false]);
    expect(name({ F: 'first_name', M: 'middle_name', L: 'last_name' }, ['Ana', '', 'Ávila'])).toEqual([
      'Ana Ávila',
      true,
    ]);
    expect(name({ N: 'contact_name', C: 'company', M: 'email' }, ['', 'ACME', 'a@b.test'], 'x')).toEqual([
      'a@b.test',
      false,
    ]);
    expect(name({ N: 'contact_name', P: 'phone' }, ['', '030 123456'])).toEqual(['+4930123456', false]);
  });

  it('costs the cell that cannot be read, not the person, and keeps its text', () => {
    const read = reader({ N: 'contact_name', M: 'email', P: 'phone' });
    expect(read('Anna', 'no address', '(512) 555-0142')).toMatchObject({
      row: {
        contact_name: 'Anna',
        kept: { M: { target: 'email', text: 'no address' }, P: { target: 'phone', text: '(512) 555-0142' } },
      },
      problems: [
        { line: 7, column: 'M', refused: false },
        { line: 7, column: 'P', refused: false },
      ],
    });
    expect(read('Anna', 'a@b.test', '', 'more').row).toBeNull();
    expect(read('Anna', 'a@b.test', '', '', '').row).not.toBeNull();
  });

  it('has phones as they are dialled from anywhere, read by the organization’s country', () => {
    const phone = cell('phone');
    for (const written of [
      '+49 (0)30 123456',
      '0049 30 123456',
      '030 123456',
      '030/12 34-56',
      "'+4930123456",
      'p:+4930123456',
      '(030) 123456',
    ])
      expect([written, phone(written)]).toEqual([written, '+4930123456']);
    for (const written of ['22 123 45 67', '(512) 555-0142', '12', 'call me', '030 123456 or later'])
      expect([written, phone(written)]).toEqual([written, { left: written }]);
    expect(
      reader({ N: 'contact_name', A: 'phone', B: 'phone' })('x', '030 123456; +353 (0)1 234 5678', '0171 1234567').row,
    ).toMatchObject({
      phone: '+4930123456',
      kept: { A: { text: '+35312345678' }, B: { text: '+491711234567' } },
    });
  });

  it('has the first address that is one, and keeps the others', () => {
    const { row, problems } = reader({ N: 'contact_name', M: 'email' })('x', 'a@b.test, mailto:c@d.test');
    expect([row?.email, row?.kept, problems]).toEqual(['a@b.test', { M: { target: 'email', text: 'c@d.test' } }, []]);
    expect(cell('email')('Anna <a@b.test>')).toBe('a@b.test');
    expect(cell('email')('a\u200B@b.test')).toEqual({ left: 'a\u200B@b.test' });
    expect([cell('site')('mellin.example'), cell('site')('HTTP://x.example/a')]).toEqual([
      'https://mellin.example',
      'HTTP://x.example/a',
    ]);
    expect(cell('site')('not a site')).toEqual({ left: 'not a site' });
  });

  it('holds an amount only where its meaning is beyond doubt', () => {
    const value = (text: string, more: Settings = {}) => cell('value', more)(text);
    expect(
      ['1', '1,5', '0.05', '007.10', '90071992547409.91', '€5', '1.234,50', '1,234,567', "1'234.5", '1 234,50'].map(
        (text) => value(text),
      ),
    ).toEqual([100, 150, 5, 710, 9_007_199_254_740_991, 500, 123_450, 123_456_700, 123_450, 123_450]);
    for (const text of ['1.234', '1,234', '-1', '1e3', '90071992547409.92', '5.', 'USD 5', '1.2.3', '12 34'])
      expect([text, value(text)]).toEqual([text, { left: text }]);
    const points: Settings = { formats: { C: '1.234,56' } };
    const commas: Settings = { formats: { C: '1,234.56' } };
    expect([value('1.234', points), value('1.234', commas), value('1,5', commas)]).toEqual([
      123_400,
      { left: '1.234' },
      { left: '1,5' },
    ]);
    expect([value('12', { decimals: 0 }), value('12.5', { decimals: 0 }), value('1,234', { decimals: 0 })]).toEqual([
      12,
      { left: '12.5' },
      1234,
    ]);
    expect([
      value('1.234', { decimals: 3 }),
      value('1.234', { ...commas, decimals: 3 }),
      value('1.5', { decimals: 3 }),
    ]).toEqual([{ left: '1.234' }, 1234, 1500]);
  });

  it('takes custom fields by their kind', () => {
    const read = reader({
      N: 'contact_name',
      A: 'custom_fields.note',
      B: 'custom_fields.points',
      C: 'custom_fields.since',
      D: 'custom_fields.tier',
      E: 'custom_fields.langs',
      F: 'custom_fields.worth',
    });
    expect(
      read('x', 'two\nlines', '-1,5', '2026-01-31', 'Gold', 'en; de', 'USD 900,750,000').row?.custom_fields,
    ).toEqual({
      note: 'two\nlines',
      points: -1.5,
      since: '2026-01-31',
      tier: 'gold',
      langs: ['en', 'de'],
      worth: '900750000 USD',
    });
    const bad = read('x', 'a\u0000', 'x', '2026-02-31', 'silver', 'de;fr', 'much');
    expect([bad.row?.custom_fields, bad.problems.map(({ column }) => column)]).toEqual([
      {},
      ['A', 'B', 'C', 'D', 'E', 'F'],
    ]);
    expect(cell('custom_fields.points')('1,234')).toEqual({ left: '1,234' });
    expect(cell('custom_fields.points', { formats: { C: '1,234.56' } })('1,234')).toBe(1234);
  });

  it('has dates in the order that the column has', () => {
    const since = (text: string, format?: Formats[string]) =>
      cell('custom_fields.since', format ? { formats: { C: format } } : {})(text);
    expect(
      ['31.12.1980', '1/31/2026', '2026-1-5', '3 de março de 2026', 'Jan 31, 2026', '5/5/2026', '31.12.80'].map(
        (text) => since(text),
      ),
    ).toEqual(['1980-12-31', '2026-01-31', '2026-01-05', '2026-03-03', '2026-01-31', '2026-05-05', '1980-12-31']);
    expect([since('2/1/2026'), since('2/1/2026', 'month-day-year'), since('2/1/2026', 'day-month-year')]).toEqual([
      { left: '2/1/2026' },
      '2026-02-01',
      '2026-01-02',
    ]);
    expect(since('0.0.00')).toBeUndefined();
    const created = cell('created_at');
    expect(['2025-05-01 14:03', '2026-01-31T13:45:12+01:00', '1/31/2026 9:15 PM', '31.12.2025'].map(created)).toEqual([
      '2025-05-01T12:03:00.000Z',
      '2026-01-31T12:45:12.000Z',
      '2026-01-31T20:15:00.000Z',
      '2025-12-31T11:00:00.000Z',
    ]);
  });

  it('may name the stage and the owner', () => {
    const { row } = reader({ N: 'contact_name', S: 'stage', O: 'owner' })('x', 'won', 'kim MUSTER');
    expect(row).toMatchObject({ stage_id: stageId, pipeline_id: 'p', owner_id: userId });
    expect([cell('stage')('Lost'), cell('owner')('Jo')]).toEqual([{ left: 'Lost' }, { left: 'Jo' }]);
    expect(cell('owner_id')('0199AAAA-0000-7000-8000-000000000008')).toBe(userId);
    for (const nobody of [stageId, 'Lee Gone', 'lee@example.com'])
      expect([cell('owner')(nobody), cell('owner_id')(nobody)]).toEqual([{ left: nobody }, { left: nobody }]);
  });

  it('has the cells that CreateLead would take, and no others', () => {
    const targets = ['company', 'city', 'external_id', 'email'] as const;
    const text = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.string({ unit: 'grapheme', maxLength: 220 }),
      fc.constantFrom('x'.repeat(100), 'x'.repeat(101), '\u{1F600}'.repeat(100)),
      fc.emailAddress(),
    );
    const clean = text.map((each) => legible(each)).filter((each) => each !== '' && !/^'|[,;|\s<>]/.test(each));
    fc.assert(
      fc.property(fc.constantFrom(...targets), clean, (target, given) => {
        let taken = true;
        try {
          validated(leadsMessages.CreateLeadRequest, { contact_name: 'x', [target]: given });
        } catch {
          taken = false;
        }
        expect([given, cell(target)(given)]).toEqual([given, taken ? given : { left: given }]);
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
