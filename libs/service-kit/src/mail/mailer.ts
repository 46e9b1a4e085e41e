import { setTimeout as sleep } from 'node:timers/promises';
import type { Transporter } from 'nodemailer';
import type { Logger } from 'pino';
import { describe } from '../health/health.server.js';

/** A plain-text mail to one person. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const RETRY_AFTER_MS = [500, 2_000, 10_000];

/** Sends mails after the transaction that caused them; never inside one. */
export class Mailer {
  private transport: Promise<Transporter> | undefined;
  private readonly pending = new Set<Promise<void>>();

  constructor(
    private readonly smtpUrl: string,
    private readonly from: string,
    private readonly logger: Logger,
  ) {
    // A malformed URL is the operator's to hear of at start.
    serverOf(smtpUrl);
  }

  /** Starts sending and returns at once; a mail that cannot be delivered after retries is logged by subject only. */
  post(mail: Mail): void {
    const work = this.deliver(mail).finally(() => this.pending.delete(work));
    this.pending.add(work);
  }

  /** Waits for mails on their way. */
  async close(): Promise<void> {
    await Promise.all(this.pending);
    (await this.transport)?.close();
  }

  /** Loaded with the first mail: most processes never send one. */
  private connected(): Promise<Transporter> {
    const options = { ...serverOf(this.smtpUrl), connectionTimeout: 5_000, socketTimeout: 10_000 };
    return (this.transport ??= import('nodemailer').then(({ createTransport }) => createTransport(options)));
  }

  private async deliver(mail: Mail): Promise<void> {
    for (const wait of [...RETRY_AFTER_MS, null]) {
      try {
        const transport = await this.connected();
        await transport.sendMail({
          from: this.from,
          to: { name: '', address: mail.to },
          subject: mail.subject,
          text: mail.text,
          disableFileAccess: true,
          disableUrlAccess: true,
        });
        return;
      } catch (error) {
        if (wait === null) this.logger.error({ subject: mail.subject, error: describe(error) }, 'mail not delivered');
        else await sleep(wait);
      }
    }
  }
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
