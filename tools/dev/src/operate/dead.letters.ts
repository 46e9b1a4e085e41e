import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_SERVICES, loadSecrets, operatorCommand } from '@apollo/operate';
import { childEnvironment, StartFailure } from '@apollo/servers';
import { readConfig } from '../config.js';
import { platformFolder, REPOSITORY } from '../platform/platform.layout.js';
import { readRunning } from '../platform/running.file.js';

// Runs a service's own command against the platform that runs here: `npm run dead-letters -- billing-stars list`.
await operatorCommand(ask);

function programOf(service: string): string {
  return join(REPOSITORY, 'apps', service, 'dist', 'dead-letters.js');
}

async function ask([service = '', ...words]: readonly string[]): Promise<number> {
  const having = DATABASE_SERVICES.map(({ name }) => name).filter((name) => existsSync(programOf(name)));
  if (!having.some((name) => name === service))
    throw new StartFailure(
      `Say whose dead letters: npm run dead-letters -- <service> list. Services that react to events: ${having.join(', ')}.`,
    );
  const folder = platformFolder(readConfig());
  const { postgres } = await readRunning(join(folder, 'running.json'));
  const urls = postgres[service];
  if (typeof urls !== 'object') throw new StartFailure(`${service} does not run here: run "npm start" first.`);
  const { tagKeys } = await loadSecrets(join(folder, 'secrets.json'));
  const env = { ...childEnvironment(), DATABASE_URL: urls.app, TENANCY_TAG_KEY: String(tagKeys[service]) };
  return spawnSync(process.execPath, [programOf(service), ...words], { env, stdio: 'inherit' }).status ?? 1;
}
