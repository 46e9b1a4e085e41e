import type { ServiceName } from '@apollo/contracts';
import { type BlockedEntity, DeadLetters } from '@apollo/messaging';
import { newId, runAsSystem } from '@apollo/tenancy';
import { type ServiceSchema, TenantDatabase } from '@apollo/tenancy/postgres';
import { AuditTrail } from '../audit/audit.trail.js';
import { databaseConfig } from '../config.js';
import { CursorCodec } from '../lists/cursor.codec.js';
import { terminalLine } from './terminal.line.js';

const USAGE =
  'Say what to do: list | show <entity id> | replay <entity id> | replay --all | give-up <entity id> <reason>; a job’s id does for an entity’s';

/** Something of a service, beside events, that failed for good and waits for an operator. */
export interface DeadWork {
  readonly org_id: string;
  readonly id: string;
  readonly since: Date;
}

/** Where such work is found; `show`, `replay` and `giveUp` run as the service itself within the organization. */
export interface DeadWorkSource {
  /** Of every organization; under the platform scope. */
  find(): Promise<readonly DeadWork[]>;
  /** What it is and what it failed by, in one line. */
  show(id: string): Promise<string>;
  /** @returns false when it does not wait any more */
  replay(id: string): Promise<boolean>;
  /** @returns false when it does not wait any more */
  giveUp(id: string): Promise<boolean>;
}

/** Gives what a service has of it. */
type SourceOf = (database: TenantDatabase) => DeadWorkSource;

/** Writes one line for the operator. */
type Say = (line: string) => void;

/**
 * The operator's command for events that a service could not handle, and for jobs of its own that died: lists them, shows one entity's or one
 * job, has them handled anew by the running service, or gives one up. Each organization's letters are read under its own tag; what was given up,
 * and why, is in its audit log.
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
  try {
    const letters = new DeadLetters(database, schema.service);
    await new DeadLetterDesk(service, database, letters, audit, say, work?.(database)).run(words);
  } finally {
    await database.close();
  }
}

/** As `deadLetterProgram`, for a process of its own: its arguments and output, one line about what went wrong, an exit code. */
export async function runDeadLetters(service: ServiceName, schema: ServiceSchema, work?: SourceOf): Promise<void> {
  try {
    const say: Say = (line) => void process.stdout.write(`${line}\n`);
    await deadLetterProgram(service, schema, process.argv.slice(2), say, databaseConfig(), work);
  } catch (error) {
    process.stderr.write(`${terminalLine(error instanceof Error ? error.message : String(error))}\n`);
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
    private readonly work?: DeadWorkSource,
  ) {}

  async run([verb, name, ...rest]: readonly string[]): Promise<void> {
    const blocked = await this.forAll(() => this.letters.list());
    const dead = (await this.forAll(async () => this.work?.find())) ?? [];
    if (verb === 'list' && name === undefined) return this.list(blocked, dead);
    const job = dead.find(({ id }) => id === name);
    if (job && this.work) return this.job(this.work, job, verb, rest.join(' ').trim());
    if (name === '--all' && verb === 'replay' && this.work)
      for (const each of dead) await this.job(this.work, each, verb, '');
    const chosen =
      name === '--all' && verb === 'replay' ? blocked : blocked.filter(({ entity_id }) => entity_id === name);
    const does = this.deed(verb, rest.join(' ').trim());
    if (!does || name === undefined) throw new Error(USAGE);
    if (chosen.length === 0 && name === '--all' && verb === 'replay')
      return dead.length > 0 ? undefined : this.list(chosen, dead);
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
    this.say(terminalLine(line));
  }

  private list(blocked: readonly BlockedEntity[], dead: readonly DeadWork[]): void {
    this.say(`${blocked.length} ${blocked.length === 1 ? 'entity waits' : 'entities wait'}`);
    for (const { since, source, entity, entity_id, org_id, replay } of blocked) {
      this.tell(
        `${since.toISOString()}  ${source}.${entity} ${entity_id}  of organization ${org_id}${replay ? '  replay asked for' : ''}`,
      );
    }
    if (dead.length > 0) this.say(`${dead.length} ${dead.length === 1 ? 'job has' : 'jobs have'} died`);
    for (const { since, id, org_id } of dead) this.tell(`${since.toISOString()}  job ${id}  of organization ${org_id}`);
  }

  private async job(
    work: DeadWorkSource,
    { org_id, id }: DeadWork,
    verb: string | undefined,
    reason: string,
  ): Promise<void> {
    if (verb === 'show' && reason === '') return this.tell(await this.within(org_id, () => work.show(id)));
    if (verb === 'replay' && reason === '') {
      const waited = await this.within(org_id, () => work.replay(id));
      return this.say(waited ? `${id}: the running service begins it anew within seconds.` : `${id} waits no more.`);
    }
    if (verb !== 'give-up' || reason === '') throw new Error(USAGE);
    const given = await this.within(org_id, () =>
      this.database.transaction(async () => {
        const waited = await work.giveUp(id);
        if (waited) await this.audit.done('job.given_up', id, { reason });
        return waited;
      }),
    );
    this.tell(given ? `${id} is given up: ${reason}.` : `${id} waits no more.`);
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

  private forAll<T>(fn: () => Promise<T>): Promise<T> {
    return runAsSystem(
      { reason: 'an operator asks what waits', service: this.service, scope: 'platform', requestId: newId() },
      fn,
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
