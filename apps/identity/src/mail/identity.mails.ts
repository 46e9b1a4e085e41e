import type { Mailer } from '@apollo/service-kit';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

function linkMail(lines: { why: string; link: string; token: string; until: string; otherwise: string }): string {
  return `${lines.why}\n\n${lines.link}\n\nFor use with the API, the token alone:\n\n${lines.token}\n\n${lines.until}\n${lines.otherwise}\n`;
}

/** The mails of this service. Post them after the commit. Tokens stand in the fragment, which browsers send nowhere. */
@Injectable()
export class IdentityMails implements OnApplicationShutdown {
  constructor(
    private readonly mailer: Mailer,
    private readonly publicUrl: string,
  ) {}

  activation(to: string, token: string): void {
    this.mailer.post({
      to,
      subject: 'Activate your Apollo Space account',
      text: linkMail({
        why: 'You have been given access to Apollo Space. Choose a name and a password here:',
        link: `${this.publicUrl}/activate#token=${token}`,
        token,
        until: 'The link works once, within 7 days.',
        otherwise: 'If you did not expect this mail, ignore it: nothing happens.',
      }),
    });
  }

  grantedToAccount(to: string): void {
    this.mailer.post({
      to,
      subject: 'You may now create organizations',
      text: `Your Apollo Space account may now create organizations. Sign in as always:\n\n${this.publicUrl}\n`,
    });
  }

  passwordReset(to: string, token: string): void {
    this.mailer.post({
      to,
      subject: 'Reset your Apollo Space password',
      text: linkMail({
        why: 'Somebody, probably you, asked for a new password. Choose it here:',
        link: `${this.publicUrl}/reset-password#token=${token}`,
        token,
        until: 'The link works once, within one hour.',
        otherwise: 'If it was not you, ignore this mail: your password stays as it is.',
      }),
    });
  }

  passwordChanged(to: string): void {
    this.mailer.post({
      to,
      subject: 'Your Apollo Space password was changed',
      text: 'Your password was changed and every session was signed out.\n\nIf it was not you, ask for a reset link at once.\n',
    });
  }

  secondFactorConfirmed(to: string): void {
    this.mailer.post({
      to,
      subject: 'A second factor protects your Apollo Space account',
      text: 'Signing in now needs a code of your authenticator or one of your recovery codes.\n\nIf it was not you, reset your password at once and tell whoever runs the platform.\n',
    });
  }

  /** After the modules were destroyed: work after replies may post a last mail until then. */
  async onApplicationShutdown(): Promise<void> {
    await this.mailer.close();
  }
}
