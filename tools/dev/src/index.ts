export { type NatsOptions, reloadNats, type RunningNats, startNats } from './nats/nats.server.js';
export { natsConfigText } from './nats/nats.users.js';
export { natsProgram, type NatsProgram, type NatsProgramOptions } from './nats/nats.program.js';
export { type MailInbox, type MailInboxOptions, startMailInbox } from './mail/mail.inbox.js';
export type { MailMessage } from './mail/mail.message.js';
export {
  discardPostgres,
  type PostgresOptions,
  type RunningPostgres,
  startPostgres,
} from './postgres/postgres.server.js';
export { type Account, postgresAccount } from './postgres/postgres.account.js';
export { type Daemon, startDaemon } from './process/daemon.js';
export { freePort, freePorts, LOOPBACK } from './process/port.js';
export type { Ports } from './config.js';
export { LedgerChecker, type LedgerFinding, type LedgerReport } from './ledger/ledger.checker.js';
export { StartFailure } from './start-failure.js';
export { type Platform, type PlatformOptions, startPlatform } from './platform/platform.js';
export { readRunning, type Running, type RunningUser } from './platform/running.file.js';
export { type Answer, HttpClient, type Json, ProblemError } from './client/http.client.js';
export { MailReader } from './client/mail.reader.js';
export { progressTo } from './progress.js';
export { type KeyFiles, writeKeyFiles } from './platform/key.files.js';
export { loadSecrets, type Secrets } from './platform/secrets.store.js';
export { SAMPLE } from './demo/demo.arguments.js';
export { DemoFailure } from './demo/demo.failure.js';
export { type MondayResult, playMonday } from './demo/monday.js';
export { Narrator } from './demo/narrator.js';
