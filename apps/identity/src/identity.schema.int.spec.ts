import { assertProtected } from '@apollo/tenancy/postgres';
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
import { identitySchema } from './identity.schema.js';
import { identityPurge } from './purge/purge.plan.js';

describe('the schema of identity', () => {
  let schema: SchemaComparison;
  beforeAll(async () => {
    schema = await compareSchema(identitySchema);
  });

  it('is committed as the code says it', () => {
    expect(schema.committed).toBe(schema.generated);
  });

  it('comes out the same from scratch and by migration: columns, keys, policies, owners, grants and functions', () => {
    expect(schema.byMigration).toEqual(schema.fromScratch);
    expect(schema.byMigration.length).toBeGreaterThan(100);
  });

  it('passes the check a service makes before it starts', async () => {
    const database = await testDatabase(identitySchema);
    await assertProtected(database.appUrl, 'identity', false);
    await database.drop();
  });

  it('has functions that are sound where their bodies are looked into, each with a comment and a file', async () => {
    const test = await testDatabase(identitySchema);
    const { functions, problems } = await checkFunctions(test, identitySchema);
    await test.drop();
    expect(problems).toEqual([]);
    expect(functions).toBeGreaterThan(25);
  });

  it('has no foreign key that leads from the rows of one to those of another', async () => {
    const test = await testDatabase(identitySchema);
    const { keys, strays } = await foreignKeys(test, 'identity');
    await test.drop();
    expect({ keys, strays }).toEqual({ keys: 1, strays: [] });
  });

  it('A68 lets no runtime role lock a table, with a tag or without', async () => {
    const test = await testDatabase(identitySchema);
    const { asked, taken } = await tableLocks(test, 'identity', testOrg());
    await test.drop();
    expect(taken).toEqual([]);
    expect(asked).toBeGreaterThan(200);
  });

  it('puts no index on rows that might be too long for it, whatever SQL wrote them', async () => {
    const test = await testDatabase(identitySchema);
    const { texts, unbounded } = await indexBounds(test, identitySchema);
    await test.drop();
    expect(unbounded).toEqual([]);
    expect(texts).toBeGreaterThan(5);
  });

  it('A79 gives a process no more of a row than was said of its table, whatever SQL wrote it', async () => {
    const test = await testDatabase(identitySchema);
    const { columns, unbounded } = await rowBounds(test, 'identity');
    await test.drop();
    expect(unbounded).toEqual([]);
    expect(columns).toBeGreaterThan(20);
  });

  it('A81 calls a day by no name that its caller’s settings choose', async () => {
    const test = await testDatabase(identitySchema);
    const { functions, found } = await daysAsText(test, 'identity');
    await test.drop();
    expect(found).toEqual([]);
    expect(functions).toBeGreaterThan(10);
  });

  it('decides of each table of organizations whether it goes with them', async () => {
    const test = await testDatabase(identitySchema);
    const { tables, problems } = await purgeGaps(test, 'identity', identityPurge);
    await test.drop();
    expect(problems).toEqual([]);
    expect(tables).toBeGreaterThan(3);
  });
});
