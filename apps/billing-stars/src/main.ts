import { runProcess, startService } from '@apollo/service-kit';
import { BillingStarsModule } from './billing-stars.module.js';
import { billingStarsSchema } from './billing-stars.schema.js';
import { config } from './config.js';

runProcess('billing-stars', async () => {
  const settings = config();
  return startService({
    name: 'billing-stars',
    schema: billingStarsSchema,
    config: settings,
    module: await BillingStarsModule.with(settings),
  });
});
