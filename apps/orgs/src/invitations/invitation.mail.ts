import { Mailer, nameInMail, nameInSubject } from '@apollo/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ORGS_CONFIG, type OrgsConfig } from '../config.js';

/** What an invitation's mail tells. */
export interface InvitationLetter {
  /** The invitation's. */
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly org: { readonly id: string; readonly name: string };
  readonly token: string;
  readonly expiresAt: Date;
}

/**
 * Mails invitations. The token stands in the link's fragment, which browsers send to no server and logs do not hold.
 */
@Injectable()
export class InvitationMail {
  constructor(
    private readonly mailer: Mailer,
    @Inject(ORGS_CONFIG) private readonly config: OrgsConfig,
  ) {}

  /** Writes the letter down in the open transaction; it goes out in the organization's turn. */
  async send(letter: InvitationLetter): Promise<void> {
    const orgName = nameInMail(letter.org.name, 'an organization');
    await this.mailer.post({
      id: letter.id,
      turn: letter.org.id,
      to: letter.email,
      subject: `Invitation to ${nameInSubject(letter.org.name, 'an organization')}`,
      text: this.textOf(letter, orgName),
    });
  }

  /**
   * Takes the letter of an invitation back that has ended, in the open transaction: its link opens nothing any more.
   */
  async withdraw(org: string, id: string): Promise<void> {
    await this.mailer.withdraw({ id, turn: org });
  }

  private textOf({ role, token, expiresAt }: InvitationLetter, orgName: string): string {
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
