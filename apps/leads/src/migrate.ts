import { createLogger, migrateUrl } from '@apollo/service-kit';
import { migrate } from '@apollo/tenancy/postgres';
import { leadsSchema } from './leads.schema.js';

const applied = await migrate(leadsSchema, migrateUrl());
createLogger('leads', 'info').info({ applied }, 'migrated');
