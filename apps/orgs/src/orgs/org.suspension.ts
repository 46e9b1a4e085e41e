import { DomainError, type orgsMessages } from '@apollo/contracts';
import { Outbox } from '@apollo/messaging';
import { currentTenant } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { AccessAnnouncer } from '../access/access.announcer.js';
import { enterOrg } from '../access/org.context.js';
import { DirectoryRepository } from '../directory/directory.repository.js';
import { StandingLog } from './standing.log.js';

/**
 * How operators block an organization everywhere, and let it go on. Nothing here waits for what the organization itself
 * can hold locked: the decision is in effect with its commit, its audit log follows.
 */
@Injectable()
export class OrgSuspension {
  constructor(
    private readonly database: TenantDatabase,
    private readonly directory: DirectoryRepository,
    private readonly announcer: AccessAnnouncer,
    private readonly outbox: Outbox,
    private readonly log: StandingLog,
  ) {}

  /** Does nothing to one that is in that state already. @throws DomainError `org_not_found` */
  async set(
    status: 'active' | 'suspended',
    { slug, reason }: orgsMessages.OrgStatusRequest,
  ): Promise<{ done: boolean }> {
    const place = await this.directory.orgOf(slug);
    if (!place || place.status === 'deleted') throw new DomainError('org_not_found');
    await this.database.transaction(async (transaction) => {
      if (!(await this.directory.decideStanding(place, status, status === 'suspended' ? (reason ?? null) : null)))
        return;
      await this.outbox.wakeOnCommit();
      transaction.afterCommit(() => this.log.wake());
      // Within the transaction it would wait for a connection that counts for the organization.
      const { actor } = currentTenant();
      transaction.afterCommit(() => enterOrg(place, actor, () => this.announcer.announce(null)));
    });
    return { done: true };
  }
}
