import type { Transporter } from 'nodemailer';
import type { Mail } from './mail.seal.js';

/**
 * What a mail server did with a mail: took it, will not have it, might have it later, or could not be asked. Only what
 * it says for good of the recipient or of the text is for good: who may send, and whether it is there, is the
 * operator's to mend.
 */
export type Delivery = 'sent' | 'refused' | 'later' | 'unreachable';

/** One connection for each mail under way; how many there are at once is up to the caller. */
export class MailTransport {
  private transport: Promise<Transporter> | undefined;

  /** @throws Error for a URL that is none: the operator's to hear of at start */
  constructor(
    private readonly smtpUrl: string,
    private readonly from: string,
  ) {
    serverOf(smtpUrl);
  }

  async deliver(mail: Mail): Promise<Delivery> {
    const transport = await this.connected();
    try {
      await transport.sendMail({
        from: this.from,
        to: { name: '', address: mail.to },
        subject: mail.subject,
        text: mail.text,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      return 'sent';
    } catch (error) {
      return deliveryOf(error as SmtpFailure);
    }
  }

  async close(): Promise<void> {
    (await this.transport)?.close();
  }

  /** Loaded with the first mail: most processes never send one. */
  private connected(): Promise<Transporter> {
    const patience = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 };
    return (this.transport ??= import('nodemailer').then(({ createTransport }) =>
      createTransport({ ...serverOf(this.smtpUrl), ...patience }),
    ));
  }
}

/** A failure as nodemailer tells it: what the server answered, and to which command. */
interface SmtpFailure {
  readonly code?: string;
  readonly responseCode?: number;
  readonly command?: string;
}

function deliveryOf({ code, responseCode, command }: SmtpFailure): Delivery {
  // An address that no command can be made of.
  if (code === 'EENVELOPE' && responseCode === undefined) return 'refused';
  if (responseCode === undefined) return 'unreachable';
  const isAboutTheMail = command === 'RCPT TO' || command === 'DATA';
  return responseCode >= 500 && isAboutTheMail ? 'refused' : 'later';
}

function serverOf(smtpUrl: string): {
  host: string;
  port: number;
  secure: boolean;
  auth?: { user: string; pass: string };
} {
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  const auth = url.username
    ? { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }
    : {};
  return { host: url.hostname, port: Number(url.port || (secure ? 465 : 25)), secure, ...auth };
}
