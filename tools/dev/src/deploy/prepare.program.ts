import { prepareDatabase } from '@apollo/tenancy/postgres';
import { DATABASE_SERVICES, schemaOf } from '../platform/service.catalog.js';
import { readDeployConfig } from './config.js';
import { deploySecrets } from './deploy.secrets.js';

// Run once per service before its migrations: the only job that holds the superuser's URL.
const service = process.argv[2];
if (!DATABASE_SERVICES.some(({ name }) => name === service) || service === undefined) {
  throw new Error(
    `Say which service to prepare the database for: ${DATABASE_SERVICES.map(({ name }) => name).join(', ')}`,
  );
}
const config = readDeployConfig();
const { secrets, adminUrl } = await deploySecrets(config);
const passwords = secrets.databasePasswords[service];
const tagKey = secrets.tagKeys[service];
if (passwords === undefined || tagKey === undefined)
  throw new Error(`There are no secrets for ${service}: run secrets.program first.`);
await prepareDatabase({ adminUrl, service: schemaOf(service), passwords, tagKey, otherTagKeys: config.otherTagKeys });
console.log(`The database is ready for ${service}.`);
