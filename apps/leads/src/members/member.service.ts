import { Outbox } from '@apollo/messaging';
import { AuditTrail } from '@apollo/service-kit';
import { currentTenant } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { type Claim, Jobs } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { type Leaver, MemberRepository } from './member.repository.js';

/** Leads released by one statement. */
const AT_ONCE = 500;
/** The work that is left when somebody leaves with more than that; an organization has one such job, of its own id. */
export const LEAVERS_JOB = 'release-leads';

/** Follows who belongs to the acting organization: nobody else owns a lead of it. */
@Injectable()
export class MemberService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly members: MemberRepository,
    private readonly jobs: Jobs,
    private readonly audit: AuditTrail,
    private readonly outbox: Outbox,
  ) {}

  async know(id: string): Promise<void> {
    await this.members.know(id);
  }

  /**
   * Leaves without an owner what the leaver owned, which each lead's history, its event and the audit log tell. Of very many
   * leads some are left to a job; until its end the leaver is given no others.
   */
  async release(id: string): Promise<void> {
    await this.database.transaction(async () => {
      const leaver = (await this.members.part(id)) ?? { id, released: 0, is_back: false };
      if (await this.releaseSome({ ...leaver, is_back: false })) return;
      await this.members.leave(id);
      await this.jobs.start({ id: currentTenant().orgId as string, kind: LEAVERS_JOB });
    });
  }

  /** One step of the job: takes some leads from whoever left first. */
  async releaseMore(claim: Claim): Promise<'released' | 'nobody' | 'claim lost'> {
    return this.database.transaction(async () => {
      const [[kept]] = await this.database.batch([this.jobs.cameOn(claim)]);
      if (!kept?.alive) return 'claim lost';
      const leaver = await this.members.leaver();
      if (!leaver) return 'nobody';
      await this.releaseSome(leaver);
      return 'released';
    });
  }

  /** Whether somebody who left may still own leads. */
  isAnybodyLeaving(): Promise<boolean> {
    return this.members.isAnybodyLeaving();
  }

  /** @returns whether that was all that the leaver owned; then the organization is told, and the leaver is gone */
  private async releaseSome({ id, released, is_back }: Leaver): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const some = await this.members.release(id, AT_ONCE);
      const leads = released + some;
      if (some > 0) transaction.afterCommit(this.outbox.wake);
      if (some === AT_ONCE) {
        await this.members.count(id, leads);
        return false;
      }
      await (is_back ? this.members.stay(id) : this.members.forget(id));
      if (leads > 0) await this.audit.done('leads.released', id, { leads });
      return true;
    });
  }
}
