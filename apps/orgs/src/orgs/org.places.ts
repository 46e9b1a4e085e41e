import { DomainError } from '@apollo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { ORGS_CONFIG, type OrgsConfig } from '../config.js';
import { DirectoryRepository } from '../directory/directory.repository.js';

/** How many organizations an account may have created: each brings Stars, and a share of all that is bounded by organization. */
@Injectable()
export class OrgPlaces {
  constructor(
    private readonly directory: DirectoryRepository,
    @Inject(ORGS_CONFIG) private readonly config: OrgsConfig,
  ) {}

  /** Takes a place of the acting person for the organization that is about to be. @throws DomainError `state_conflict` where none is free */
  async take(): Promise<void> {
    const most = this.config.orgsPerAccount;
    if (await this.directory.takePlace(most)) return;
    throw new DomainError(
      'state_conflict',
      `An account may have created at most ${most} organizations here. A deleted one counts until its data is purged, 30 days later. Ask whoever runs the platform for more.`,
    );
  }
}
