import { runDeadLetters } from '@apollo/service-kit';
import { leadsSchema } from './leads.schema.js';

await runDeadLetters('leads', leadsSchema);
