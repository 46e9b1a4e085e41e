import { type BlockedEntity, DeadLetters, type WaitingEntity } from '@apollo/messaging';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { AuditTrail } from '../audit/audit.trail.js';
import type { DeadLetterAction } from './dead.letter.words.js';
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

  /** The entities of one organization whose events wait and that have this id. */
  async named(orgId: string, entityId: string): Promise<readonly WaitingEntity[]> {
    const origins = await this.context.within(orgId, () => this.letters.named(entityId));
    return origins.map((origin) => ({ ...origin, org_id: orgId, entity_id: entityId }));
  }

  list(blocked: readonly BlockedEntity[]): void {
    this.say(`${blocked.length} ${blocked.length === 1 ? 'entity waits' : 'entities wait'}`);
    for (const { since, source, entity, entity_id, org_id, replay } of blocked) {
      const asked = replay ? '  replay asked for' : '';
      this.tell(`${since.toISOString()}  event ${source}.${entity}  ${org_id} ${entity_id}${asked}`);
    }
  }

  /** Does it to one entity's events. What cannot be read of them is said, and stops nothing that comes after it. */
  async do(action: DeadLetterAction, one: WaitingEntity): Promise<void> {
    await this.command(action, one).catch((error: unknown) =>
      this.tell(`${one.entity_id} of organization ${one.org_id} cannot be read: ${(error as Error).name}`),
    );
  }

  private command(action: DeadLetterAction, one: WaitingEntity): Promise<void> {
    if (action.verb === 'give-up') return this.giveUp(one, action.reason);
    return action.verb === 'show' ? this.show(one) : this.replay(one);
  }

  /** Says what organizations may have written: none of it breaks the line, or reaches the terminal as a command. */
  private tell(line: string): void {
    this.say(terminalLine(line));
  }

  private async show({ org_id, source, entity, entity_id }: WaitingEntity): Promise<void> {
    const letters = await this.context.within(org_id, () => this.letters.of({ source, entity }, entity_id));
    this.tell(`${source}.${entity} ${entity_id} of organization ${org_id}`);
    for (const { entity_version, type, reason, at, request_id, body } of letters) {
      this.tell(`  version ${entity_version}  ${type}  ${at.toISOString()}  ${reason}  request ${request_id}`);
      this.tell(`    ${body}`);
    }
  }

  private async replay({ org_id, source, entity, entity_id }: WaitingEntity): Promise<void> {
    const known = await this.context.within(org_id, () => this.letters.askForReplay({ source, entity }, entity_id));
    const said = known
      ? 'the running service handles its events anew within seconds; list says what still waits'
      : 'no event of it is handled by this service';
    this.tell(`${source}.${entity} ${entity_id}: ${said}.`);
  }

  private async giveUp({ org_id, source, entity, entity_id }: WaitingEntity, reason: string): Promise<void> {
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
