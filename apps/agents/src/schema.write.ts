import { writeFile } from 'node:fs/promises';
import { schemaSql } from '@apollo/tenancy/postgres';
import { agentsSchema } from './agents.schema.js';

// Writes schema.sql for review: `npx tsc -b apps/agents && node apps/agents/dist/schema.write.js`.
await writeFile(new URL('schema.sql', agentsSchema.packageUrl), await schemaSql(agentsSchema));
