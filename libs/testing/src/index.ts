export * from './faults/index.js';
export type { ServerSet } from './servers/server.set.js';
export { startServers } from './servers/server.set.js';
export { databaseBefore } from './servers/earlier.database.js';
export { foreignKeys } from './servers/foreign.keys.js';
export { indexBounds } from './servers/index.bounds.js';
export { purgeGaps, rowsOf } from './servers/purge.checks.js';
export { rowBounds } from './servers/row.bounds.js';
export { daysAsText } from './servers/days.as.text.js';
export { type EventFacts, eventFacts } from './servers/event.facts.js';
export { checkFunctions } from './servers/function.checks.js';
export * from './servers/schema.comparison.js';
export * from './servers/own.bus.js';
export * from './servers/own.pooler.js';
export * from './servers/own.postgres.js';
export * from './servers/test.database.js';
export * from './servers/test.servers.js';
export * from './servers/test.service.js';
export * from './tenants/two.orgs.js';
export * from './specimen/attacker.js';
export * from './specimen/lock.waits.js';
export * from './specimen/specimen.schema.js';
export { tableLocks } from './specimen/table.locks.js';
export {
  type Comparison,
  compareWorlds,
  compareWorldsOf,
  type WorldDifference as Tell,
} from './worlds/world.comparison.js';
export { type TwoWorlds, twoWorlds } from './worlds/two.worlds.js';
export { worldStatements } from './config.js';
export { until } from './until.js';
