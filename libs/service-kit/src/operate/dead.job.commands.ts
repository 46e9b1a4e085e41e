import { TenantDatabase } from '@apollo/tenancy/postgres';
import { AuditTrail } from '../audit/audit.trail.js';
import type { OperatorContext } from './operator.context.js';
import { type Say, terminalLine } from './terminal.line.js';

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

  list(dead: readonly DeadWork[]): void {
    if (dead.length > 0) this.say(`${dead.length} ${dead.length === 1 ? 'job has' : 'jobs have'} died`);
    for (const { since, id, org_id } of dead)
      this.say(terminalLine(`${since.toISOString()}  job ${id}  of organization ${org_id}`));
  }

  /** @param reason empty for any verb but `give-up` @returns false for a verb that is none */
  async do(verb: string | undefined, { org_id, id }: DeadWork, reason: string): Promise<boolean> {
    if (verb === 'give-up' ? reason === '' : reason !== '') return false;
    if (verb === 'show') this.say(terminalLine(await this.context.within(org_id, () => this.work.show(id))));
    else if (verb === 'replay') await this.replay(org_id, id);
    else if (verb === 'give-up') await this.giveUp(org_id, id, reason);
    else return false;
    return true;
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
