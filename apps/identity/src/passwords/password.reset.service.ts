import type { identityMessages } from '@apollo/contracts';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { asPerson } from '../context/person.context.js';
import { IdentityMails } from '../mail/identity.mails.js';
import { SessionEnding } from '../sessions/session.ending.js';
import { PasswordResetLinks } from './password.reset.links.js';
import { PasswordService } from './password.service.js';

/** Sets a new password by a mailed link. Platform. */
@Injectable()
export class PasswordResetService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly links: PasswordResetLinks,
    private readonly passwords: PasswordService,
    private readonly ending: SessionEnding,
    private readonly mails: IdentityMails,
  ) {}

  /**
   * Ends every session.
   *
   * @throws DomainError `link_used`; `validation_failed` for a bad password, which uses nothing up
   */
  async reset({ token, password }: identityMessages.ResetPasswordRequest): Promise<void> {
    await this.database.transaction(async () => {
      const { userId, email } = await this.links.use(token);
      await asPerson(userId, async () => {
        await this.passwords.set(password, email);
        await this.ending.endAll('password_changed');
      });
      await this.mails.passwordChanged(email);
    });
  }
}
