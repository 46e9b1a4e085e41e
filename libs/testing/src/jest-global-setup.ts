import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { announceServersFile } from './config.js';
import { keepForTeardown } from './jest-global-teardown.js';
import { startServers } from './servers/server.set.js';

/** Jest runs this once before the integration tier: one PostgreSQL for the whole run, one NATS for each worker. */
export default async function globalSetup({ maxWorkers }: { readonly maxWorkers: number }): Promise<void> {
  const { servers, stop } = await startServers(maxWorkers, (line) => process.stderr.write(`${line}\n`));
  const path = join(servers.folder, 'servers.json');
  await writeFile(path, JSON.stringify(servers), { mode: 0o600 });
  announceServersFile(path);
  keepForTeardown(stop);
}
