import type { IntegrationServers } from './integration.servers.js';

const ANNOUNCED = 'APOLLO_TEST_SERVERS';

/** A superuser URL of a server of one's own, to run the integration specs against. */
export function externalDatabase(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env['DATABASE_URL'] || undefined;
}

/** Says where the servers of this run are; Jest's workers inherit it. */
export function announceServers(servers: IntegrationServers, env: NodeJS.ProcessEnv = process.env): void {
  env[ANNOUNCED] = JSON.stringify(servers);
}

/**
 * The servers of this run, started once for all integration specs.
 *
 * @throws Error outside of the integration tier
 */
export function integrationServers(env: NodeJS.ProcessEnv = process.env): IntegrationServers {
  const announced = env[ANNOUNCED];
  if (announced === undefined) {
    throw new Error('No servers were started for this spec: build (npx tsc -b), and name it .int.spec.ts.');
  }
  return JSON.parse(announced) as IntegrationServers;
}
