import type { Mail, Mailer, PostedMail } from '@apollo/service-kit';
import { newId } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { addressKey } from '../accounts/address.rules.js';
import { RESET_LIFETIME_MS } from '../passwords/password.reset.links.js';
import type { SecretBox } from '../secrets/secret.box.js';

/** What else there is to say of a mail. */
type Posting = Pick<PostedMail, 'lifetimeMs' | 'isUnhurried'> & { readonly asked?: string };

function linkMail(lines: { why: string; link: string; token: string; until: string; otherwise: string }): string {
  return `${lines.why}\n\n${lines.link}\n\nFor use with the API, the token alone:\n\n${lines.token}\n\n${lines.until}\n${lines.otherwise}\n`;
}

/**
 * The mails of this service, each written down in the open transaction of what it tells of; those to one address go out
 * one after the other. Tokens stand in the fragment, which browsers send nowhere.
 */
@Injectable()
export class IdentityMails {
  constructor(
    private readonly mailer: Mailer,
    private readonly publicUrl: string,
    private readonly box: SecretBox,
  ) {}

  activation(to: string, token: string): Promise<void> {
    return this.post({
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

  grantedToAccount(to: string): Promise<void> {
    return this.post({
      to,
      subject: 'You may now create organizations',
      text: `Your Apollo Space account may now create organizations. Sign in as always:\n\n${this.publicUrl}\n`,
    });
  }

  /** @param asked the address that somebody typed, in whose turn it goes @param to the account's, or nobody's */
  passwordReset(asked: string, to: string, token: string): Promise<void> {
    const mail = {
      to,
      subject: 'Reset your Apollo Space password',
      text: linkMail({
        why: 'Somebody, probably you, asked for a new password. Choose it here:',
        link: `${this.publicUrl}/reset-password#token=${token}`,
        token,
        until: 'The link works once, within one hour.',
        otherwise: 'If it was not you, ignore this mail: your password stays as it is.',
      }),
    };
    return this.post(mail, { asked, lifetimeMs: RESET_LIFETIME_MS, isUnhurried: true });
  }

  passwordChanged(to: string): Promise<void> {
    return this.post({
      to,
      subject: 'Your Apollo Space password was changed',
      text: 'Your password was changed and every session was signed out.\n\nIf it was not you, ask for a reset link at once.\n',
    });
  }

  secondFactorConfirmed(to: string): Promise<void> {
    return this.post({
      to,
      subject: 'A second factor protects your Apollo Space account',
      text: 'Signing in now needs a code of your authenticator or one of your recovery codes. Where it took the place of another one, you are signed out everywhere else.\n\nIf it was not you, reset your password at once and tell whoever runs the platform.\n',
    });
  }

  private post(mail: Mail, { asked = mail.to, ...more }: Posting = {}): Promise<void> {
    return this.mailer.post({ ...mail, ...more, id: newId(), turn: this.box.fingerprint(addressKey(asked)) });
  }
}
