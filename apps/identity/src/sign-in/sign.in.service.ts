import { DomainError, type identityMessages } from '@apollo/contracts';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { addressKey } from '../accounts/address.rules.js';
import { asPerson } from '../doors/person.door.js';
import { PasswordService } from '../passwords/password.service.js';
import { SecondFactorService } from '../second-factor/second.factor.service.js';
import { type OpenSession, SessionStart } from '../sessions/session.start.js';
import { ThrottleService } from '../throttle/throttle.service.js';

type Outcome = OpenSession | 'needed' | 'wrong';

/**
 * Signs people in. Whatever is wrong, the same steps are taken for a known and an unknown address: count, look up,
 * read, hash. They differ only once the password was right.
 */
@Injectable()
export class SignInService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly throttle: ThrottleService,
    private readonly passwords: PasswordService,
    private readonly factors: SecondFactorService,
    private readonly start: SessionStart,
  ) {}

  /**
   * Platform.
   *
   * @param failed told of a wrong password or code, with whose account was tried
   * @throws DomainError `rate_limited`, `invalid_credentials`, `mfa_required`
   */
  async signIn(request: identityMessages.LoginRequest, failed: (userId: string) => void): Promise<OpenSession> {
    const attempt = await this.throttle.take('sign-in', addressKey(request.email), request.address);
    if (attempt.accountBlocked || attempt.originBlocked) throw new DomainError('rate_limited');
    const { userId, right } = await this.passwords.check(request.email, request.password);
    const outcome: Outcome = right ? await this.open(userId, request) : 'wrong';
    if (outcome === 'wrong') {
      failed(userId);
      throw new DomainError('invalid_credentials');
    }
    if (outcome === 'needed') {
      await this.throttle.undo(attempt);
      throw new DomainError('mfa_required');
    }
    await this.throttle.succeeded(attempt);
    return outcome;
  }

  private open(userId: string, request: identityMessages.LoginRequest): Promise<Outcome> {
    return asPerson(userId, () =>
      this.database.transaction(async () => {
        const verdict = await this.factors.use(request.totp_code);
        return verdict === 'needed' || verdict === 'wrong'
          ? verdict
          : this.start.begin(userId, request, verdict === 'right');
      }),
    );
  }
}
