import { DomainError, type identityMessages } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository.js';
import { IdentityMails } from '../mail/identity.mails.js';
import { SessionService } from '../sessions/session.service.js';
import { ReAuthentication } from '../sign-in/re.authentication.js';
import type { Attempt } from '../throttle/throttle.service.js';
import { TotpEnrollment } from './totp.enrollment.js';

/** Somebody who has proved once more to be who they are, by a password or a first code. */
export interface Proved {
  readonly email: string;
  readonly attempt: Attempt;
}

/** What a signed-in person does to get a second factor. */
@Injectable()
export class TotpService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly accounts: AccountRepository,
    private readonly again: ReAuthentication,
    private readonly enrollment: TotpEnrollment,
    private readonly sessions: SessionService,
    private readonly mails: IdentityMails,
  ) {}

  /** Outside of transactions. @throws DomainError `invalid_credentials`, `rate_limited` */
  async prepareEnrollment({ password }: identityMessages.EnrollTotpRequest): Promise<Proved> {
    const email = await this.myAddress();
    return { email, attempt: await this.again.prove(email, password) };
  }

  /** @throws DomainError `invalid_credentials`; `mfa_required` when a factor is to be replaced and no code of it was given */
  async enroll(
    { totp_code }: identityMessages.EnrollTotpRequest,
    { email, attempt }: Proved,
  ): Promise<identityMessages.TotpEnrollment> {
    await this.again.complete(attempt, totp_code);
    return this.enrollment.begin(email);
  }

  /**
   * Outside of transactions. A code may be guessed like a password: it counts as one.
   *
   * @throws DomainError `invalid_credentials`, `rate_limited`; `state_conflict` when nothing waits to be confirmed
   */
  async prepareConfirmation({ code }: identityMessages.ConfirmTotpRequest): Promise<Proved> {
    const email = await this.myAddress();
    const attempt = await this.again.attempt(email);
    try {
      await this.enrollment.check(code, attempt.ids.attempt);
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'invalid_credentials')) await this.again.undo(attempt);
      throw error;
    }
    return { email, attempt };
  }

  /**
   * The session that asks counts as one with a second factor from then on: a factor waits only where a password began it, and
   * this is a code of it.
   *
   * @throws DomainError `state_conflict` when nothing waits any more
   */
  async confirm(
    { code, session_id }: identityMessages.ConfirmTotpRequest,
    { email, attempt }: Proved,
  ): Promise<identityMessages.TotpConfirmation> {
    return this.database.transaction(async () => {
      const confirmation = await this.enrollment.confirm(code);
      if (session_id !== undefined) await this.sessions.raise(session_id);
      await this.again.undo(attempt);
      await this.mails.secondFactorConfirmed(email);
      return confirmation;
    });
  }

  private async myAddress(): Promise<string> {
    const account = await this.accounts.mine();
    if (!account) throw new DomainError('not_found', `There is no account of ${currentTenant().actor}.`);
    return account.email;
  }
}
