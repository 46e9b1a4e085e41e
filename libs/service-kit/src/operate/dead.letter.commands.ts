import { type BlockedEntity, DeadLetters } from '@apollo/messaging';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { AuditTrail } from '../audit/audit.trail.js';
import type { OperatorContext } from './operator.context.js';
import { type Say, terminalLine } from './terminal.line.js';

/** What an operator may do with events that a service could not handle. */
export class DeadLetterCommands {
  constructor(
    private readonly context: OperatorContext,
    private readonly database: TenantDatabase,
    private readonly letters: DeadLetters,
    private readonly audit: AuditTrail,
    private readonly say: Say,
  ) {}

  /** The entities whose events wait, of every organization. */
  find(): Promise<readonly BlockedEntity[]> {
    return this.context.forAll(() => this.letters.list());
  }

  list(blocked: readonly BlockedEntity[]): void {
    this.say(`${blocked.length} ${blocked.length === 1 ? 'entity waits' : 'entities wait'}`);
    for (const { since, source, entity, entity_id, org_id, replay } of blocked) {
      this.tell(
        `${since.toISOString()}  ${source}.${entity} ${entity_id}  of organization ${org_id}${replay ? '  replay asked for' : ''}`,
      );
    }
  }

  /** @param reason empty for any verb but `give-up` @returns false for a verb that is none */
  async do(verb: string | undefined, chosen: readonly BlockedEntity[], reason: string): Promise<boolean> {
    const command = this.command(verb, reason);
    if (!command) return false;
    for (const each of chosen)
      await command(each).catch((error: unknown) =>
        this.tell(`${each.entity_id} of organization ${each.org_id} cannot be read: ${(error as Error).name}`),
      );
    return true;
  }

  private command(verb: string | undefined, reason: string): ((each: BlockedEntity) => Promise<void>) | undefined {
    if (reason !== '') return verb === 'give-up' ? (each) => this.giveUp(each, reason) : undefined;
    if (verb === 'show') return (each) => this.show(each);
    return verb === 'replay' ? (each) => this.replay(each) : undefined;
  }

  /** Says what organizations may have written: none of it breaks the line, or reaches the terminal as a command. */
  private tell(line: string): void {
    this.say(terminalLine(line));
  }

  private async show({ org_id, source, entity, entity_id }: BlockedEntity): Promise<void> {
    const letters = await this.context.within(org_id, () => this.letters.of({ source, entity }, entity_id));
    this.say(`${source}.${entity} ${entity_id} of organization ${org_id}`);
    for (const { entity_version, type, reason, at, request_id, body } of letters) {
      this.tell(`  version ${entity_version}  ${type}  ${at.toISOString()}  ${reason}  request ${request_id}`);
      this.tell(`    ${body}`);
    }
  }

  private async replay({ org_id, source, entity, entity_id }: BlockedEntity): Promise<void> {
    await this.context.within(org_id, () => this.letters.askForReplay({ source, entity }, entity_id));
    this.say(
      `${source}.${entity} ${entity_id}: the running service handles its events anew within seconds; list says what still waits.`,
    );
  }

  private async giveUp({ org_id, source, entity, entity_id }: BlockedEntity, reason: string): Promise<void> {
    const event = await this.context.within(org_id, () =>
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
}
