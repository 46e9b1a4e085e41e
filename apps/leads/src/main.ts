import { runProcess, startService } from '@apollo/service-kit';
import { config } from './config.js';
import { leadsSchema } from './leads.schema.js';
import { LeadsModule } from './leads.module.js';

runProcess('leads', () => startService({ name: 'leads', schema: leadsSchema, config: config(), module: LeadsModule }));
