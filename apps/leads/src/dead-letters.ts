import { runDeadLetters } from '@apollo/service-kit';
import { deadJobs } from '@apollo/work';
import { leadsSchema } from './leads.schema.js';

await runDeadLetters('leads', leadsSchema, deadJobs('leads'));
