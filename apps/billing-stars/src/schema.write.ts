import { writeFile } from 'node:fs/promises';
import { schemaSql } from '@apollo/tenancy/postgres';
import { billingStarsSchema } from './billing-stars.schema.js';

// Writes schema.sql for review: `npx tsc -b apps/billing-stars && node apps/billing-stars/dist/schema.write.js`.
await writeFile(new URL('schema.sql', billingStarsSchema.packageUrl), await schemaSql(billingStarsSchema));
