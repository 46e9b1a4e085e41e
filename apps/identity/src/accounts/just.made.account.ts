import { DomainError, type identityMessages } from '@apollo/contracts';
import { type Clock, CLOCK, later } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { asPerson } from '../context/person.context.js';
import { PasswordService } from '../passwords/password.service.js';
import { SecondFactorService } from '../second-factor/second.factor.service.js';
import { ThrottleService } from '../throttle/throttle.service.js';
import { AccountRepository } from './account.repository.js';
import { addressKey } from './address.rules.js';

/** How long the same request finds the account it made. */
const RETRY_WINDOW_MS = 15 * 60_000;

/** The account that an invited person has just made: of use to somebody's second try after an answer was lost. */
@Injectable()
export class JustMadeAccount {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly passwords: PasswordService,
    private readonly factors: SecondFactorService,
    private readonly throttle: ThrottleService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Platform, outside of transactions. To know its password is to sign in: each try counts among those to sign in, and
   * with a second factor there is no other way.
   *
   * @returns nothing when the address has no account
   * @throws DomainError `state_conflict` when it has any other account, `rate_limited`
   */
  async find({
    email,
    password,
    invited_by,
  }: identityMessages.InvitedAccountRequest): Promise<identityMessages.Account | undefined> {
    const id = await this.accounts.find(email);
    if (!id) return undefined;
    const name = await asPerson(id, () => this.recentName());
    if (name === undefined) throw hasAccount();
    const key = addressKey(email);
    this.passwords.assertRoom(invited_by);
    const attempt = await this.throttle.take('sign-in', key, key);
    if (attempt.accountBlocked || attempt.originBlocked) throw new DomainError('rate_limited');
    if (!(await asPerson(id, () => this.passwords.isMine(password, invited_by)))) throw hasAccount();
    await this.throttle.undo(attempt);
    return { id, email, name };
  }

  private async recentName(): Promise<string | undefined> {
    const person = await this.accounts.person();
    const recent = person !== undefined && later(person.created_at, RETRY_WINDOW_MS) > this.clock();
    return recent && !(await this.factors.isSetUp()) ? person.name : undefined;
  }
}

function hasAccount(): DomainError {
  return new DomainError('state_conflict', 'The address has an account.');
}
