export * from './audit/audit.tables.js';
export * from './audit/audit.trail.js';
export * from './commands/command.runner.js';
export * from './commands/idempotency.tables.js';
export * from './lists/cursor.codec.js';
export * from './mail/mailer.js';
export * from './process/index.js';
export * from './start/service.start.js';
