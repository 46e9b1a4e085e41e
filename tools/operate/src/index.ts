export { readSettings } from './config.js';
export { checkLedger } from './ledger/ledger.check.js';
export { LedgerChecker, type LedgerFinding, type LedgerReport } from './ledger/ledger.checker.js';
export { operatorCommand } from './operator.command.js';
export {
  deployNkeyFile,
  type KeyFiles,
  publicKeysFile,
  publicSigningKeys,
  writeKeyFiles,
} from './secrets/key.files.js';
export { natsConfigText, readersOf } from './secrets/nats.users.js';
export {
  addReader,
  assertFree,
  dropReader,
  listedReaders,
  readerFacts,
  removeReaderKey,
  writeReaderKey,
} from './secrets/reader.registry.js';
export { demoPassword, loadSecrets, newPassword, saveSecrets, type Secrets } from './secrets/secrets.store.js';
export { databaseFailure, natsFailure, requireSuperuser } from './server.failures.js';
export { roleUrl } from './services/role.connection.js';
export {
  byRole,
  type ByRole,
  DATABASE_SERVICES,
  schemaOf,
  type ServiceNeeds,
  SERVICES,
  tells,
} from './services/service.catalog.js';
