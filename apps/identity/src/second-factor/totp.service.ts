import { DomainError, type identityMessages } from '@apollo/contracts';
import { Injectable } from '@nestjs/common';
import { IdentityMails } from '../mail/identity.mails.js';
import { SessionGate } from '../sessions/session.gate.js';
import { type Proved, ReAuthentication } from '../sign-in/re.authentication.js';
import { FactorSessionService } from './factor.session.service.js';
import { TotpEnrollment } from './totp.enrollment.js';

/** What a signed-in person does to get a second factor. */
@Injectable()
export class TotpService {
  constructor(
    private readonly session: SessionGate,
    private readonly again: ReAuthentication,
    private readonly enrollment: TotpEnrollment,
    private readonly sessions: FactorSessionService,
    private readonly mails: IdentityMails,
  ) {}

  /** Outside of transactions. @throws DomainError `invalid_credentials`, `rate_limited` */
  async prepareEnrollment({ password, address }: identityMessages.EnrollTotpRequest): Promise<Proved> {
    return this.again.prove(password, address);
  }

  /**
   * @throws DomainError `invalid_credentials`; `mfa_required` when a factor is to be replaced and no code of it was
   *   given; `unauthenticated` where the session has ended
   */
  async enroll(
    { totp_code }: identityMessages.EnrollTotpRequest,
    { email, attempt }: Proved,
  ): Promise<identityMessages.TotpEnrollment> {
    return this.session.during(async () => {
      await this.again.complete(attempt, totp_code);
      return this.enrollment.begin(email);
    });
  }

  /**
   * Outside of transactions. A code may be guessed like a password: it counts as one.
   *
   * @throws DomainError `invalid_credentials`, `rate_limited`; `state_conflict` when nothing waits to be confirmed
   */
  async prepareConfirmation({ code }: identityMessages.ConfirmTotpRequest): Promise<Proved> {
    const proved = await this.again.attempt();
    const { attempt } = proved;
    try {
      await this.enrollment.check(code, attempt.ids.attempt);
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'invalid_credentials')) await this.again.undo(attempt);
      throw error;
    }
    return proved;
  }

  /**
   * The session that asks counts as one with a second factor from then on: a factor waits only where a password began
   * it, and this is a code of it. All others end where it takes the place of another one.
   *
   * @throws DomainError `state_conflict` when nothing waits any more; `unauthenticated` where the session has ended
   */
  async confirm(
    { code, session_id }: identityMessages.ConfirmTotpRequest,
    { email, attempt }: Proved,
  ): Promise<identityMessages.TotpConfirmation> {
    const session = this.session.id ?? session_id;
    return this.session.during(async () => {
      const { replaces, ...confirmation } = await this.enrollment.confirm(code);
      await this.sessions.follow(session, replaces);
      await this.again.undo(attempt);
      await this.mails.secondFactorConfirmed(email);
      return confirmation;
    }, session);
  }
}
