import { writeFile } from 'node:fs/promises';
import { schemaSql } from '@apollo/tenancy/postgres';
import { identitySchema } from './identity.schema.js';

// Writes schema.sql for review: `npx tsc -b apps/identity && node apps/identity/dist/schema.write.js`.
await writeFile(new URL('schema.sql', identitySchema.packageUrl), await schemaSql(identitySchema));
