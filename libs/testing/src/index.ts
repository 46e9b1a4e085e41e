export type { ServerSet } from './servers/server.set.js';
export { startServers } from './servers/server.set.js';
export * from './servers/service.turn.js';
export * from './servers/test.database.js';
export * from './servers/test.servers.js';
export * from './servers/test.service.js';
export * from './tenants/two.orgs.js';
export * from './specimen/attacker.js';
export * from './specimen/specimen.schema.js';
