import { receiptLines } from './purge.receipt.js';

describe('the receipts of purges, as an operator is shown them', () => {
  const due = { org_id: 'a', slug: 'north-star', due_at: new Date('2026-05-01T00:00:00Z'), purged_at: null, parts: {} };

  it('say when data is to go, and what went of each table of each service', () => {
    const rows = { table: 'leads', outcome: 'deleted', rows: 12 } as const;
    const leads = { tables: [rows], complete: true };
    const orgs = { tables: [], complete: false };
    const gone = { ...due, slug: 'gone', purged_at: new Date('2026-05-01T00:01:00Z') };
    expect(receiptLines([due, { ...gone, parts: { leads, orgs } }])).toEqual([
      '2 organizations were deleted',
      'a north-star: to be purged from 2026-05-01T00:00:00.000Z on',
      'a gone: purged 2026-05-01T00:01:00.000Z',
      '  leads.leads: 12 rows deleted',
      '  orgs: there may be more',
    ]);
  });

  it('hide nothing beside one that cannot be read', () => {
    const leads = { tables: [{ table: 'leads', outcome: 'deleted', rows: 12 }], complete: true };
    const rows = [null, 'x', {}, { tables: null }, { tables: [null], complete: true }, { ...leads, more: 1 }];
    for (const poison of rows) {
      const shown = (): string[] => receiptLines([{ ...due, parts: { ['x'.repeat(60_000)]: poison, leads } }, due]);
      expect(shown).not.toThrow();
      expect(shown()).toEqual([
        '2 organizations were deleted',
        'a north-star: to be purged from 2026-05-01T00:00:00.000Z on',
        `  ${'x'.repeat(40)}: its receipt cannot be read`,
        '  leads.leads: 12 rows deleted',
        'a north-star: to be purged from 2026-05-01T00:00:00.000Z on',
      ]);
    }
  });
});
