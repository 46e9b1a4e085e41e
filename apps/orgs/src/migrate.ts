import { createLogger, migrateUrl } from '@apollo/service-kit';
import { migrate } from '@apollo/tenancy/postgres';
import { orgsSchema } from './orgs.schema.js';

const applied = await migrate(orgsSchema, migrateUrl());
createLogger('orgs', 'info').info({ applied }, 'migrated');
