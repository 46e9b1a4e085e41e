import { writeFile } from 'node:fs/promises';
import { schemaSql } from '@apollo/tenancy/postgres';
import { orgsSchema } from './orgs.schema.js';

// Writes schema.sql for review: `npx tsc -b apps/orgs && node apps/orgs/dist/schema.write.js`.
await writeFile(new URL('schema.sql', orgsSchema.packageUrl), await schemaSql(orgsSchema));
