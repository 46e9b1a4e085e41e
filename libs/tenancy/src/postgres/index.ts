export { type DatabasePreparation, prepareDatabase } from './database.preparation.js';
export { p } from '@mikro-orm/core';
export * from './statement.js';
export * from './table.factory.js';
export * from './tenant.database.js';
export { NoTransactionError } from './tenant.dialect.js';
export * from './service.schema.js';
