import type { LeadRow } from './lead.row.js';
import { RowMerge } from './row.merge.js';

const row = (text: string, note = ''): LeadRow => ({
  id: 'l',
  line: 7,
  named: true,
  contact_name: 'Ana',
  custom_fields: { note },
  kept: { Notiz: { target: 'value', text, isTold: true } },
});

/** What is kept of a text, and what is told of it. */
function kept(text: string, note?: string): unknown[] {
  const merge = new RowMerge([], 'none', 'import_remarks');
  merge.add(row(text, note));
  const { planned, problems } = merge.result();
  return [planned[0]?.lead.custom_fields['import_remarks'], problems];
}

const cut = (characters: number): unknown[] => [
  {
    line: 7,
    column: null,
    problem: `is more than import_remarks holds of a lead: its last ${characters} characters are left out`,
    refused: false,
  },
];

describe('what found no place in a lead', () => {
  it('is kept whole as far as a custom field goes, and what is left out is told in characters', () => {
    const note = `${'n'.repeat(3_000)}end`;
    expect(kept(note)).toEqual([`Notiz: ${note}`, []]);
    expect(kept('n'.repeat(12_000))).toEqual([`Notiz: ${'n'.repeat(9_993)}`, cut(2_007)]);
  });

  it('leaves room for what else a lead has, but for its first characters', () => {
    const [text, told] = kept('n'.repeat(9_000), 'm'.repeat(30_000));
    expect(JSON.stringify({ note: 'm'.repeat(30_000), import_remarks: text }).length).toBeLessThanOrEqual(32_768);
    expect(told).toEqual(cut(9_007 - String(text).length));
    expect(String(text).length).toBeGreaterThan(2_600);
    expect(kept('n'.repeat(9_000), 'm'.repeat(32_700))).toEqual([`Notiz: ${'n'.repeat(1_993)}`, cut(7_007)]);
  });
});
