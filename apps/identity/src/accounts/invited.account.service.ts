import type { identityMessages } from '@apollo/contracts';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { type Clock, CLOCK } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { GrantRepository } from '../grants/grant.repository.js';
import { AccountService } from './account.service.js';

/** Accounts of people who accept an invitation; its mail has proved their address. Platform. */
@Injectable()
export class InvitedAccountService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly accounts: AccountService,
    private readonly grants: GrantRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * A grant that waits for the same address counts as activated.
   *
   * @throws DomainError `state_conflict`, `validation_failed`
   */
  async create({ email, name, password }: identityMessages.InvitedAccountRequest): Promise<identityMessages.Account> {
    return this.database.transaction(async () => {
      const mayCreateOrgs = await this.grants.activateFor(email, this.clock());
      return this.accounts.create({ email, name, password, mayCreateOrgs });
    });
  }
}
