import { DomainError, type identityMessages } from '@apollo/contracts';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { addressKey } from '../accounts/address.rules.js';
import { AfterReply } from '../process/after.reply.js';
import { ThrottleService } from '../throttle/throttle.service.js';
import { PasswordResetMailing } from './password.reset.mailing.js';

/** Takes requests for reset links. Platform. */
@Injectable()
export class PasswordForgottenService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly throttle: ThrottleService,
    private readonly mailing: PasswordResetMailing,
    private readonly afterReply: AfterReply,
  ) {}

  /**
   * Answers before it looks whether there is such an account. An address that has been sent many links gets no further
   * one for a while, and nobody is told.
   *
   * @throws DomainError `rate_limited` by where the request comes from
   */
  async request({ email, address }: identityMessages.ForgotPasswordRequest): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const attempt = await this.throttle.take('forgot-password', addressKey(email), address);
      if (attempt.originBlocked) throw new DomainError('rate_limited');
      if (attempt.accountBlocked) return;
      transaction.afterCommit(() => this.afterReply.run('mail reset link', () => this.mailing.mailTo(email, address)));
    });
  }
}
