import { runProcess, startService } from '@apollo/service-kit';
import { config } from './config.js';
import { identityModule } from './identity.module.js';
import { identitySchema } from './identity.schema.js';

runProcess('identity', () => {
  const settings = config();
  return startService({ name: 'identity', schema: identitySchema, config: settings, module: identityModule(settings) });
});
