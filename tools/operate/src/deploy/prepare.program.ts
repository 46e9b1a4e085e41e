import { StartFailure } from '@apollo/servers';
import { prepareDatabase } from '@apollo/tenancy/postgres';
import { operatorCommand } from '../operator.command.js';
import { tagKeysOf } from '../secrets/key.rotation.js';
import { requireSuperuser } from '../server.failures.js';
import { DATABASE_SERVICES, schemaOf } from '../services/service.catalog.js';
import { deployFailure, readDeployConfig } from '../config.js';
import { deploySecrets } from './deploy.secrets.js';

// Run once per service before its migrations: the only job that holds the superuser's URL.
await operatorCommand(async ([service]) => {
  if (service === undefined || !DATABASE_SERVICES.some(({ name }) => name === service))
    throw new StartFailure(
      `Say which service to prepare the database for: ${DATABASE_SERVICES.map(({ name }) => name).join(', ')}`,
    );
  const config = readDeployConfig();
  if (config.databaseUrl !== undefined) await requireSuperuser(config.databaseUrl);
  const { secrets, adminUrl } = await deploySecrets(config).catch((error: unknown) => {
    throw deployFailure(error, 'SECRETS_FOLDER');
  });
  const passwords = secrets.databasePasswords[service];
  const [tagKey, ...otherTagKeys] = tagKeysOf(secrets, service);
  if (passwords === undefined || tagKey === undefined)
    throw new StartFailure(`There are no secrets for ${service}: run secrets.program first.`);
  await prepareDatabase({ adminUrl, service: schemaOf(service), passwords, tagKey, otherTagKeys });
  console.log(`The database is ready for ${service}.`);
});
