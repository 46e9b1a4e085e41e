/** What every process needs, with or without a database: the gateway loads this and no more. */
export * from '../config.js';
export * from '../health/health.server.js';
export * from '../health/http.metrics.js';
export * from '../health/operator.alarm.js';
export * from './client.origin.js';
export * from './derived.key.js';
export * from './nest.logger.js';
export * from './process.run.js';
export * from './start.failures.js';
export * from './variable.kinds.js';
export * from './variables.js';
export type { Logger } from 'pino';
