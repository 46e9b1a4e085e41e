import { runProcess, startService } from '@apollo/service-kit';
import { config } from './config.js';
import { agentsSchema } from './agents.schema.js';
import { AgentsModule } from './agents.module.js';
import { OfflineModels } from './model/model.source.js';

runProcess('agents', () => {
  const settings = config();
  const module = AgentsModule.over(new OfflineModels(), settings.tagKey);
  return startService({ name: 'agents', schema: agentsSchema, config: settings, module });
});
