import { DomainError } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { addressKey } from '../accounts/address.rules.js';
import { asPlatform } from '../doors/person.door.js';
import { PasswordService } from '../passwords/password.service.js';
import { SecondFactorService } from '../second-factor/second.factor.service.js';
import { ThrottleService } from '../throttle/throttle.service.js';

/** Asks a signed-in person for their secrets once more, before what a stolen session must not do. */
@Injectable()
export class ReAuthentication {
  constructor(
    private readonly database: TenantDatabase,
    private readonly throttle: ThrottleService,
    private readonly passwords: PasswordService,
    private readonly factors: SecondFactorService,
  ) {}

  /**
   * Person. Runs `then` in the transaction that uses the code up.
   *
   * @throws DomainError `invalid_credentials`, `mfa_required`, `rate_limited`
   */
  async prove<T>(
    email: string,
    given: { password: string; code?: string | undefined },
    then: () => Promise<T>,
  ): Promise<T> {
    const { actor } = currentTenant();
    const attempt = await asPlatform(() => this.throttle.take('re-authentication', addressKey(email), actor));
    if (attempt.accountBlocked || attempt.originBlocked) throw new DomainError('rate_limited');
    if (!(await this.passwords.isMine(given.password))) throw new DomainError('invalid_credentials');
    const result = await this.database.transaction(async () => {
      const verdict = await this.factors.use(given.code);
      if (verdict === 'needed') throw new DomainError('mfa_required');
      if (verdict === 'wrong') throw new DomainError('invalid_credentials');
      return then();
    });
    await asPlatform(() => this.throttle.succeeded(attempt));
    return result;
  }
}
