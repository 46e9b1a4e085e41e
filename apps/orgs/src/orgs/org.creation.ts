import {
  canonicalLanguage,
  DescribePerson,
  DomainError,
  type identityMessages,
  MemberJoinedEvent,
  OrgCreatedEvent,
  type orgsMessages,
} from '@apollo/contracts';
import { Bus, Outbox } from '@apollo/messaging';
import { AuditTrail } from '@apollo/service-kit';
import { currentTenant, newId } from '@apollo/tenancy';
import { isUniqueViolation } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { AccessAnnouncer } from '../access/access.announcer.js';
import { enterOrg } from '../access/org.door.js';
import { MemberRepository } from '../members/member.repository.js';
import { factsOf, OrgRepository, organizationOf, type OrgRow } from './org.repository.js';
import { OrgPlaces } from './org.places.js';
import { isReservedSlug } from './org.rules.js';

/** Brings an organization into being, with the acting person as its first Owner. */
@Injectable()
export class OrgCreation {
  constructor(
    private readonly bus: Bus,
    private readonly orgs: OrgRepository,
    private readonly members: MemberRepository,
    private readonly audit: AuditTrail,
    private readonly announcer: AccessAnnouncer,
    private readonly outbox: Outbox,
    private readonly places: OrgPlaces,
  ) {}

  /** @throws DomainError `slug_taken` for a reserved slug, `not_granted` */
  async prepare(request: orgsMessages.CreateOrgRequest): Promise<identityMessages.Person> {
    if (isReservedSlug(request.slug)) throw new DomainError('slug_taken');
    const person = await this.bus.request(DescribePerson, { id: currentTenant().actor });
    if (!person.may_create_orgs) throw new DomainError('not_granted');
    return person;
  }

  /** @throws DomainError `slug_taken`, also for the slug of a deleted organization; `state_conflict` where the account has as many as it may */
  async create(
    request: orgsMessages.CreateOrgRequest,
    creator: identityMessages.Person,
  ): Promise<orgsMessages.Organization> {
    return enterOrg({ org_id: newId() }, creator.id, async () => {
      const now = new Date();
      await this.places.take();
      const org = await this.insert(request, now);
      await this.members.insert({
        id: creator.id,
        email: creator.email.toLowerCase(),
        name: creator.name,
        role: 'owner',
        now,
      });
      await this.audit.done('org.created', org.id, { owner: creator.id });
      await this.outbox.emit(OrgCreatedEvent, org.id, factsOf(org));
      await this.outbox.emit(MemberJoinedEvent, creator.id, { role: 'owner' });
      await this.announcer.changed(creator.id);
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
