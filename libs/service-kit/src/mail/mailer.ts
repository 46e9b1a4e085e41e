import type { ServiceName } from '@apollo/contracts';
import { Poller } from '@apollo/messaging';
import { type Clock, currentRequestId, later, newId, NIL_ID, runAsSystem, systemClock } from '@apollo/tenancy';
import type { TenantDatabase } from '@apollo/tenancy/postgres';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import { describe } from '../health/health.server.js';
import { type DueMail, MailQueue, type NamedMail } from './mail.queue.js';
import { type Mail, MailSeal, NOBODY } from './mail.seal.js';
import { type Delivery, MailTransport } from './mail.transport.js';

/** Milliseconds between two looks when nothing calls for an earlier one. */
const PAUSE_MS = 2_000;
/** Mails of a process that are under way at once, one of each turn. */
const AT_ONCE = 4;
/**
 * Milliseconds for which a turn rests when the server would not take its mail yet, and all do when there was no server.
 */
const REST_MS = 2_000;
/** Seconds until a mail is tried again at first, doubled with each attempt, and at most. */
const RETRY_S = 2;
const LONGEST_RETRY_S = 3_600;
/** Milliseconds after which a mail is given up, where its link ends no sooner. */
const LONGEST_MS = 86_400_000;

const mailsTotal = new Counter({
  name: 'apollo_mails_total',
  help: 'Attempts to hand a mail to the mail server, by what became of them; what is put off is tried again',
  labelNames: ['outcome'],
});

/** A mail that waits, and what is to be known of it without opening it. */
export interface PostedMail extends Mail {
  /** The row's, a UUID. */
  readonly id: string;
  /** The organization or the person whose turn it goes in: a thousand of one wait behind each other. */
  readonly turn: string;
  /** When it is worth nothing any more, milliseconds from now; a day at most. */
  readonly lifetimeMs?: number;
  /** Whether nothing of it begins before the next look, whose moment nobody knows who has asked for it. */
  readonly isUnhurried?: boolean;
}

/** What a mailer works with. */
export interface MailerOptions {
  readonly service: ServiceName;
  readonly schema: string;
  readonly database: TenantDatabase;
  readonly logger: Logger;
  readonly smtpUrl: string;
  readonly from: string;
  /** A secret of the service, 64 hex digits; mails are sealed under a key of their own derived from it. */
  readonly secretHex: string;
  /** Told in the transaction in which a mail goes out of the queue. Where it fails, the mail goes out all the same. */
  readonly settled?: (mail: NamedMail, outcome: 'sent' | 'failed') => Promise<void>;
}

/**
 * Sends mails that were written down in the transaction of what they tell of: none is lost with a process, none goes
 * out for what was rolled back, and each goes out at least once. Turns go round, one mail of each at a time; what the
 * server does not take yet is tried again with growing pauses, and given up after a day.
 */
export class Mailer {
  private readonly queue: MailQueue;
  private readonly seal: MailSeal;
  private readonly transport: MailTransport;
  private readonly looking: Poller;
  /** By turn. */
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly resting = new Set<string>();
  private last = NIL_ID;
  private isUnreachable = false;

  constructor(
    private readonly options: MailerOptions,
    private readonly clock: Clock = systemClock,
  ) {
    this.queue = new MailQueue(options.database, options.schema);
    this.seal = new MailSeal(options.secretHex);
    this.transport = new MailTransport(options.smtpUrl, options.from);
    this.looking = new Poller(
      PAUSE_MS,
      () => this.look(),
      (error) => options.logger.error({ error: describe(error) }, 'looking for mails failed'),
    );
  }

  /** Writes a mail down in the open transaction; it goes out once that is durable, one to `NOBODY` nowhere. */
  async post({ id, turn, lifetimeMs = LONGEST_MS, isUnhurried = false, ...mail }: PostedMail): Promise<void> {
    const sealed = await this.seal.seal(id, mail);
    const until = later(this.clock(), Math.min(lifetimeMs, LONGEST_MS));
    await this.options.database.transaction(async (transaction) => {
      await this.asPlatform(currentRequestId(), () => this.queue.add({ id, turn, sealed, until }));
      if (!isUnhurried) transaction.afterCommit(() => this.looking.wake());
    });
  }

  /**
   * Takes a mail back in the open transaction.
   *
   * @param mail with the turn that it was posted in: an id alone may be another organization's
   * @returns whether it was still waiting; one that is under way goes out
   */
  withdraw(mail: NamedMail): Promise<boolean> {
    return this.asPlatform(currentRequestId(), () => this.queue.remove(mail));
  }

  onApplicationBootstrap(): void {
    this.looking.start();
  }

  /** Waits for mails under way; what is left is another process's, or this one's when it comes back. */
  async onApplicationShutdown(): Promise<void> {
    await this.looking.stop();
    await Promise.all(this.underWay.values());
    await this.transport.close();
  }

  private async look(): Promise<void> {
    const most = AT_ONCE - this.underWay.size;
    if (most <= 0 || this.isUnreachable) return;
    const without = [...this.underWay.keys(), ...this.resting];
    const due = await this.asPlatform(newId(), () => this.queue.take({ without, after: this.last, most }));
    const { last } = this;
    // As they were asked for: those behind the last turn before those that begin anew.
    const place = ({ turn }: DueMail): string => `${turn > last ? 0 : 1} ${turn}`;
    for (const mail of due.toSorted((one, other) => (place(one) < place(other) ? -1 : 1))) this.begin(mail);
  }

  private begin(mail: DueMail): void {
    const { logger } = this.options;
    this.last = mail.turn;
    const work = this.asPlatform(newId(), () => this.send(mail))
      .catch((error: unknown) => logger.error({ mail: mail.id, error: describe(error) }, 'mail left for later'))
      .finally(() => {
        this.underWay.delete(mail.turn);
        this.looking.wake();
      });
    this.underWay.set(mail.turn, work);
  }

  private async send(mail: DueMail): Promise<void> {
    if (mail.until <= this.clock()) return this.giveUp(mail, 'late');
    const delivery = await this.deliver(mail);
    mailsTotal.inc({ outcome: delivery });
    if (delivery === 'sent' || delivery === 'nobody') return this.settle(mail, 'sent');
    if (delivery === 'refused') return this.giveUp(mail, 'refused');
    this.rest(mail.turn, delivery);
    await this.queue.putOff(mail, Math.min(RETRY_S * 2 ** (mail.attempts - 1), LONGEST_RETRY_S));
  }

  /** What this process cannot open, another one might: keys are exchanged one process after the other. */
  private async deliver({ id, sealed }: DueMail): Promise<Delivery | 'nobody'> {
    const mail = await this.seal.open(id, sealed).catch(() => undefined);
    if (mail?.to === NOBODY) return 'nobody';
    return mail ? this.transport.deliver(mail) : 'later';
  }

  private async giveUp(mail: DueMail, why: 'late' | 'refused'): Promise<void> {
    mailsTotal.inc({ outcome: 'failed' });
    this.options.logger.error({ mail: mail.id, turn: mail.turn, why, attempts: mail.attempts }, 'mail not delivered');
    await this.settle(mail, 'failed');
  }

  /** Whatever becomes of telling so: a mail that stays in the queue would be sent again. */
  private async settle(mail: DueMail, outcome: 'sent' | 'failed'): Promise<void> {
    const { database, settled, logger } = this.options;
    await database
      .transaction(async () => {
        await this.queue.remove(mail);
        await settled?.(mail, outcome);
      })
      .catch(async (error: unknown) => {
        logger.warn({ mail: mail.id, error: describe(error) }, 'what became of a mail was not told');
        await this.queue.remove(mail);
      });
  }

  private rest(turn: string, delivery: Delivery): void {
    this.resting.add(turn);
    if (delivery === 'unreachable') this.isUnreachable = true;
    setTimeout(() => {
      this.resting.delete(turn);
      this.isUnreachable = false;
      this.looking.wake();
    }, REST_MS).unref();
  }

  private asPlatform<T>(requestId: string, fn: () => T): T {
    const { service } = this.options;
    return runAsSystem(
      { reason: 'mails of all organizations go out in turns', service, scope: 'platform', requestId },
      fn,
    );
  }
}
