import { Outbox } from '@apollo/messaging';
import { AuditTrail } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { MemberRepository } from './member.repository.js';

/** Leads released by one statement. */
const AT_ONCE = 500;

/** Follows who belongs to the acting organization: nobody else owns a lead of it. */
@Injectable()
export class MemberService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly members: MemberRepository,
    private readonly audit: AuditTrail,
    private readonly outbox: Outbox,
  ) {}

  async know(id: string): Promise<void> {
    await this.members.know(id);
  }

  /** Leaves without an owner what the leaver owned, which each lead's history, its event and the audit log tell. */
  async release(id: string): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await this.members.part(id);
      let leads = 0;
      for (let some = AT_ONCE; some === AT_ONCE; leads += some) some = await this.members.release(id, AT_ONCE);
      await this.members.forget(id);
      if (leads === 0) return;
      await this.audit.done('leads.released', id, { leads });
      transaction.afterCommit(this.outbox.wake);
    });
  }
}
