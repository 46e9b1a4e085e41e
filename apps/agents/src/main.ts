import { runProcess, startService } from '@apollo/service-kit';
import { config } from './config.js';
import { agentsSchema } from './agents.schema.js';
import { AgentsModule } from './agents.module.js';
import { OfflineModels } from './model/model.source.js';

runProcess('agents', () =>
  startService({
    name: 'agents',
    schema: agentsSchema,
    config: config(),
    module: AgentsModule.over(new OfflineModels()),
  }),
);
