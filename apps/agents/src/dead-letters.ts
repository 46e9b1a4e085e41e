import { runDeadLetters } from '@apollo/service-kit';
import { agentsSchema } from './agents.schema.js';

await runDeadLetters('agents', agentsSchema);
