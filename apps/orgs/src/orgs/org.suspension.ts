import { DomainError, OrgChangedEvent, type orgsMessages } from '@apollo/contracts';
import { Outbox } from '@apollo/messaging';
import { AuditTrail } from '@apollo/service-kit';
import { currentTenant } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { AccessAnnouncer } from '../access/access.announcer.js';
import { enterOrg } from '../access/org.door.js';
import { StandingRepository } from '../access/standing.repository.js';
import { DirectoryRepository } from '../directory/directory.repository.js';
import { factsOf, OrgRepository } from './org.repository.js';

/** How operators block an organization everywhere, and let it go on. */
@Injectable()
export class OrgSuspension {
  constructor(
    private readonly directory: DirectoryRepository,
    private readonly orgs: OrgRepository,
    private readonly standing: StandingRepository,
    private readonly audit: AuditTrail,
    private readonly announcer: AccessAnnouncer,
    private readonly outbox: Outbox,
  ) {}

  /** Does nothing to one that is in that state already. @throws DomainError `org_not_found` */
  async set(
    status: 'active' | 'suspended',
    { slug, reason }: orgsMessages.OrgStatusRequest,
  ): Promise<{ done: boolean }> {
    const place = await this.directory.orgOf(slug);
    if (!place) throw new DomainError('org_not_found');
    const { actor } = currentTenant();
    const org = await enterOrg(place, actor, () => this.standing.lockOrg());
    if (!org || org.status === 'deleted') throw new DomainError('org_not_found');
    if (org.status === status) return { done: true };
    await this.directory.decideStanding(place, status, status === 'suspended' ? (reason ?? null) : null);
    return enterOrg(place, actor, async () => {
      await this.orgs.followStanding();
      await this.audit.done(status === 'suspended' ? 'org.suspended' : 'org.resumed', org.id);
      await this.outbox.emit(OrgChangedEvent, org.id, factsOf({ ...org, status }));
      await this.announcer.changed(null);
      return { done: true };
    });
  }
}
