import { runDeadLetters } from '@apollo/service-kit';
import { billingStarsSchema } from './billing-stars.schema.js';

await runDeadLetters('billing-stars', billingStarsSchema);
