import { DomainError, type identityMessages } from '@apollo/contracts';
import { Injectable } from '@nestjs/common';
import { addressKey } from '../accounts/address.rules.js';
import { asPerson } from '../context/person.context.js';
import { PasswordService } from '../passwords/password.service.js';
import { SecondFactorService } from '../second-factor/second.factor.service.js';
import { type OpenSession, SessionStart } from '../sessions/session.start.js';
import { type Attempt, ThrottleService } from '../throttle/throttle.service.js';

/** Whose password was right, and the attempt that is to be counted as successful. */
export interface ProvenPassword {
  readonly userId: string;
  /** How often that person had been signed out everywhere by then. */
  readonly signOuts: number;
  readonly attempt: Attempt;
  /** Told of a wrong code. */
  readonly failed: Failed;
}

/** Takes whose account was tried, and an id of the attempt, which copies of its message have in common. */
export type Failed = (userId: string, attemptId: string) => void;

/**
 * Signs people in. Whatever is wrong, the same steps are taken for a known and an unknown address: count, look up,
 * read, hash. They differ only once the password was right.
 */
@Injectable()
export class SignInService {
  constructor(
    private readonly throttle: ThrottleService,
    private readonly passwords: PasswordService,
    private readonly factors: SecondFactorService,
    private readonly start: SessionStart,
  ) {}

  /**
   * Platform, outside of transactions.
   *
   * @param failed told of a wrong password or code
   * @throws DomainError `rate_limited`, `invalid_credentials`, `mfa_required`
   */
  async prove(request: identityMessages.LoginRequest, failed: Failed): Promise<ProvenPassword> {
    this.passwords.assertRoom(request.address);
    const attempt = await this.throttle.take('sign-in', addressKey(request.email), request.address);
    if (attempt.accountBlocked || attempt.originBlocked) throw new DomainError('rate_limited');
    const { userId, signOuts, right } = await this.passwords.check(request.email, request.password, request.address);
    if (!right) {
      failed(userId, attempt.ids.attempt);
      throw new DomainError('invalid_credentials');
    }
    if (request.totp_code === undefined && (await asPerson(userId, () => this.factors.isSetUp()))) {
      await this.throttle.undo(attempt);
      throw new DomainError('mfa_required');
    }
    return { userId, signOuts, attempt, failed };
  }

  /**
   * Platform, inside a transaction, in which a code is used up.
   *
   * @throws DomainError `invalid_credentials`, `mfa_required`
   */
  async begin(
    request: identityMessages.LoginRequest,
    { userId, signOuts, attempt, failed }: ProvenPassword,
  ): Promise<OpenSession> {
    const session = await asPerson(userId, async () => {
      const mfa = await this.factors.require(request.totp_code, () => failed(userId, attempt.ids.attempt));
      return this.start.begin(userId, request, { mfa, signOuts });
    });
    await this.throttle.succeeded(attempt);
    return session;
  }
}
