import { runDeadLetters } from '@apollo/service-kit';
import { deadJobs } from '@apollo/work';
import { agentsSchema } from './agents.schema.js';

await runDeadLetters('agents', agentsSchema, deadJobs('agents'));
