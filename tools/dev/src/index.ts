export { type NatsOptions, type RunningNats, startNats } from './nats/nats.server.js';
export { natsProgram, type NatsProgram, type NatsProgramOptions } from './nats/nats.program.js';
export { type MailInbox, type MailInboxOptions, startMailInbox } from './mail/mail.inbox.js';
export type { MailMessage } from './mail/mail.message.js';
export { type PostgresOptions, type RunningPostgres, startPostgres } from './postgres/postgres.server.js';
export { freePort, freePorts, LOOPBACK } from './process/port.js';
export { StartFailure } from './start-failure.js';
