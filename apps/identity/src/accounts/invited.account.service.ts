import type { identityMessages } from '@apollo/contracts';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { type Clock, CLOCK, newId } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { GrantRepository } from '../grants/grant.repository.js';
import { PasswordService } from '../passwords/password.service.js';
import { AccountService, type NewAccount } from './account.service.js';

/** An account that is made once its transaction begins. */
export type PreparedAccount = Pick<NewAccount, 'id' | 'hash'>;

/** Accounts of people who accept an invitation; its mail has proved their address. Platform. */
@Injectable()
export class InvitedAccountService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly accounts: AccountService,
    private readonly grants: GrantRepository,
    private readonly passwords: PasswordService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Outside of transactions. @throws DomainError as `PasswordService.prepare` */
  async prepare({ email, password, invited_by }: identityMessages.InvitedAccountRequest): Promise<PreparedAccount> {
    const id = newId();
    return { id, hash: await this.passwords.prepare(password, { id, email }, invited_by) };
  }

  /**
   * A grant that waits for the same address counts as activated.
   *
   * @throws DomainError `state_conflict`
   */
  async create(
    { email, name }: identityMessages.InvitedAccountRequest,
    prepared: PreparedAccount,
  ): Promise<identityMessages.Account> {
    return this.database.transaction(async () => {
      const mayCreateOrgs = await this.grants.activateFor(email, this.clock());
      return this.accounts.create({ ...prepared, email, name, mayCreateOrgs });
    });
  }
}
