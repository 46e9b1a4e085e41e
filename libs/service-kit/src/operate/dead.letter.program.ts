import type { ServiceName } from '@apollo/contracts';
import { type BlockedEntity, DeadLetters } from '@apollo/messaging';
import { newId, runAsSystem } from '@apollo/tenancy';
import { type ServiceSchema, TenantDatabase } from '@apollo/tenancy/postgres';
import { AuditTrail } from '../audit/audit.trail.js';
import { databaseConfig } from '../config.js';
import { CursorCodec } from '../lists/cursor.codec.js';

const USAGE =
  'Say what to do: list | show <entity id> | replay <entity id> | replay --all | give-up <entity id> <reason>';

/** Writes one line for the operator. */
type Say = (line: string) => void;

/**
 * The operator's command for events that a service could not handle: lists them, shows one entity's, has them handled
 * anew by the running service, or gives one up. Each organization's letters are read under its own tag; what was given up,
 * and why, is in its audit log.
 *
 * @param words the command's arguments; @param say writes one line
 * @param config the service's way into its database; from `DATABASE_URL` and `TENANCY_TAG_KEY` when absent
 * @throws Error with a usage line for anything else
 */
export async function deadLetterProgram(
  service: ServiceName,
  schema: ServiceSchema,
  words: readonly string[],
  say: Say,
  config = databaseConfig(),
): Promise<void> {
  const database = new TenantDatabase({ ...config, tables: schema.tables });
  const audit = new AuditTrail(database, new CursorCodec(config.tagKey), schema.service);
  try {
    await new DeadLetterDesk(service, database, new DeadLetters(database, schema.service), audit, say).run(words);
  } finally {
    await database.close();
  }
}

/** As `deadLetterProgram`, for a process of its own: its arguments and output, one line about what went wrong, an exit code. */
export async function runDeadLetters(service: ServiceName, schema: ServiceSchema): Promise<void> {
  try {
    await deadLetterProgram(service, schema, process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

class DeadLetterDesk {
  constructor(
    private readonly service: ServiceName,
    private readonly database: TenantDatabase,
    private readonly letters: DeadLetters,
    private readonly audit: AuditTrail,
    private readonly say: Say,
  ) {}

  async run([verb, name, ...rest]: readonly string[]): Promise<void> {
    const blocked = await runAsSystem(
      { reason: 'an operator asks what waits', service: this.service, scope: 'platform', requestId: newId() },
      () => this.letters.list(),
    );
    if (verb === 'list' && name === undefined) return this.list(blocked);
    const chosen =
      name === '--all' && verb === 'replay' ? blocked : blocked.filter(({ entity_id }) => entity_id === name);
    const does = this.deed(verb, rest.join(' ').trim());
    if (!does || name === undefined) throw new Error(USAGE);
    if (chosen.length === 0 && name === '--all' && verb === 'replay') return this.list(chosen);
    if (chosen.length === 0) throw new Error(`No event of ${name} waits.`);
    for (const each of chosen)
      await does(each).catch((error: unknown) =>
        this.tell(`${each.entity_id} of organization ${each.org_id} cannot be read: ${(error as Error).name}`),
      );
  }

  private deed(verb: string | undefined, reason: string): ((each: BlockedEntity) => Promise<void>) | undefined {
    if (reason !== '') return verb === 'give-up' ? (each) => this.giveUp(each, reason) : undefined;
    if (verb === 'show') return (each) => this.show(each);
    return verb === 'replay' ? (each) => this.replay(each) : undefined;
  }

  /** Says what organizations may have written: none of it breaks the line, or reaches the terminal as a command. */
  private tell(line: string): void {
    this.say(line.replaceAll(/\p{Cc}/gu, '\ufffd'));
  }

  private list(blocked: readonly BlockedEntity[]): void {
    this.say(`${blocked.length} ${blocked.length === 1 ? 'entity waits' : 'entities wait'}`);
    for (const { since, source, entity, entity_id, org_id, replay } of blocked) {
      this.tell(
        `${since.toISOString()}  ${source}.${entity} ${entity_id}  of organization ${org_id}${replay ? '  replay asked for' : ''}`,
      );
    }
  }

  private async show({ org_id, source, entity, entity_id }: BlockedEntity): Promise<void> {
    const letters = await this.within(org_id, () => this.letters.of({ source, entity }, entity_id));
    this.say(`${source}.${entity} ${entity_id} of organization ${org_id}`);
    for (const { entity_version, type, reason, at, request_id, body } of letters) {
      this.tell(`  version ${entity_version}  ${type}  ${at.toISOString()}  ${reason}  request ${request_id}`);
      this.tell(`    ${body}`);
    }
  }

  private async replay({ org_id, source, entity, entity_id }: BlockedEntity): Promise<void> {
    await this.within(org_id, () => this.letters.askForReplay({ source, entity }, entity_id));
    this.say(
      `${source}.${entity} ${entity_id}: the running service handles its events anew within seconds; list says what still waits.`,
    );
  }

  private async giveUp({ org_id, source, entity, entity_id }: BlockedEntity, reason: string): Promise<void> {
    const event = await this.within(org_id, () =>
      this.database.transaction(async () => {
        const given = await this.letters.giveUp({ source, entity }, entity_id);
        if (given) await this.audit.done('event.given_up', entity_id, { ...given, source, entity, reason });
        return given;
      }),
    );
    this.tell(
      event
        ? `${event.type} version ${event.entity_version} of ${entity_id} is given up: ${reason}. Those behind it are handled anew within seconds; list says what still waits.`
        : `No event of ${entity_id} can be given up now; list says what waits.`,
    );
  }

  private within<T>(orgId: string, fn: () => Promise<T>): Promise<T> {
    return runAsSystem(
      {
        reason: 'an operator looks at events that wait',
        service: this.service,
        scope: 'org',
        orgId,
        requestId: newId(),
      },
      fn,
    );
  }
}
