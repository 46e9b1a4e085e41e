import { DomainError, type identityMessages } from '@apollo/contracts';
import { type Clock, CLOCK } from '@apollo/tenancy';
import { isUniqueViolation } from '@apollo/tenancy/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { asPerson } from '../context/person.context.js';
import { PasswordService } from '../passwords/password.service.js';
import { SecurityEventLog } from '../security-events/security.event.log.js';
import { AccountRepository } from './account.repository.js';

/** A person who is about to get an account. */
export interface NewAccount {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  /** Of `PasswordService.prepare`. */
  readonly hash: string;
  readonly mayCreateOrgs: boolean;
}

/** Makes accounts and tells about them. */
@Injectable()
export class AccountService {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly passwords: PasswordService,
    private readonly events: SecurityEventLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Platform, inside a transaction.
   *
   * @throws DomainError `state_conflict` when the address has an account
   */
  async create({ id, email, name, hash, mayCreateOrgs }: NewAccount): Promise<identityMessages.Account> {
    const now = this.clock();
    try {
      await this.accounts.add(id, email, mayCreateOrgs, now);
    } catch (error) {
      if (isUniqueViolation(error, 'email_key')) throw new DomainError('state_conflict', 'The address has an account.');
      throw error;
    }
    await asPerson(id, async () => {
      await this.accounts.addPerson(name, now);
      await this.passwords.set(hash);
      await this.events.record('account_created');
    });
    return { id, email, name };
  }

  /** Platform. @throws DomainError `not_found` */
  async describe(id: string): Promise<identityMessages.Person> {
    const account = await this.accounts.describe(id);
    const person = account && (await asPerson(id, () => this.accounts.person()));
    if (!account || !person) throw new DomainError('not_found');
    return {
      id,
      email: account.email,
      name: person.name,
      may_create_orgs: account.operator || account.may_create_orgs,
    };
  }
}
