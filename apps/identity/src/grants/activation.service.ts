import { DomainError, type identityMessages } from '@apollo/contracts';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { type Clock, CLOCK, newId } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { AccountService } from '../accounts/account.service.js';
import type { PreparedAccount } from '../accounts/invited.account.service.js';
import { PasswordService } from '../passwords/password.service.js';
import { tokenHash } from '../secrets/link.token.js';
import { GrantRepository } from './grant.repository.js';

/** Turns links into accounts. */
@Injectable()
export class ActivationService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly grants: GrantRepository,
    private readonly accounts: AccountService,
    private readonly passwords: PasswordService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Outside of transactions; uses nothing up.
   *
   * @throws DomainError `link_used` for a link that works no more or never did; as `PasswordService.prepare`
   */
  async prepare({ token, password, address }: identityMessages.ActivateRequest): Promise<PreparedAccount> {
    const email = assertWorks(await this.grants.waiting(tokenHash(token), this.clock()));
    const id = newId();
    return { id, hash: await this.passwords.prepare(password, { id, email }, address) };
  }

  /** @throws DomainError `link_used` */
  async activate(
    { token, name }: identityMessages.ActivateRequest,
    prepared: PreparedAccount,
  ): Promise<identityMessages.Account> {
    return this.database.transaction(async () => {
      const email = assertWorks(await this.grants.activate(tokenHash(token), this.clock()));
      return this.accounts.create({ ...prepared, email, name, mayCreateOrgs: true });
    });
  }
}

function assertWorks(email: string | undefined): string {
  if (email === undefined) throw new DomainError('link_used');
  return email;
}
