import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { announceServersFile } from './config.js';
import { keepForTeardown } from './jest-global-teardown.js';
import { startServers } from './servers/server.set.js';

/** Jest runs this once before the integration tier: one pair of servers for the whole run. */
export default async function globalSetup(): Promise<void> {
  const { servers, stop } = await startServers((line) => process.stderr.write(`${line}\n`));
  const path = join(servers.folder, 'servers.json');
  await writeFile(path, JSON.stringify(servers), { mode: 0o600 });
  announceServersFile(path);
  keepForTeardown(stop);
}
