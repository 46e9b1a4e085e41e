import { DomainError, type identityMessages } from '@apollo/contracts';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { type Clock, CLOCK } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { AccountService } from '../accounts/account.service.js';
import { tokenHash } from '../secrets/link.token.js';
import { GrantRepository } from './grant.repository.js';

/** Turns links into accounts. */
@Injectable()
export class ActivationService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly grants: GrantRepository,
    private readonly accounts: AccountService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError `link_used` for a link that works no more or never did, `validation_failed` for a bad password,
   *   which uses nothing up
   */
  async activate({ token, name, password }: identityMessages.ActivateRequest): Promise<identityMessages.Account> {
    return this.database.transaction(async () => {
      const email = await this.grants.activate(tokenHash(token), this.clock());
      if (!email) throw new DomainError('link_used');
      return this.accounts.create({ email, name, password, mayCreateOrgs: true });
    });
  }
}
