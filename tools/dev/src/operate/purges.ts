import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { loadSecrets, operatorCommand } from '@apollo/operate';
import { childEnvironment, StartFailure } from '@apollo/servers';
import { readConfig } from '../config.js';
import { platformFolder, REPOSITORY } from '../platform/platform.layout.js';
import { readRunning } from '../platform/running.file.js';

// Runs the command of orgs against the platform that runs here: what was purged of which deleted organization.
await operatorCommand(list);

async function list(words: readonly string[]): Promise<number> {
  if (words.length > 0) throw new StartFailure(`The list of purges takes no arguments: ${words.join(' ')}`);
  const folder = platformFolder(readConfig());
  const { postgres } = await readRunning(join(folder, 'running.json'));
  const urls = postgres['orgs'];
  if (typeof urls !== 'object') throw new StartFailure('orgs does not run here: run "npm start" first.');
  const { tagKeys } = await loadSecrets(join(folder, 'secrets.json'));
  const env = { ...childEnvironment(), DATABASE_URL: urls.app, TENANCY_TAG_KEY: String(tagKeys['orgs']) };
  const program = join(REPOSITORY, 'apps', 'orgs', 'dist', 'purges.js');
  return spawnSync(process.execPath, [program], { env, stdio: 'inherit' }).status ?? 1;
}
