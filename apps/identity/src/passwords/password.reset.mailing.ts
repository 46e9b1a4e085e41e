import { NOBODY } from '@apollo/service-kit';
import { newId } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository.js';
import { asPerson } from '../context/person.context.js';
import { IdentityMails } from '../mail/identity.mails.js';
import { SecurityEventLog } from '../security-events/security.event.log.js';
import { PasswordResetLinks } from './password.reset.links.js';

/** Makes reset links and mails them. */
@Injectable()
export class PasswordResetMailing {
  constructor(
    private readonly database: TenantDatabase,
    private readonly accounts: AccountRepository,
    private readonly links: PasswordResetLinks,
    private readonly events: SecurityEventLog,
    private readonly mails: IdentityMails,
  ) {}

  /**
   * Platform. Mails a new link to a known address; the link before stops working. For an unknown one the same is done
   * for somebody who is not there, and nothing of it stays: a request beside it waits as long, and does not tell which
   * it was.
   */
  async mailTo(email: string, origin: string): Promise<void> {
    const userId = (await this.accounts.find(email)) ?? newId();
    const account = await this.accounts.describe(userId);
    await this.database.transaction(async () => {
      const token = await this.links.make(userId);
      await asPerson(userId, () => this.events.record('password_reset_requested', { address: origin }));
      await this.mails.passwordReset(email, account?.email ?? NOBODY, token);
    });
  }
}
