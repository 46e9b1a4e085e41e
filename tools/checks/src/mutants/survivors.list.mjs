/**
 * Mutants that no spec of their library notices, and why that is as it should be. A survivor that is not here fails
 * `npm run mutants`; so does an entry that is of no mutant any more. `mutant` is what the program prints; it stands for
 * every place of the file that it is of.
 *
 * @typedef {object} Survivor
 * @property {string} file
 * @property {string} mutant
 * @property {string} reason
 *
 * @type {Survivor[]}
 */
export const SURVIVORS = [
  {
    file: 'libs/work/src/job.runner.ts',
    mutant: 'ENDED_AT_ONCE: constant: 2 → (2 + 1)',
    reason: 'How many jobs a process ends at once is a matter of load; any number keeps every promise.',
  },
  {
    file: 'libs/work/src/job.runner.ts',
    mutant: "constructor: return: logger.error({ error: describe(error) }, 'asking whether wor… → undefined",
    reason: 'A line of the log alone, for what fails outside of any job; the next look comes all the same.',
  },
  {
    file: 'libs/service-kit/src/lists/cursor.codec.ts',
    mutant: 'mac: constant: 1 → (1 + 1)',
    reason: 'Means the same: of what a comparison gives, the sign alone counts.',
  },
  {
    file: 'libs/service-kit/src/operate/operator.context.ts',
    mutant: "forAll: property: without reason: 'an operator asks what waits',",
    reason: 'Text for people: why a context of the system is opened, beside the list that lint holds.',
  },
  {
    file: 'libs/service-kit/src/mail/mailer.ts',
    mutant: "asPlatform: property: without reason: 'mails of all organizations go out in turns',",
    reason: 'Text for people: why a context of the system is opened, beside the list that lint holds.',
  },
  {
    file: 'libs/service-kit/src/health/serving.watch.ts',
    mutant: 'EVERY_MS: constant: 500 → (500 + 1)',
    reason: 'A pause between two looks: a millisecond more breaks no promise.',
  },
  {
    file: 'libs/service-kit/src/mail/mail.transport.ts',
    mutant: 'connected: property: without connectionTimeout: 5_000,',
    reason: 'How long a silent server is waited for; the library would wait for longer, and a spec for as long.',
  },
  {
    file: 'libs/service-kit/src/mail/mail.transport.ts',
    mutant: 'connected: property: without ...patience',
    reason: 'How long a silent server is waited for; the library would wait for longer, and a spec for as long.',
  },
  {
    file: 'libs/service-kit/src/start/service.start.ts',
    mutant: "open: constant: 'ready' → ''",
    reason:
      'Text for people: the line of the log that says that all has been opened; whoever waits for it is a spec of a service.',
  },
  {
    file: 'libs/service-kit/src/start/service.start.ts',
    mutant: 'startService: property: without migrations: newer',
    reason: 'A line of the log alone, for people: which migrations a database has beyond those that the version knows.',
  },
  {
    file: 'libs/service-kit/src/start/durable.messages.ts',
    mutant: 'start: argument: reconciler .bring(contract, event) → reconciler .bring(contract)',
    reason:
      'What it brings at once, the next comparison brings too; that it does so is shown with the reconciler, in messaging.',
  },
  {
    file: 'libs/messaging/src/envelope/compact.jws.ts',
    mutant: 'serviceOf: constant: 1 → (1 + 1)',
    reason: 'Means the same: of the parts, the first one alone is taken.',
  },
  {
    file: 'libs/messaging/src/envelope/context.token.ts',
    mutant: 'tokens: constant: 20_000 → (20_000 + 1)',
    reason: 'How many tokens are kept is a matter of memory: one that is not is made anew.',
  },
  {
    file: 'libs/messaging/src/durable/event.seal.ts',
    mutant: 'holding: constant: 1_000 → (1_000 + 1)',
    reason: 'How many signatures are kept is a matter of memory: one that is not is looked at anew.',
  },
  {
    file: 'libs/messaging/src/durable/event.streams.ts',
    mutant: 'streamDrift: constant: 1 → (1 + 1)',
    reason: 'Means the same: a stream without a bound is one below zero, whichever number that is.',
  },
  {
    file: 'libs/messaging/src/durable/event.consumer.ts',
    mutant: 'waitsNoMore: statement: without this.waiting.delete(org);',
    reason: 'Memory alone: an empty list stays for an organization of which nothing waits, and counts as none.',
  },
  {
    file: 'libs/messaging/src/durable/event.consumer.ts',
    mutant: 'receive: return: message.working() → undefined',
    reason:
      'An event that takes half a minute would be delivered again meanwhile, which takes effect once all the same: it is load.',
  },
  {
    file: 'libs/tenancy/src/postgres/tenant.database.ts',
    mutant: 'pingAnew: await: await pool.end() → pool.end()',
    reason:
      'The answer comes a moment before the connection that was made for it is closed, and nothing waits for that.',
  },
  {
    file: 'libs/tenancy/src/postgres/pipeline.query.ts',
    mutant: 'handleReadyForQuery: argument: …not ${this.leaves}`), []) → …not ${this.leaves}`))',
    reason: 'Means the same: with an error, nobody reads the results that are handed on beside it.',
  },
  {
    file: 'libs/tenancy/src/postgres/physical.transaction.ts',
    mutant: 'ROLLBACK: constant: true → false',
    reason: 'Whether it is kept prepared, and its answer left unread, is a matter of time: it takes the same back.',
  },
  {
    file: 'libs/tenancy/src/postgres/protection.check.ts',
    mutant: 'PATCHED: constant: 180006 → (180006 + 1)',
    reason:
      'Which release is the first one without the holes is a fact from outside; the one server of the specs is not it.',
  },
];
