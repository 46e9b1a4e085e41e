import { TenantDatabase } from '@apollo/tenancy/postgres';
import { AuditTrail } from '../audit/audit.trail.js';
import type { DeadLetterAction } from './dead.letter.words.js';
import type { OperatorContext } from './operator.context.js';
import { type Say, terminalLine } from './terminal.line.js';

/** Something of a service, beside events, that failed for good and waits for an operator. */
export interface DeadWork {
  readonly org_id: string;
  readonly id: string;
  readonly since: Date;
}

type NamedWork = Pick<DeadWork, 'org_id' | 'id'>;

/**
 * Where such work is found; `waits`, `show`, `replay` and `giveUp` run as the service itself within the organization.
 */
export interface DeadWorkSource {
  /** Of every organization; under the platform scope. */
  find(): Promise<readonly DeadWork[]>;
  /** Whether it waits. */
  waits(id: string): Promise<boolean>;
  /** What it is and what it failed by, in one line. */
  show(id: string): Promise<string>;
  /** @returns false when it does not wait any more */
  replay(id: string): Promise<boolean>;
  /** @returns false when it does not wait any more */
  giveUp(id: string): Promise<boolean>;
}

/** What an operator may do with jobs that died. */
export class DeadJobCommands {
  constructor(
    private readonly context: OperatorContext,
    private readonly database: TenantDatabase,
    private readonly work: DeadWorkSource,
    private readonly audit: AuditTrail,
    private readonly say: Say,
  ) {}

  /** Those of every organization. */
  find(): Promise<readonly DeadWork[]> {
    return this.context.forAll(() => this.work.find());
  }

  /** The one of an organization that has this id, if it died. */
  async named(orgId: string, id: string): Promise<readonly NamedWork[]> {
    const waits = await this.context.within(orgId, () => this.work.waits(id));
    return waits ? [{ org_id: orgId, id }] : [];
  }

  list(dead: readonly DeadWork[]): void {
    if (dead.length > 0) this.say(`${dead.length} ${dead.length === 1 ? 'job has' : 'jobs have'} died`);
    for (const { since, id, org_id } of dead) this.say(terminalLine(`${since.toISOString()}  job  ${org_id} ${id}`));
  }

  async do(action: DeadLetterAction, { org_id, id }: NamedWork): Promise<void> {
    if (action.verb === 'give-up') return this.giveUp(org_id, id, action.reason);
    if (action.verb === 'replay') return this.replay(org_id, id);
    this.say(terminalLine(await this.context.within(org_id, () => this.work.show(id))));
  }

  private async replay(orgId: string, id: string): Promise<void> {
    const waited = await this.context.within(orgId, () => this.work.replay(id));
    this.say(waited ? `${id}: the running service begins it anew within seconds.` : `${id} waits no more.`);
  }

  private async giveUp(orgId: string, id: string, reason: string): Promise<void> {
    const given = await this.context.within(orgId, () =>
      this.database.transaction(async () => {
        const waited = await this.work.giveUp(id);
        if (waited) await this.audit.done('job.given_up', id, { reason });
        return waited;
      }),
    );
    this.say(terminalLine(given ? `${id} is given up: ${reason}.` : `${id} waits no more.`));
  }
}
