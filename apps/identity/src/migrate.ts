import { createLogger, migrateUrl } from '@apollo/service-kit';
import { migrate } from '@apollo/tenancy/postgres';
import { identitySchema } from './identity.schema.js';

const applied = await migrate(identitySchema, migrateUrl());
createLogger('identity', 'info').info({ applied }, 'migrated');
