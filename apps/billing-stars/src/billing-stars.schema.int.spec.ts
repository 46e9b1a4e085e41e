import {
  checkFunctions,
  compareSchema,
  daysAsText,
  foreignKeys,
  indexBounds,
  purgeGaps,
  rowBounds,
  type SchemaComparison,
  tableLocks,
  testDatabase,
  testOrg,
} from '@apollo/testing';
import { billingStarsSchema } from './billing-stars.schema.js';
import { billingStarsPurge } from './purge/purge.plan.js';

describe('the schema of billing-stars', () => {
  let schema: SchemaComparison;

  beforeAll(async () => {
    schema = await compareSchema(billingStarsSchema);
  });

  it('is committed as the code says it', () => {
    expect(schema.committed).toBe(schema.generated);
  });

  it('comes out the same from scratch and by migration: columns, keys, policies, owners, grants and functions', () => {
    expect(schema.byMigration).toEqual(schema.fromScratch);
    expect(schema.byMigration.length).toBeGreaterThan(100);
  });

  it('has functions that are sound where their bodies are looked into, each with a comment and a file', async () => {
    const test = await testDatabase(billingStarsSchema);
    const { functions, problems } = await checkFunctions(test, billingStarsSchema);
    await test.drop();
    expect(problems).toEqual([]);
    expect(functions).toBeGreaterThan(75);
  });

  it('has no foreign key that leads from the rows of one to those of another', async () => {
    const test = await testDatabase(billingStarsSchema);
    const { keys, strays } = await foreignKeys(test, 'billing_stars');
    await test.drop();
    expect({ keys, strays }).toEqual({ keys: 7, strays: [] });
  });

  it('A68 lets no runtime role lock a table, with a tag or without', async () => {
    const test = await testDatabase(billingStarsSchema);
    const { asked, taken } = await tableLocks(test, 'billing_stars', testOrg());
    await test.drop();
    expect(taken).toEqual([]);
    expect(asked).toBeGreaterThan(200);
  });

  it('puts no index on rows that might be too long for it, whatever SQL wrote them', async () => {
    const test = await testDatabase(billingStarsSchema);
    const { texts, unbounded } = await indexBounds(test, billingStarsSchema);
    await test.drop();
    expect(unbounded).toEqual([]);
    expect(texts).toBeGreaterThan(5);
  });

  it('A79 gives a process no more of a row than was said of its table, whatever SQL wrote it', async () => {
    const test = await testDatabase(billingStarsSchema);
    const { columns, unbounded } = await rowBounds(test, 'billing_stars');
    await test.drop();
    expect(unbounded).toEqual([]);
    expect(columns).toBeGreaterThan(20);
  });

  it('A81 calls a day by no name that its caller’s settings choose', async () => {
    const test = await testDatabase(billingStarsSchema);
    const { functions, found } = await daysAsText(test, 'billing_stars');
    await test.drop();
    expect(found).toEqual([]);
    expect(functions).toBeGreaterThan(10);
  });

  it('decides of each table of organizations whether it goes with them', async () => {
    const test = await testDatabase(billingStarsSchema);
    const { tables, problems } = await purgeGaps(test, 'billing_stars', billingStarsPurge);
    await test.drop();
    expect(problems).toEqual([]);
    expect(tables).toBeGreaterThan(25);
  });
});
