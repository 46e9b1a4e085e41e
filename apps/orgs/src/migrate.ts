import { runMigrations } from '@apollo/service-kit';
import { orgsSchema } from './orgs.schema.js';

await runMigrations('orgs', orgsSchema);
