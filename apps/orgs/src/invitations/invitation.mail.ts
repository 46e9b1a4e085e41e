import { Mailer, nameInMail } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ORGS_CONFIG, type OrgsConfig } from '../config.js';

/** What an invitation's mail tells. */
export interface InvitationLetter {
  readonly email: string;
  readonly role: string;
  readonly orgName: string;
  readonly token: string;
  readonly expiresAt: Date;
}

/** Mails invitations. The token stands in the link's fragment, which browsers send to no server and logs do not hold. */
@Injectable()
export class InvitationMail implements OnApplicationShutdown {
  constructor(
    private readonly database: TenantDatabase,
    private readonly mailer: Mailer,
    @Inject(ORGS_CONFIG) private readonly config: OrgsConfig,
  ) {}

  /** Posts the letter once the open transaction is durable. */
  async send(letter: InvitationLetter): Promise<void> {
    const orgName = nameInMail(letter.orgName, 'an organization');
    const mail = { to: letter.email, subject: `Invitation to ${orgName}`, text: this.textOf({ ...letter, orgName }) };
    await this.database.transaction(async (transaction) => transaction.afterCommit(() => this.mailer.post(mail)));
  }

  /** Waits for mails on their way. */
  async onApplicationShutdown(): Promise<void> {
    await this.mailer.close();
  }

  private textOf({ role, orgName, token, expiresAt }: InvitationLetter): string {
    return [
      `You are invited to join ${orgName} on Apollo Space as ${role}.`,
      '',
      'Accept here:',
      `${this.config.publicUrl}/invitations#token=${token}`,
      '',
      'or with this code:',
      token,
      '',
      `The invitation is for this address only, works once and ends on ${expiresAt.toUTCString()}.`,
      'If you do not know what this is about, ignore it.',
    ].join('\n');
  }
}
