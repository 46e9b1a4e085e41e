export { type DatabasePreparation, prepareDatabase } from './database.preparation.js';
export { p } from '@mikro-orm/core';
export * from './statement.js';
export * from './table.factory.js';
export * from './tenant.database.js';
export type { ForeignKey } from './foreign.key.js';
export { type FunctionFile, functionFiles } from './function.files.js';
export { migrate, migrationFiles, pendingOf } from './service.migration.js';
export { schemaSql, type ServiceSchema, type TableFunction } from './service.schema.js';
export { ClockError } from './clock.check.js';
export {
  DatabaseBusyError,
  hasCode,
  isForeignKeyViolation,
  isOfAnotherVersion,
  isRefusal,
  isOvertaken,
  isTimeout,
  isUnavailable,
  isUniqueViolation,
  NotAQueryError,
  TransactionStateError,
} from './database.errors.js';
export { FailedMigrationError } from './failed.migration.js';
export { holderOf } from './fair.pool.js';
export { GatedClient } from './gated.client.js';
export { assertMigrated, UnmigratedDatabaseError, UnpreparedDatabaseError } from './migration.check.js';
export { assertProtected, UnprotectedDatabaseError } from './protection.check.js';
export * from './outbox.database.js';
export { patience } from './patience.js';
export { PLATFORM_REALM, type TableKind } from './policy.text.js';
export { TAG_LIFETIME_SECONDS, TagSigner } from './tag.signer.js';
export { assertPinned, assertRelayRole, WrongRoleError } from './session.check.js';
export { CHECKER_SETTINGS, RELAY_SETTINGS, startupOptions, UnpinnedSessionError } from './session.settings.js';
