import { createLogger, migrateUrl } from '@apollo/service-kit';
import { migrate } from '@apollo/tenancy/postgres';
import { billingStarsSchema } from './billing-stars.schema.js';

const applied = await migrate(billingStarsSchema, migrateUrl());
createLogger('billing-stars', 'info').info({ applied }, 'migrated');
