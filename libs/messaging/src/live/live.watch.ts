import {
  DomainError,
  type ErrorBody,
  errorFrom,
  received,
  serviceAway,
  validated,
  type WatchContract,
} from '@apollo/contracts';
import { type Clock, currentTenant, newId, type TenantContext } from '@apollo/tenancy';
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import type { AnswerReader } from '../envelope/answer.seal.js';
import { type EnvelopeWriter, HEADER } from '../envelope/envelope.codec.js';
import { assertHeadersBounded } from '../envelope/header.limit.js';
import { jsonOf } from '../nats/json.body.js';
import type { LiveInbox } from './live.inbox.js';
import { KEPT_MS, type LiveMark, readMark, RENEWED_EVERY_MS } from './live.mark.js';

/** Milliseconds in which a first process has to answer, and after which it is asked again where nobody is there. */
const ANSWERED_WITHIN_MS = 2_000;
const ASKED_AGAIN_AFTER_MS = 100;
/**
 * Milliseconds for which the others are waited for, once a first process has answered: what they show is in one state
 * then.
 */
const GATHERED_WITHIN_MS = 25;
/** Milliseconds from one question about the state to the next. */
const STATE_EVERY_MS = 500;
/** Milliseconds without a frame after which it is asked for: whoever was to show one may have been killed before. */
const SILENT_MS = 15_000;
/** Frames that wait for a slow reader; beyond that it is told the state instead. */
const FRAMES_WAITING = 32;
/** Processes of the service that are told apart. */
const EPOCHS = 100;

/** What a watch shows: the state of what is watched, or a frame that came after the state before it. */
export type Shown<State, Frame> = { readonly state: State } | { readonly frame: Frame };

/** What a watcher has to say besides what is watched. */
export interface WatchOptions {
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /**
   * Runs each question of a watch, of which one follows every five seconds, in a context that is decided anew.
   *
   * @throws DomainError why nothing may be asked any more: the watch ends with it
   */
  readonly again: <T>(ask: () => Promise<T>) => Promise<T>;
}

/** What a watch asks by. */
export interface WatchMeans {
  readonly connection: Pick<NatsConnection, 'publish'>;
  readonly writer: EnvelopeWriter;
  readonly inbox: LiveInbox;
  readonly answers: AnswerReader;
  readonly clock: Clock;
}

/**
 * One thing that is watched. Every process of the service is asked to show it, again and again, and the state is asked
 * for once the first has answered: what comes after it are frames. Where one is missing, of whatever process, what
 * waits is dropped and the state comes in its place, so that a reader who is slow, or a bus that loses something, costs
 * frames and never the truth.
 */
export class LiveWatch<Request extends object, State extends object, Frame extends object> {
  private readonly id = newId();
  /** Number of the last frame of each process. */
  private readonly seen = new Map<string, number>();
  private frames: Frame[] = [];
  private isBehind = true;
  private stateAskedAt: number | undefined;
  private answeredAt: number | undefined;
  /** When the state was asked for, or a frame came. */
  private shownAt = 0;
  private failure: { readonly error: unknown } | undefined;
  private isUnheard = false;
  private isOver = false;
  /** Under which was asked last. */
  private context: TenantContext | undefined;
  private ring: () => void = () => undefined;

  /** @param askState asks for the state, in the context that is open */
  constructor(
    private readonly contract: WatchContract<Request, State, Frame>,
    private readonly payload: Request,
    private readonly options: WatchOptions,
    private readonly means: WatchMeans,
    private readonly askState: () => Promise<State>,
  ) {}

  /**
   * What there is to see, the state first. It returns when it was aborted.
   *
   * @throws DomainError why it ends otherwise
   */
  async *shown(): AsyncGenerator<Shown<State, Frame>, void> {
    const { signal } = this.options;
    const renewing = setInterval(() => void this.renew(), RENEWED_EVERY_MS).unref();
    const end = (): void => {
      clearInterval(renewing);
      this.end();
    };
    // Also where nobody reads any more.
    signal.addEventListener('abort', end);
    try {
      await this.begin();
      while (!signal.aborted) {
        if (this.failure) throw this.failure.error;
        const shown = this.isBehind ? await this.state() : this.frame();
        if (shown) yield shown;
        else await this.woken(this.isBehind ? this.restMs() : RENEWED_EVERY_MS);
      }
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }

  /** @throws DomainError `service_unavailable` when no process answers */
  private async begin(): Promise<void> {
    validated(this.contract.request, this.payload);
    const end = performance.now() + ANSWERED_WITHIN_MS;
    const isAnswered = (): boolean => this.isOver || this.failure !== undefined || this.answeredAt !== undefined;
    while (!isAnswered()) {
      if (performance.now() > end) throw serviceAway(this.contract.service);
      this.isUnheard = false;
      await this.renew();
      if (!isAnswered() && !this.isUnheard) await this.woken(ANSWERED_WITHIN_MS);
      if (this.isUnheard) await this.woken(ASKED_AGAIN_AFTER_MS);
    }
    await new Promise((resolve) => setTimeout(resolve, GATHERED_WITHIN_MS));
  }

  private frame(): Shown<State, Frame> | undefined {
    const frame = this.frames.shift();
    return frame && { frame };
  }

  private async state(): Promise<Shown<State, Frame> | undefined> {
    if (this.restMs() > 0) return undefined;
    const isFirst = this.stateAskedAt === undefined;
    this.stateAskedAt = this.shownAt = performance.now();
    // Of whatever is shown from now on, the answer says nothing.
    this.isBehind = false;
    try {
      return { state: await this.options.again(() => this.askState()) };
    } catch (error) {
      if (isFirst || !isPassing(error)) throw error;
      this.fallBehind();
      return undefined;
    }
  }

  /** Milliseconds until the state may be asked for. */
  private restMs(): number {
    return this.stateAskedAt === undefined ? 0 : Math.max(0, this.stateAskedAt + STATE_EVERY_MS - performance.now());
  }

  /** Asks all processes to go on. */
  private async renew(): Promise<void> {
    if (this.isOver || this.failure) return;
    if (this.answeredAt !== undefined && performance.now() - this.answeredAt > KEPT_MS)
      return this.fail(serviceAway(this.contract.service));
    if (performance.now() - this.shownAt >= SILENT_MS) this.fallBehind();
    try {
      await this.options.again(async () => {
        if (this.isOver) return;
        this.context = currentTenant();
        this.ask(
          this.context,
          this.means.inbox.open(this.id, (message) => this.take(message)),
        );
      });
    } catch (error) {
      if (!isPassing(error)) this.fail(error);
    }
  }

  /** @param reply where to be shown; with none, nothing more is to be */
  private ask(context: TenantContext, reply?: string): void {
    const { connection, writer, clock } = this.means;
    const now = clock().getTime();
    const options = { expiresAt: now + RENEWED_EVERY_MS, idempotencyKey: this.id };
    const { subject, headers } = writer.write(this.contract, context, options, now);
    connection.publish(subject, JSON.stringify(this.payload), { headers, ...(reply !== undefined && { reply }) });
  }

  private end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.frames = [];
    this.means.inbox.close(this.id);
    try {
      if (this.context) this.ask(this.context);
    } catch {
      // The connection is closed; the service forgets by itself.
    }
    this.ring();
  }

  private take(message: Msg): void {
    try {
      assertHeadersBounded(message);
      const status = message.headers?.get(HEADER.status);
      const mark = readMark(message.headers?.get(HEADER.live));
      const body = status && this.means.answers.open(this.contract.service, this.id, message);
      // What the server itself says: that nobody is there.
      if (!status) this.isUnheard = true;
      else if (!body) return;
      else if (status === 'error') this.refused(errorFrom(jsonOf(body) as ErrorBody));
      else if (mark) this.took(mark, body);
    } catch {
      this.fallBehind();
    }
    this.ring();
  }

  /** One process that cannot say whether somebody may is not all of them: without any, the watch lapses. */
  private refused(error: DomainError): void {
    if (!isPassing(error)) this.fail(error);
  }

  private took({ epoch, sequence }: LiveMark, body: Uint8Array): void {
    const last = this.seen.get(epoch);
    if (this.seen.size >= EPOCHS) this.seen.clear();
    this.seen.set(epoch, Math.max(sequence, last ?? 0));
    if (body.length === 0) {
      this.answeredAt = performance.now();
      if (last === undefined || sequence > last) this.fallBehind();
      return;
    }
    if (last !== sequence - 1) this.fallBehind();
    if (this.isBehind) return;
    this.shownAt = performance.now();
    if (this.frames.length < FRAMES_WAITING) this.frames.push(received(this.contract.reply, jsonOf(body)));
    else this.fallBehind();
  }

  /** What waits, and what comes until the state is asked for, is part of the state. */
  private fallBehind(): void {
    this.isBehind = true;
    this.frames = [];
    this.ring();
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
    this.ring();
  }

  /** Resolves when something has come, or after so many milliseconds. */
  private woken(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs).unref();
      this.ring = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Whether what failed may succeed with the next attempt. */
function isPassing(error: unknown): boolean {
  return error instanceof DomainError && error.kind === 'unavailable';
}
