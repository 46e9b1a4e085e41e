import type { identityMessages } from '@apollo/contracts';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { asPerson } from '../context/person.context.js';
import { IdentityMails } from '../mail/identity.mails.js';
import { SessionEnding } from '../sessions/session.ending.js';
import { PasswordResetLinks } from './password.reset.links.js';
import { PasswordService } from './password.service.js';

/** The new password, hashed. */
export interface PreparedReset {
  readonly hash: string;
}

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
   * Outside of transactions; uses nothing up.
   *
   * @throws DomainError `link_used`; as `PasswordService.prepare`
   */
  async prepare({ token, password, address }: identityMessages.ResetPasswordRequest): Promise<PreparedReset> {
    return { hash: await this.passwords.prepare(password, await this.links.find(token), address) };
  }

  /** Ends every session. @throws DomainError `link_used` */
  async reset({ token }: identityMessages.ResetPasswordRequest, { hash }: PreparedReset): Promise<void> {
    await this.database.transaction(async () => {
      const { id, email } = await this.links.use(token);
      await asPerson(id, async () => {
        await this.passwords.set(hash);
        await this.ending.endAll('password_changed');
      });
      await this.mails.passwordChanged(email);
    });
  }
}
