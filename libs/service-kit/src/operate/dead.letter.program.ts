import type { ServiceName } from '@apollo/contracts';
import { DeadLetters } from '@apollo/messaging';
import { type ServiceSchema, TenantDatabase } from '@apollo/tenancy/postgres';
import { AuditTrail } from '../audit/audit.trail.js';
import { databaseConfig } from '../config.js';
import { CursorCodec } from '../lists/cursor.codec.js';
import { DeadJobCommands, type DeadWorkSource } from './dead.job.commands.js';
import { DeadLetterCommands } from './dead.letter.commands.js';
import { type Address, type DeadLetterAction, readDeadLetterWords } from './dead.letter.words.js';
import { OperatorContext } from './operator.context.js';
import { type Say, terminalLine } from './terminal.line.js';

/** Gives what a service has of it. */
type SourceOf = (database: TenantDatabase) => DeadWorkSource;

/**
 * The operator's command for events that a service could not handle, and for jobs of its own that died: lists them,
 * shows one entity's or one job, has them handled anew by the running service, or gives one up. One of them is named by
 * its organization and its id, is looked for under that organization's tag, and is the only one that is touched; what
 * was given up, and why, is in that organization's audit log.
 *
 * @param words the command's arguments; @param say writes one line
 * @param config the service's way into its database; from `DATABASE_URL` and `TENANCY_TAG_KEY` when absent
 * @param work what else may wait, of a service that has such work
 * @throws Error with a usage line for anything else, and where none or several things wait under a name
 */
export async function deadLetterProgram(
  service: ServiceName,
  schema: ServiceSchema,
  words: readonly string[],
  say: Say,
  config = databaseConfig(),
  work?: SourceOf,
): Promise<void> {
  const database = new TenantDatabase(config);
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

async function run(words: readonly string[], events: DeadLetterCommands, jobs?: DeadJobCommands): Promise<void> {
  const asked = readDeadLetterWords(words);
  if ('action' in asked) return (await theOneAt(asked.address, events, jobs)).do(asked.action);
  const blocked = await events.find();
  const dead = (await jobs?.find()) ?? [];
  if (asked.verb === 'list' || blocked.length + dead.length === 0) {
    events.list(blocked);
    return jobs?.list(dead);
  }
  const failed: string[] = [];
  const replay = (id: string, work: Promise<void> | undefined) => work?.catch(() => void failed.push(id));
  for (const each of dead) await replay(each.id, jobs?.do({ verb: 'replay' }, each));
  for (const each of blocked) await replay(each.entity_id, events.do({ verb: 'replay' }, each));
  if (failed.length > 0) throw new Error(`Could not be replayed now, all others are: ${failed.join(' ')}`);
}

/** What waits under an id of an organization, and the option that tells it from what else does. */
interface Candidate {
  readonly option: string;
  do(action: DeadLetterAction): Promise<void>;
}

/** @throws Error where nothing of the organization waits under the id, and where it is to be said which */
async function theOneAt(address: Address, events: DeadLetterCommands, jobs?: DeadJobCommands): Promise<Candidate> {
  const { organization, id, option: asked } = address;
  const found = await candidates(address, events, jobs);
  const meant = found.filter(({ option }) => !asked || option === asked || option.startsWith(`${asked}=`));
  const [one, ...others] = meant;
  if (!one) throw new Error(`Nothing of organization ${organization} waits under ${[id, asked].join(' ').trim()}.`);
  if (others.length === 0) return one;
  const options = meant.map(({ option }) => option).join(' or ');
  throw new Error(`Several things of organization ${organization} wait under ${id}: say which behind it, ${options}.`);
}

async function candidates(
  { organization, id }: Address,
  events: DeadLetterCommands,
  jobs: DeadJobCommands | undefined,
): Promise<Candidate[]> {
  const dead = (await jobs?.named(organization, id)) ?? [];
  const blocked = await events.named(organization, id);
  return [
    ...dead.map((each) => ({ option: '--job', do: async (action: DeadLetterAction) => jobs?.do(action, each) })),
    ...blocked.map((each) => ({
      option: `--event=${each.source}.${each.entity}`,
      do: (action: DeadLetterAction) => events.do(action, each),
    })),
  ];
}
