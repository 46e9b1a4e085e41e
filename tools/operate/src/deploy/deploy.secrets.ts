import { chmod, chown, copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ADMIN, adminPassword, makeFolder } from '@apollo/servers';
import { natsConfigText, readersOf } from '../secrets/nats.users.js';
import { deployNkeyFile, writeKeyFiles } from '../secrets/key.files.js';
import { loadSecrets, type Secrets } from '../secrets/secrets.store.js';
import { DATABASE_SERVICES, SERVICES, type ServiceNeeds, tells } from '../services/service.catalog.js';
import { roleUrl } from '../services/role.connection.js';
import type { DeployConfig } from '../config.js';

/** Numbers of the accounts that the images run as. */
export interface Accounts {
  /** `node` in our image; NATS is given the same. */
  readonly service: number;
  readonly postgres: number;
}

/** Everything secret of one deploy. */
export interface DeploySecrets {
  readonly secrets: Secrets;
  /** The superuser's URL of the database. */
  readonly adminUrl: string;
}

/** The file beside the credential that sets up streams: whom from outside to set up. Nothing in it is secret. */
export const READERS = 'readers.json';

/** Where everything secret of a deploy is kept. */
export function secretsFile({ volumes }: DeployConfig): string {
  return join(volumes, 'all', 'secrets.json');
}

/** Reads what `writeDeploySecrets` made, or makes it. */
export async function deploySecrets(config: DeployConfig): Promise<DeploySecrets> {
  const secrets = await loadSecrets(secretsFile(config));
  if (config.databaseUrl !== undefined) return { secrets, adminUrl: config.databaseUrl };
  const password = await adminPassword(join(config.volumes, 'all', 'postgres'));
  return {
    secrets,
    adminUrl: `postgres://${ADMIN}:${encodeURIComponent(password)}@${config.databaseHost}/${config.database}`,
  };
}

/**
 * Makes the secrets of a deploy once, and lays each where only its consumer looks:
 *
 *   all/                everything; mounted by this job and the prepare jobs only
 *   postgres/           the superuser's password; nothing for a server of one's own
 *   nats/, nats-data/   the server's config; its empty store
 *   nats-deploy/        the credential that sets up streams, and the readers from outside to set up
 *   <service>/          its runtime credentials and keys
 *   <service>-deploy/   its migration credential; billing-stars' also that of the ledger's checker
 *
 * Run again, it finds what it made and writes the same.
 *
 * @param accounts whom the files are given to; left out, they stay the caller's (who is then no root)
 */
export async function writeDeploySecrets(config: DeployConfig, accounts?: Accounts): Promise<void> {
  const at = (...path: string[]) => join(config.volumes, ...path);
  const folders = [
    'all',
    'all/keys',
    'postgres',
    'nats',
    'nats-data',
    'nats-deploy',
    ...SERVICES.map(({ name }) => name),
    ...DATABASE_SERVICES.map(({ name }) => `${name}-deploy`),
  ];
  for (const folder of folders) await makeFolder(at(folder));
  const { secrets, adminUrl } = await deploySecrets(config);

  if (config.databaseUrl === undefined)
    await writeSecret(at('postgres', 'password'), decodeURIComponent(new URL(adminUrl).password));
  await writeSecret(at('nats', 'nats.conf'), natsConfig(config, secrets));
  const keyFiles = await writeKeyFiles(at('all', 'keys'), secrets);
  await copyFile(deployNkeyFile(at('all', 'keys')), at('nats-deploy', 'nkey'));
  await writeSecret(at('nats-deploy', READERS), `${JSON.stringify(readersOf(secrets), undefined, 2)}\n`);
  for (const service of SERVICES) {
    const files = keyFiles[service.name];
    if (files === undefined) throw new Error(`no key files were made for ${service.name}`);
    await copyFile(files.nkey, at(service.name, 'nkey'));
    await copyFile(files.signingKey, at(service.name, 'context.json'));
    await copyFile(files.publicKeys, at(service.name, 'context-public-keys.json'));
    await writeSecret(at(service.name, 'service.env'), environmentFile(secretsOf(service, secrets, adminUrl)));
  }
  for (const { name } of DATABASE_SERVICES) {
    await writeSecret(
      at(`${name}-deploy`, 'migrate.env'),
      environmentFile({ MIGRATE_DATABASE_URL: roleUrl({ adminUrl, secrets }, name, 'migrate') }),
    );
  }
  await writeSecret(
    at('billing-stars-deploy', 'checker.env'),
    environmentFile({ CHECKER_DATABASE_URL: roleUrl({ adminUrl, secrets }, 'billing-stars', 'checker') }),
  );
  const { email, password } = secrets.operator;
  await writeSecret(
    at('identity-deploy', 'operator.env'),
    environmentFile({ OPERATOR_EMAIL: email, OPERATOR_PASSWORD: password }),
  );

  if (accounts === undefined) return;
  await give(at('postgres'), accounts.postgres);
  for (const folder of folders.filter((name) => name !== 'postgres' && name !== 'nats-data'))
    await give(at(folder), accounts.service);
  // The store is the server's own from here on.
  await chown(at('nats-data'), accounts.service, accounts.service);
}

/** What a service must not be told in the open; the rest of its environment stands in docker-compose.yml. */
function secretsOf(service: ServiceNeeds, secrets: Secrets, adminUrl: string): Record<string, string | undefined> {
  return {
    ...(service.database && {
      DATABASE_URL: roleUrl({ adminUrl, secrets }, service.name, 'app'),
      TENANCY_TAG_KEY: secrets.tagKeys[service.name],
    }),
    ...(service.database &&
      tells(service) && { RELAY_DATABASE_URL: roleUrl({ adminUrl, secrets }, service.name, 'relay') }),
    ...(service.sealing && { IDENTITY_SEALING_KEY: secrets.sealingKey }),
  };
}

function natsConfig(config: DeployConfig, secrets: Secrets): string {
  return natsConfigText(secrets, { host: '0.0.0.0', port: config.natsPort, storeDir: config.natsStore });
}

/** For `node --env-file`. No value here holds a quote or a line break: they are generated or base64. */
function environmentFile(values: Record<string, string | undefined>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
}

async function writeSecret(file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600 });
}

/** Hands a folder and the files in it to an account, and closes it to all others. */
async function give(folder: string, account: number): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    await chmod(join(folder, entry.name), 0o600);
    await chown(join(folder, entry.name), account, account);
  }
  await chmod(folder, 0o700);
  await chown(folder, account, account);
}
