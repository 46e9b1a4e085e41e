import { announceServers } from './config.js';
import { startIntegrationServers } from './integration.servers.js';
import { keepForTeardown } from './jest-global-teardown.js';

/** Jest runs this once before the integration tier. */
export default async function setup(): Promise<void> {
  const { servers, stop } = await startIntegrationServers((line) => process.stderr.write(`${line}\n`));
  keepForTeardown(stop);
  announceServers(servers);
}
