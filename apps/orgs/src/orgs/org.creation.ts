import {
  canonicalLanguage,
  DomainError,
  type identityMessages,
  OrgCreatedEvent,
  type orgsMessages,
} from '@apollo/contracts';
import { Outbox } from '@apollo/messaging';
import { AuditTrail } from '@apollo/service-kit';
import { newId } from '@apollo/tenancy';
import { isUniqueViolation } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { enterOrg } from '../access/org.context.js';
import { MemberAdmission } from '../members/member.admission.js';
import { factsOf, OrgRepository, organizationOf, type OrgRow } from './org.repository.js';
import { OrgQuota } from './org.quota.js';
import { isReservedSlug } from './org.rules.js';

/** Brings an organization into being, with the acting person as its first Owner. */
@Injectable()
export class OrgCreation {
  constructor(
    private readonly orgs: OrgRepository,
    private readonly audit: AuditTrail,
    private readonly outbox: Outbox,
    private readonly admission: MemberAdmission,
    private readonly quota: OrgQuota,
  ) {}

  /** @throws DomainError `slug_taken` for a reserved slug, `not_granted` */
  async prepare(request: orgsMessages.CreateOrgRequest): Promise<identityMessages.Person> {
    if (isReservedSlug(request.slug)) throw new DomainError('slug_taken');
    return this.quota.grantedTo();
  }

  /**
   * @throws DomainError `slug_taken`, also for the slug of a deleted organization; `state_conflict` where the account
   *   has as many as it may
   */
  async create(
    request: orgsMessages.CreateOrgRequest,
    creator: identityMessages.Person,
    now: Date,
  ): Promise<orgsMessages.Organization> {
    return enterOrg({ org_id: newId() }, creator.id, async () => {
      await this.quota.take();
      const org = await this.insert(request, now);
      await this.outbox.emit(OrgCreatedEvent, org.id, factsOf(org));
      await this.admission.admit({
        id: creator.id,
        email: creator.email.toLowerCase(),
        name: creator.name,
        role: 'owner',
        now,
      });
      await this.audit.done('org.created', org.id, { owner: creator.id });
      return organizationOf(org);
    });
  }

  private async insert(request: orgsMessages.CreateOrgRequest, now: Date): Promise<OrgRow> {
    const { slug, name, description = null, country = null, time_zone, language, currency } = request;
    try {
      return await this.orgs.insert({
        slug,
        name,
        description,
        country,
        time_zone: time_zone ?? 'UTC',
        language: canonicalLanguage(language ?? 'en'),
        currency: currency ?? 'USD',
        now,
      });
    } catch (error) {
      if (isUniqueViolation(error, 'slugs_pkey')) throw new DomainError('slug_taken');
      throw error;
    }
  }
}
