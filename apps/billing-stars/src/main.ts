import { runProcess, startService } from '@apollo/service-kit';
import { BillingStarsModule } from './billing-stars.module.js';
import { billingStarsSchema } from './billing-stars.schema.js';
import { config } from './config.js';

runProcess('billing-stars', () => startService({ name: 'billing-stars', schema: billingStarsSchema, config: config(), module: BillingStarsModule }));
