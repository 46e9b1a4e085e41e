import { runProcess, startService } from '@apollo/service-kit';
import { config } from './config.js';
import { agentsSchema } from './agents.schema.js';
import { AgentsModule } from './agents.module.js';
import { PlatformModels } from './model/model.source.js';

runProcess('agents', () => {
  const settings = config();
  const module = AgentsModule.over(new PlatformModels(settings.models), settings.tagKey);
  return startService({ name: 'agents', schema: agentsSchema, config: settings, module });
});
