import { turnsDuring } from '../others.turns.spec.js';
import type { LeadRow } from './lead.row.js';
import type { KnownLead } from './known.lead.js';
import { type MergedBatch, RowMerge } from './row.merge.js';

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

const alice: KnownLead = {
  id: 'alice',
  pipeline_id: null,
  stage_id: null,
  contact_name: 'Alice Ádams',
  company: null,
  email: 'alice@a.test',
  phone: '+16175550101',
  site: null,
  city: null,
  state: null,
  country: null,
  owner_id: null,
  value_minor: null,
  tags: [],
  custom_fields: {},
  external_id: '1',
  version: 1,
};

/** What a row with the external id of Alice comes to. */
function numbered(more: Partial<LeadRow>, identity: 'external_id' | 'email', isGuessed: boolean): MergedBatch {
  const merge = new RowMerge([{ ...alice }], identity, null, isGuessed);
  merge.add({ id: 'new', line: 2, named: true, external_id: '1', custom_fields: {}, kept: {}, ...more });
  return merge.result();
}

describe('a row with the external id of a lead', () => {
  const carol = { contact_name: 'Carol Clark', email: 'carol@c.test' };

  it('is refused where it names somebody else with another address, and nobody said that ids decide', () => {
    expect(numbered(carol, 'external_id', true)).toMatchObject({
      planned: [],
      refused: 1,
      problems: [{ line: 2, refused: true, problem: expect.stringMatching(/lead alice.*in identity/) as string }],
    });
    const byPhone = { contact_name: 'Carol Clark', phone: '+16175550134' };
    expect(numbered(byPhone, 'external_id', true)).toMatchObject({ planned: [], refused: 1 });
  });

  it('changes the lead where somebody said so, or something of it is the same', () => {
    const changed = { planned: [{ lead: { id: 'alice' } }], refused: 0, updated: 1, problems: [] };
    expect(numbered(carol, 'external_id', false)).toMatchObject(changed);
    expect(numbered({ ...carol, email: 'ALICE@a.test' }, 'external_id', true)).toMatchObject(changed);
    expect(numbered({ ...carol, contact_name: 'alice adams' }, 'external_id', true)).toMatchObject(changed);
    expect(numbered({ contact_name: 'Alice Baker', phone: alice.phone ?? '' }, 'external_id', true)).toMatchObject(
      changed,
    );
    expect(numbered({ ...carol, contact_name: 'carol@c.test', named: false }, 'external_id', true)).toMatchObject(
      changed,
    );
  });

  it('is a new lead without it where it is somebody else and addresses decide', () => {
    expect(numbered(carol, 'email', false)).toMatchObject({
      planned: [{ lead: { id: 'new', external_id: null, contact_name: 'Carol Clark' }, before: null }],
      created: 1,
      problems: [{ refused: false, problem: 'has the external id of another lead, which is left out' }],
    });
  });

  it('changes nothing by the case in which an address is written', () => {
    expect(numbered({ contact_name: 'Alice Ádams', email: 'ALICE@A.test' }, 'email', false)).toMatchObject({
      planned: [],
      unchanged: 1,
    });
  });
});

describe('the name of a lead', () => {
  const renamed = (more: Partial<LeadRow>, own: Partial<KnownLead> = {}): string => {
    const lead = { ...alice, contact_name: 'Ann van Long', ...own };
    const merge = new RowMerge([lead], 'email', null);
    merge.add({ id: 'new', line: 2, named: true, email: 'alice@a.test', custom_fields: {}, kept: {}, ...more });
    merge.add({ id: 'new', line: 3, named: true, email: 'alice@a.test', custom_fields: {}, kept: {}, ...more });
    return lead.contact_name;
  };
  const part = { isPartlyNamed: true };

  it.each([
    ['Ann', {}],
    ['long', {}],
    ['van Long', part],
    ['ANN', part],
    ['alice@a.test', {}],
    ['+1 617 555 0101', {}],
    ['-', {}],
  ])('stays where a row calls it by a part of that, or by what is no name: %s', (contact_name, more) => {
    expect(renamed({ contact_name, ...more })).toBe('Ann van Long');
  });

  it.each([
    ['Ann Long', {}],
    ['Anna', part],
    ['Ann Roe', part],
    ['Ann van Long-Roe', {}],
    ['Ann', { lead_id: 'alice' }],
  ])('changes where a row says another one, or which lead it is: %s', (contact_name, more) => {
    expect(renamed({ contact_name, ...more })).toBe(contact_name);
  });

  it('is any that a row says where it has been shown by something else', () => {
    expect(renamed({ contact_name: 'Ann', ...part }, { contact_name: 'ann@a.test', email: 'alice@a.test' })).toBe(
      'Ann',
    );
    expect(renamed({ contact_name: 'Acme' }, { contact_name: 'Acme Ltd', company: 'Acme Ltd' })).toBe('Acme');
  });
});

describe('a batch of rows', () => {
  /** Rows with many cells that found no place, beside a text of theirs. */
  const rows = (count: number, text: string): LeadRow[] =>
    Array.from({ length: count }, (_, at) => ({
      id: `${at}`,
      line: at + 2,
      named: true,
      contact_name: 'Ana',
      custom_fields: { import_remarks: text },
      kept: Object.fromEntries(
        Array.from({ length: 198 }, (__, column) => [
          `c${column}`,
          { target: 'import_remarks', text: 'x', isTold: false },
        ]),
      ),
    }));
  const merged = (given: readonly LeadRow[]): Promise<void> => new RowMerge([], 'none', 'import_remarks').addAll(given);
  const workOf = async (text: string): Promise<number> => {
    const used = process.cpuUsage();
    await merged(rows(30, text));
    return process.cpuUsage(used).user;
  };

  it('gives others their turn between its rows, whatever they hold', async () => {
    expect(await turnsDuring(() => merged(rows(100, 'a'.repeat(9_000))))).toBeGreaterThanOrEqual(100);
  });

  it('is merged as fast where its rows keep texts of thousands of lines', async () => {
    await workOf('warm');
    const ratios: number[] = [];
    for (let n = 0; n < 5; n++) ratios.push((await workOf('\n'.repeat(9_000))) / (await workOf('a'.repeat(9_000))));
    // The least of them: whatever else the process does in a round makes its ratio no smaller than the work is.
    expect(Math.min(...ratios)).toBeLessThan(20);
  });
});

describe('an amount that is there in another form', () => {
  it.each([
    ['5.00 EUR', '5 EUR', 0],
    ['-0 EUR', '0 EUR', 0],
    ['5.000 KWD', '5 KWD', 0],
    ['5.00 EUR', '5.01 EUR', 1],
    ['5.00 EUR', '-5 EUR', 1],
    ['5 EUR', '5 USD', 1],
  ])('%s is changed by %s: %i', (there, given, updated) => {
    const merge = new RowMerge([{ ...alice, custom_fields: { m: there } }], 'email', null);
    const cells = { custom_fields: { m: given }, amounts: new Set(['m']), kept: {} };
    merge.add({ id: 'new', line: 2, named: false, email: 'alice@a.test', ...cells });
    expect(merge.result()).toMatchObject({ updated, unchanged: 1 - updated });
  });

  it('is another text all the same', () => {
    const merge = new RowMerge([{ ...alice, custom_fields: { m: '5.00 EUR' } }], 'email', null);
    merge.add({ id: 'new', line: 2, named: false, email: 'alice@a.test', custom_fields: { m: '5 EUR' }, kept: {} });
    expect(merge.result()).toMatchObject({ updated: 1 });
  });
});
