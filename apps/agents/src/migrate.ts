import { runMigrations } from '@apollo/service-kit';
import { agentsSchema } from './agents.schema.js';

await runMigrations('agents', agentsSchema);
