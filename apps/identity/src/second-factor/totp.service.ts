import { DomainError, type identityMessages } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository.js';
import { IdentityMails } from '../mail/identity.mails.js';
import { ReAuthentication } from '../sign-in/re.authentication.js';
import { TotpEnrollment } from './totp.enrollment.js';

/** What a signed-in person does to get a second factor. */
@Injectable()
export class TotpService {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly again: ReAuthentication,
    private readonly enrollment: TotpEnrollment,
    private readonly mails: IdentityMails,
  ) {}

  /** @throws DomainError `invalid_credentials`, `rate_limited`; `mfa_required` when a factor is to be replaced and no code of it was given */
  async enroll({ password, totp_code }: identityMessages.EnrollTotpRequest): Promise<identityMessages.TotpEnrollment> {
    const email = await this.myAddress();
    return this.again.prove(email, { password, code: totp_code }, () => this.enrollment.begin(email));
  }

  async confirm({ code }: identityMessages.ConfirmTotpRequest): Promise<identityMessages.TotpConfirmation> {
    const confirmation = await this.enrollment.confirm(code);
    this.mails.secondFactorConfirmed(await this.myAddress());
    return confirmation;
  }

  private async myAddress(): Promise<string> {
    const account = await this.accounts.mine();
    if (!account) throw new DomainError('not_found', `There is no account of ${currentTenant().actor}.`);
    return account.email;
  }
}
