import { DomainError, mayNot, OrgChangedEvent, type orgsMessages, type Permission, type Role } from '@apollo/contracts';
import { mayAs, Outbox } from '@apollo/messaging';
import { assertVersion, AuditTrail } from '@apollo/service-kit';
import { Injectable } from '@nestjs/common';
import { AccessAnnouncer } from '../access/access.announcer.js';
import { opened, StandingRepository } from '../access/standing.repository.js';
import { factsOf, OrgRepository, organizationOf, type OrgSettings } from './org.repository.js';
import { amountsStay, type CurrencyAnswer } from './org.currency.js';
import { settingsAfter } from './org.rules.js';

/** The acting organization's settings and its end. */
@Injectable()
export class OrgService {
  constructor(
    private readonly orgs: OrgRepository,
    private readonly standing: StandingRepository,
    private readonly audit: AuditTrail,
    private readonly announcer: AccessAnnouncer,
    private readonly outbox: Outbox,
  ) {}

  /** @throws DomainError `org_not_found`, `org_suspended` */
  async get(): Promise<orgsMessages.Organization> {
    return organizationOf(opened(await this.orgs.find()));
  }

  /**
   * @throws DomainError `etag_mismatch`, `forbidden` for a role lost meanwhile, `state_conflict` for a currency changed
   *   meanwhile
   */
  async update(request: orgsMessages.UpdateOrgRequest, { leaves }: CurrencyAnswer): Promise<orgsMessages.Organization> {
    const { org, role } = await this.standing.lock();
    require(role, 'org.update');
    assertVersion(org.version, request.if_match);
    const settings = settingsAfter(org, request);
    const changed = (Object.keys(settings) as (keyof OrgSettings)[]).filter((field) => settings[field] !== org[field]);
    if (changed.includes('currency') && leaves !== org.currency) throw amountsStay(org.currency);
    if (changed.length === 0) return organizationOf(org);
    const updated = await this.orgs.update(settings);
    await this.audit.done('org.updated', org.id, { fields: changed });
    await this.outbox.emit(OrgChangedEvent, org.id, factsOf(updated));
    if (changed.includes('mfa_required')) await this.announcer.changed(null);
    return organizationOf(updated);
  }

  /**
   * @throws DomainError `validation_failed` unless the slug was typed, `owner_required` for an Owner no more,
   *   `etag_mismatch`
   */
  async delete({ confirm, if_match }: orgsMessages.DeleteOrgRequest): Promise<orgsMessages.OrgDeletion> {
    const { org, role } = await this.standing.lock();
    if (!mayAs(role, 'org.delete')) throw new DomainError('owner_required');
    if (confirm !== org.slug) {
      throw new DomainError('validation_failed', 'Type the slug to confirm.', [
        { field: 'confirm', problem: 'confirm must be the slug of the organization' },
      ]);
    }
    assertVersion(org.version, if_match);
    const purge = await this.orgs.close();
    if (!purge) throw new DomainError('org_not_found');
    const end = { purge_after: purge.toISOString() };
    await this.audit.done('org.deleted', org.id, end);
    await this.outbox.wakeOnCommit();
    await this.announcer.changed(null);
    return { deleted: true, ...end };
  }
}

function require(role: Role, permission: Permission): void {
  if (!mayAs(role, permission)) throw new DomainError('forbidden', mayNot(role, permission));
}
