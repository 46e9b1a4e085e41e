import { runMigrations } from '@apollo/service-kit';
import { leadsSchema } from './leads.schema.js';

await runMigrations('leads', leadsSchema);
