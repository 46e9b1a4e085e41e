import { DescribePerson, DomainError, type identityMessages } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { currentTenant } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { ORGS_CONFIG, type OrgsConfig } from '../config.js';
import { DirectoryRepository } from '../directory/directory.repository.js';

/**
 * Who may create organizations, and how many: each brings Stars, and a share of all that is bounded by organization.
 */
@Injectable()
export class OrgQuota {
  constructor(
    private readonly directory: DirectoryRepository,
    private readonly bus: Bus,
    @Inject(ORGS_CONFIG) private readonly config: OrgsConfig,
  ) {}

  /** The acting person, as identity knows them. Not within a transaction. @throws DomainError `not_granted` */
  async grantedTo(): Promise<identityMessages.Person> {
    const person = await this.bus.request(DescribePerson, { id: currentTenant().actor });
    if (!person.may_create_orgs) throw new DomainError('not_granted');
    return person;
  }

  /**
   * Takes a place of the acting person for the organization that is about to be.
   *
   * @throws DomainError `state_conflict` where none is free
   */
  async take(): Promise<void> {
    const most = this.config.orgsPerAccount;
    if (await this.directory.takePlace(most)) return;
    throw new DomainError(
      'state_conflict',
      `An account may have created at most ${most} organizations here. A deleted one counts until its data is purged, 30 days later. Ask whoever runs the platform for more.`,
    );
  }
}
