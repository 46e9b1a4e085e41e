import { runMigrations } from '@apollo/service-kit';
import { billingStarsSchema } from './billing-stars.schema.js';

await runMigrations('billing-stars', billingStarsSchema);
