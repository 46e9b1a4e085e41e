import type { ServiceName } from '@apollo/contracts';
import { DeadLetters } from '@apollo/messaging';
import { type ServiceSchema, TenantDatabase } from '@apollo/tenancy/postgres';
import { AuditTrail } from '../audit/audit.trail.js';
import { databaseConfig } from '../config.js';
import { CursorCodec } from '../lists/cursor.codec.js';
import { DeadJobCommands, type DeadWorkSource } from './dead.job.commands.js';
import { DeadLetterCommands } from './dead.letter.commands.js';
import { OperatorContext } from './operator.context.js';
import { type Say, terminalLine } from './terminal.line.js';

const USAGE =
  'Say what to do: list | show <entity id> | replay <entity id> | replay --all | give-up <entity id> <reason>; a job’s id does for an entity’s';

/** Gives what a service has of it. */
type SourceOf = (database: TenantDatabase) => DeadWorkSource;

/**
 * The operator's command for events that a service could not handle, and for jobs of its own that died: lists them,
 * shows one entity's or one job, has them handled anew by the running service, or gives one up. Each organization's
 * letters are read under its own tag; what was given up, and why, is in its audit log.
 *
 * @param words the command's arguments; @param say writes one line
 * @param config the service's way into its database; from `DATABASE_URL` and `TENANCY_TAG_KEY` when absent
 * @param work what else may wait, of a service that has such work
 * @throws Error with a usage line for anything else
 */
export async function deadLetterProgram(
  service: ServiceName,
  schema: ServiceSchema,
  words: readonly string[],
  say: Say,
  config = databaseConfig(),
  work?: SourceOf,
): Promise<void> {
  const database = new TenantDatabase({ ...config, tables: schema.tables });
  const audit = new AuditTrail(database, new CursorCodec(config.tagKey), schema.service);
  const context = new OperatorContext(service);
  try {
    const events = new DeadLetterCommands(context, database, new DeadLetters(database, schema.service), audit, say);
    const source = work?.(database);
    await run(words, events, source && new DeadJobCommands(context, database, source, audit, say));
  } finally {
    await database.close();
  }
}

/**
 * As `deadLetterProgram`, for a process of its own: its arguments and output, one line about what went wrong, an exit
 * code.
 */
export async function runDeadLetters(service: ServiceName, schema: ServiceSchema, work?: SourceOf): Promise<void> {
  try {
    const say: Say = (line) => void process.stdout.write(`${line}\n`);
    await deadLetterProgram(service, schema, process.argv.slice(2), say, databaseConfig(), work);
  } catch (error) {
    process.stderr.write(`${terminalLine(error instanceof Error ? error.message : String(error))}\n`);
    process.exitCode = 1;
  }
}

/** @throws Error with a usage line for what is no command, and where nothing waits under the name */
async function run(words: readonly string[], events: DeadLetterCommands, jobs?: DeadJobCommands): Promise<void> {
  const [verb, name, ...rest] = words;
  const reason = rest.join(' ').trim();
  const blocked = await events.find();
  const dead = (await jobs?.find()) ?? [];
  const list = (): void => {
    events.list(blocked);
    jobs?.list(dead);
  };
  if (verb === 'list' && name === undefined) return list();
  if (name === undefined) throw new Error(USAGE);
  const isAll = verb === 'replay' && name === '--all' && reason === '';
  if (isAll && blocked.length + dead.length === 0) return list();
  const of = <T>(all: readonly T[], idOf: (one: T) => string): readonly T[] =>
    isAll ? all : all.filter((one) => idOf(one) === name);
  const chosenJobs = of(dead, ({ id }) => id);
  for (const each of chosenJobs) if (!(await jobs?.do(verb, each, reason))) throw new Error(USAGE);
  if (chosenJobs.length > 0 && !isAll) return;
  const chosen = of(blocked, ({ entity_id }) => entity_id);
  if (!(await events.do(verb, chosen, reason))) throw new Error(USAGE);
  if (chosen.length === 0 && !isAll) throw new Error(`No event of ${name} waits.`);
}
