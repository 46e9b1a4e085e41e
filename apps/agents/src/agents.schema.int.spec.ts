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
import { agentsSchema } from './agents.schema.js';
import { agentsPurge } from './purge/purge.plan.js';

describe('the schema of agents', () => {
  let schema: SchemaComparison;
  beforeAll(async () => {
    schema = await compareSchema(agentsSchema);
  });

  it('is committed as the code says it', () => {
    expect(schema.committed).toBe(schema.generated);
  });

  it('comes out the same from scratch and by migration: columns, keys, policies, owners, grants and functions', () => {
    expect(schema.byMigration).toEqual(schema.fromScratch);
    expect(schema.byMigration.length).toBeGreaterThan(100);
  });

  it('has functions that are sound where their bodies are looked into, each with a comment and a file', async () => {
    const test = await testDatabase(agentsSchema);
    const { functions, problems } = await checkFunctions(test, agentsSchema);
    await test.drop();
    expect(problems).toEqual([]);
    expect(functions).toBeGreaterThan(30);
  });

  it('has no foreign key that leads from the rows of one to those of another', async () => {
    const test = await testDatabase(agentsSchema);
    const { keys, strays } = await foreignKeys(test, 'agents');
    await test.drop();
    expect({ keys, strays }).toEqual({ keys: 9, strays: [] });
  });

  it('A68 lets no runtime role lock a table, with a tag or without', async () => {
    const test = await testDatabase(agentsSchema);
    const { asked, taken } = await tableLocks(test, 'agents', testOrg());
    await test.drop();
    expect(taken).toEqual([]);
    expect(asked).toBeGreaterThan(200);
  });

  it('puts no index on rows that might be too long for it, whatever SQL wrote them', async () => {
    const test = await testDatabase(agentsSchema);
    const { texts, unbounded } = await indexBounds(test, agentsSchema);
    await test.drop();
    expect(unbounded).toEqual([]);
    expect(texts).toBeGreaterThan(5);
  });

  it('A79 gives a process no more of a row than was said of its table, whatever SQL wrote it', async () => {
    const test = await testDatabase(agentsSchema);
    const { columns, unbounded } = await rowBounds(test, 'agents');
    await test.drop();
    expect(unbounded).toEqual([]);
    expect(columns).toBeGreaterThan(20);
  });

  it('A81 calls a day by no name that its caller’s settings choose', async () => {
    const test = await testDatabase(agentsSchema);
    const { functions, found } = await daysAsText(test, 'agents');
    await test.drop();
    expect(found).toEqual([]);
    expect(functions).toBeGreaterThan(10);
  });

  it('decides of each table of organizations whether it goes with them', async () => {
    const test = await testDatabase(agentsSchema);
    const { tables, problems } = await purgeGaps(test, 'agents', agentsPurge);
    await test.drop();
    expect(problems).toEqual([]);
    expect(tables).toBeGreaterThan(10);
  });
});
