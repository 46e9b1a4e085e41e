import { compareSchema, type SchemaComparison, tableLocks, testDatabase, testOrg } from '@apollo/testing';
import { orgsSchema } from './orgs.schema.js';

describe('the schema of orgs', () => {
  let schema: SchemaComparison;

  beforeAll(async () => {
    schema = await compareSchema(orgsSchema);
  });

  it('is committed as the code says it', () => {
    expect(schema.committed).toBe(schema.generated);
  });

  it('comes out the same from scratch and by migration: columns, keys, policies, owners, grants and functions', () => {
    expect(schema.byMigration).toEqual(schema.fromScratch);
    expect(schema.byMigration.length).toBeGreaterThan(100);
  });

  it('A68 lets no runtime role lock a table, with a tag or without', async () => {
    const test = await testDatabase(orgsSchema);
    const { asked, taken } = await tableLocks(test, 'orgs', testOrg());
    await test.drop();
    expect(taken).toEqual([]);
    expect(asked).toBeGreaterThan(200);
  });
});
