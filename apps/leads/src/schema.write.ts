import { writeFile } from 'node:fs/promises';
import { schemaSql } from '@apollo/tenancy/postgres';
import { leadsSchema } from './leads.schema.js';

// Writes schema.sql for review: `npx tsc -b apps/leads && node apps/leads/dist/schema.write.js`.
await writeFile(new URL('schema.sql', leadsSchema.packageUrl), await schemaSql(leadsSchema));
