import { testOrg } from '@apollo/testing';
import { currentTenant } from '@apollo/tenancy';
import type { Statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { TablePurger } from './table.purger.js';

describe('what a service purges of an organization', () => {
  /** What each table still has; a purger asks for some of it and is told how much went. */
  let rows: Record<string, number> = {};
  let asked: unknown[] = [];
  const org = testOrg();
  /** Whom the database is told of. */
  const actors = new Set<string>();
  /** By the name of the statement. */
  const texts: Record<string, string> = {};
  const noted = [
    { table: 'leads', outcome: 'deleted', rows: '1200' },
    { table: 'notes', outcome: 'anonymized', rows: '3' },
  ];
  const query = async ({ name, text }: Statement<object, object>, { most }: { most?: number }): Promise<object[]> => {
    asked.push([name, most]);
    actors.add(`${currentTenant().orgId} ${currentTenant().actor}`);
    texts[name] = text;
    if (most === undefined) return noted;
    const table = name.split(' ').at(-1) ?? '';
    const gone = Math.min(most, rows[table] ?? 0);
    rows[table] = (rows[table] ?? 0) - gone;
    return [{ rows: gone }];
  };
  const database = {
    query,
    transaction: async (work: () => Promise<unknown>) => {
      asked.push('begin');
      const result = await work();
      asked.push('commit');
      return result;
    },
  } as unknown as TenantDatabase;
  const plan = { deleted: ['leads', 'lists'], kept: { notes: 'for a reason' }, anonymized: ['notes'] };
  const purger = new TablePurger(database, 'sample', plan);
  const step = () => org.as(() => purger.step(), { actor: 'system:orgs', role: 'system' });
  beforeEach(() => void (asked = []));

  it('is asked for by orgs and nobody else, and done under a name of its own', async () => {
    for (const actor of [org.owner, 'system:sample', 'system:purge'])
      await expect(org.as(() => purger.step(), { actor, role: 'system' })).rejects.toMatchObject({ code: 'forbidden' });
    expect(asked).toEqual([]);
    await step();
    expect([...actors]).toEqual([`${org.id} system:purge`]);
  });

  it('is a thousand rows in one transaction, table after table, people taken out of what is kept first', async () => {
    rows = { notes: 3, leads: 1_200, lists: 5 };
    expect(await step()).toMatchObject({ complete: false });
    expect(asked).toEqual([
      'begin',
      ['sample purge notes', 1_000],
      ['sample purge leads', 997],
      ['sample purge receipt', undefined],
      'commit',
    ]);
    expect(rows).toEqual({ notes: 0, leads: 203, lists: 5 });
  });

  it('is complete once a look at every table has found nothing more, and not before', async () => {
    rows = { notes: 0, leads: 203, lists: 5 };
    expect([(await step()).complete, (await step()).complete]).toEqual([false, true]);
    expect(asked.slice(-5)).toEqual([
      ['sample purge notes', 1_000],
      ['sample purge leads', 1_000],
      ['sample purge lists', 1_000],
      ['sample purge receipt', undefined],
      'commit',
    ]);
  });

  it('is told by table, as numbers, out of the receipts of the acting organization alone', async () => {
    const { tables } = await step();
    expect(tables).toEqual([
      { table: 'leads', outcome: 'deleted', rows: 1_200 },
      { table: 'notes', outcome: 'anonymized', rows: 3 },
    ]);
    expect(texts['sample purge receipt']).toMatch(/from sample\.purge_receipts\s+where org_id = /);
  });

  it('is each table by a function of its own, which is asked for no more than is left', async () => {
    await step();
    for (const table of ['notes', 'leads', 'lists'])
      expect(texts[`sample purge ${table}`]).toBe(`select sample.purge_${table}($1) as rows`);
  });
});
