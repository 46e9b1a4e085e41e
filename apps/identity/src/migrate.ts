import { runMigrations } from '@apollo/service-kit';
import { identitySchema } from './identity.schema.js';

await runMigrations('identity', identitySchema);
