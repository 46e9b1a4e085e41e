export { childEnvironment, programFolders } from './config.js';
export { type MailInbox, type MailInboxOptions, startMailInbox } from './mail/mail.inbox.js';
export type { MailMessage } from './mail/mail.message.js';
export { natsProgram, type NatsProgram, type NatsProgramOptions } from './nats/nats.program.js';
export { type NatsOptions, reloadNats, type RunningNats, startNats } from './nats/nats.server.js';
export { type Account, postgresAccount } from './postgres/postgres.account.js';
export { ADMIN, adminPassword } from './postgres/postgres.cluster.js';
export {
  discardPostgres,
  type PostgresOptions,
  type RunningPostgres,
  startPostgres,
} from './postgres/postgres.server.js';
export { type Daemon, lastLines, type ProcessEnd, startDaemon, stopLeftover } from './process/daemon.js';
export { makeFolder } from './process/folder.js';
export { freePort, freePorts, LOOPBACK, requireFreePort } from './process/port.js';
export { identify, isRunning, type ProcessIdentity } from './process/process.identity.js';
export { asStartFailure, StartFailure } from './start.failure.js';
