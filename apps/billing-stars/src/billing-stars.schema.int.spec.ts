import { compareSchema, type SchemaComparison } from '@apollo/testing';
import { billingStarsSchema } from './billing-stars.schema.js';

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
});
