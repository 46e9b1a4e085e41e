import { runProcess, startService } from '@apollo/service-kit';
import { config } from './config.js';
import { OrgsModule } from './orgs.module.js';
import { orgsSchema } from './orgs.schema.js';

runProcess('orgs', async () => {
  const settings = config();
  return startService({ name: 'orgs', schema: orgsSchema, config: settings, module: OrgsModule.with(settings) });
});
