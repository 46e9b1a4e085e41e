import { DomainError } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository.js';
import { addressKey } from '../accounts/address.rules.js';
import { asPlatform } from '../context/person.context.js';
import { PasswordService } from '../passwords/password.service.js';
import { SecondFactorService } from '../second-factor/second.factor.service.js';
import { SessionGate } from '../sessions/session.gate.js';
import { type Attempt, ThrottleService } from '../throttle/throttle.service.js';

/** Somebody who has proved once more to be who they are, by a password or a first code. */
export interface Proved {
  readonly email: string;
  readonly attempt: Attempt;
}

/** Asks a signed-in person for their secrets once more, before what a stolen session must not do. */
@Injectable()
export class ReAuthentication {
  constructor(
    private readonly session: SessionGate,
    private readonly throttle: ThrottleService,
    private readonly passwords: PasswordService,
    private readonly factors: SecondFactorService,
    private readonly accounts: AccountRepository,
  ) {}

  /**
   * Person, outside of transactions.
   *
   * @param from the network address that asks
   * @throws DomainError `invalid_credentials`, `rate_limited`
   */
  async prove(password: string, from: string | undefined): Promise<Proved> {
    this.passwords.assertRoom(from);
    const proved = await this.attempt();
    if (!(await this.passwords.isMine(password, from))) throw new DomainError('invalid_credentials');
    return proved;
  }

  /**
   * Person, outside of transactions. Counts an attempt to guess a secret as failed, until it is undone: a session that
   * has ended guesses nothing.
   *
   * @throws DomainError `rate_limited`, `unauthenticated`
   */
  async attempt(): Promise<Proved> {
    await this.session.assertStands();
    const { actor } = currentTenant();
    const account = await this.accounts.mine();
    if (!account) throw new DomainError('not_found', `There is no account of ${actor}.`);
    const { email } = account;
    const attempt = await asPlatform(() => this.throttle.take('re-authentication', addressKey(email), actor));
    if (attempt.accountBlocked || attempt.originBlocked) throw new DomainError('rate_limited');
    return { email, attempt };
  }

  /** Person. The attempt was right, or guessed at nothing. */
  async undo(attempt: Attempt): Promise<void> {
    await asPlatform(() => this.throttle.undo(attempt));
  }

  /**
   * Person, inside a transaction, in which the code is used up.
   *
   * @throws DomainError `invalid_credentials`, `mfa_required`
   */
  async complete(attempt: Attempt, code: string | undefined): Promise<void> {
    await this.factors.require(code);
    await asPlatform(() => this.throttle.succeeded(attempt));
  }
}
