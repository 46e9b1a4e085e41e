import type { KeyObject } from 'node:crypto';
import { derivedKey } from '../process/derived.key.js';
import { openJson, sealJson } from '../process/sealed.json.js';

/** A plain-text mail to one person. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The address of a mail that is written down, taken and thrown away, for what is done alike whoever there is. */
export const NOBODY = '';

/** Seals mails that wait in rows, each for its own row. */
export class MailSeal {
  private readonly key: KeyObject;

  /** @param secretHex a secret of the service, 64 hex digits */
  constructor(secretHex: string) {
    this.key = derivedKey(secretHex, 'mail');
  }

  seal(id: string, { to, subject, text }: Mail): Promise<string> {
    return sealJson({ id, to, subject, text }, this.key);
  }

  /** @throws Error when it was not sealed under this key, or for another row */
  async open(id: string, sealed: string): Promise<Mail> {
    const mail = (await openJson(sealed, this.key)).value as Mail & { id: string };
    if (mail.id !== id) throw new Error('The mail was sealed for another row');
    return mail;
  }
}
