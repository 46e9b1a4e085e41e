import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Contract,
  DomainError,
  errorFrom,
  type ErrorBody,
  type EventContract,
  type RequestContract,
  serviceAway,
  type ServiceName,
  typeOf,
  validated,
  type WatchContract,
} from '@apollo/contracts';
import { type Clock, currentTenant, systemClock } from '@apollo/tenancy';
import { holderOf } from '@apollo/tenancy/postgres';
import { errors, type Msg, type NatsConnection, type RequestOptions as NatsRequestOptions } from '@nats-io/nats-core';
import type { AnswerReader } from '../envelope/answer.seal.js';
import { EnvelopeWriter, HEADER } from '../envelope/envelope.codec.js';
import { assertHeadersBounded } from '../envelope/header.limit.js';
import type { MessageKeys } from '../envelope/message.keys.js';
import { handledMessage } from '../envelope/message.scope.js';
import { LiveInbox } from '../live/live.inbox.js';
import { LiveWatch, type Shown, type WatchOptions } from '../live/live.watch.js';
import { inboxPrefix } from './nats.accounts.js';
import { HedgedRequests } from './hedged.requests.js';
import { jsonOf } from './json.body.js';
import { sendTurn } from './send.turn.js';

/** Milliseconds a request waits when neither the caller nor the message being handled sets a bound. */
const DEFAULT_TIMEOUT_MS = 5_000;
/** Milliseconds an announcement is worth reading. */
const EVENT_LIFETIME_MS = 30_000;
/**
 * Milliseconds for which nobody may be there to answer: a server that reloads its configuration tells nobody of anybody
 * meanwhile.
 */
const NOBODY_FOR_MS = 250;
const ASKED_AGAIN_EVERY_MS = 20;

/** An answer as it came: the JSON text, not parsed, and the version the responder named. */
export interface RawReply {
  readonly body: Uint8Array;
  readonly etag: string | null;
}

/** What a caller may set for one request. */
export interface RequestOptions {
  readonly timeoutMs?: number;
  readonly idempotencyKey?: string;
}

/** Sends requests and events under the tenant context that is open. */
export class Bus {
  private readonly writer: EnvelopeWriter;
  private readonly answers: AnswerReader;
  private readonly inbox: LiveInbox;
  private readonly hedged = new Map<ServiceName, HedgedRequests>();

  constructor(
    service: ServiceName,
    { signer, answers }: Pick<MessageKeys, 'signer' | 'answers'>,
    private readonly connection: NatsConnection,
    private readonly clock: Clock = systemClock,
  ) {
    this.writer = new EnvelopeWriter(service, signer);
    this.answers = answers;
    this.inbox = new LiveInbox(connection, inboxPrefix(service));
  }

  /**
   * Sends a request and gives its answer. It is asked again, under the same key, where its answer is late: a command
   * takes effect once.
   *
   * @throws DomainError the responder's own error, `validation_failed` before anything is sent,
   *   `deadline_exceeded` or `service_unavailable` when no answer came
   */
  async request<Request extends object, Reply extends object>(
    contract: RequestContract<Request, Reply>,
    payload: Request,
    options: RequestOptions = {},
  ): Promise<Reply> {
    const { body } = await this.requestRaw(contract, payload, options);
    return jsonOf(body) as Reply;
  }

  /** As `request`, for callers that pass the JSON text on. */
  async requestRaw<Request extends object>(
    contract: RequestContract<Request>,
    payload: Request,
    options: RequestOptions = {},
  ): Promise<RawReply> {
    validated(contract.request, payload);
    const now = this.clock().getTime();
    const expiresAt = Math.min(
      now + (options.timeoutMs ?? DEFAULT_TIMEOUT_MS),
      handledMessage()?.envelope.expiresAt ?? Infinity,
    );
    if (expiresAt <= now) throw new DomainError('deadline_exceeded');
    const outgoing = this.writer.write(
      contract,
      currentTenant(),
      { expiresAt, idempotencyKey: options.idempotencyKey, payload },
      now,
    );
    const body = JSON.stringify(payload);
    const ask = (timeout: number): Promise<RawReply> =>
      this.exchange(contract, outgoing.subject, body, { timeout, headers: outgoing.headers });
    return this.hedgedWith(contract.service).ask(
      ask,
      (error) => error instanceof UnservedError,
      expiresAt - now,
      holderOf(currentTenant()),
    );
  }

  /**
   * Watches what a service shows, from the state of now on; see `LiveWatch`. It ends when its signal says so, and
   * otherwise with an error that says why: that whoever watches may no longer, or that the service is away.
   */
  watch<Request extends object, State extends object, Frame extends object>(
    contract: WatchContract<Request, State, Frame>,
    payload: Request,
    options: WatchOptions,
  ): AsyncGenerator<Shown<State, Frame>, void> {
    const { connection, writer, inbox, answers, clock } = this;
    const askState = (): Promise<State> => this.request(contract.state, payload);
    return new LiveWatch(contract, payload, options, { connection, writer, inbox, answers, clock }, askState).shown();
  }

  /** Tells whoever listens now; nobody may. Durable events go through the outbox instead. */
  async announce<Event extends object>(contract: EventContract<Event>, payload: Event): Promise<void> {
    validated(contract.request, payload);
    const now = this.clock().getTime();
    const outgoing = this.writer.write(contract, currentTenant(), { expiresAt: now + EVENT_LIFETIME_MS }, now);
    this.connection.publish(outgoing.subject, JSON.stringify(payload), { headers: outgoing.headers });
  }

  private hedgedWith(service: ServiceName): HedgedRequests {
    const known = this.hedged.get(service) ?? new HedgedRequests();
    this.hedged.set(service, known);
    return known;
  }

  private async exchange(
    contract: Contract,
    subject: string,
    body: string,
    options: NatsRequestOptions,
  ): Promise<RawReply> {
    const end = performance.now() + Math.min(NOBODY_FOR_MS, options.timeout);
    for (;;) {
      try {
        await sendTurn();
        const message = await this.connection.request(subject, body, options);
        return this.answered(contract.service, options.headers?.get(HEADER.id) ?? '', message);
      } catch (error) {
        if (error instanceof DomainError) throw error;
        const cause = error instanceof errors.RequestError && error.cause instanceof Error ? error.cause : error;
        if (cause instanceof errors.TimeoutError)
          throw new DomainError('deadline_exceeded', `The ${contract.service} service did not answer in time.`);
        if (cause instanceof errors.PermissionViolationError)
          throw new DomainError('message_rejected', `${typeOf(contract)} may not be sent from here.`);
        if (cause instanceof errors.InvalidArgumentError)
          throw new DomainError('payload_too_large', 'The request is larger than one message carries.');
        if (!isUnheard(error, cause)) throw new DomainError('service_unavailable', 'The message bus does not answer.');
        // Nobody was reached, so that nothing is done twice.
        if (performance.now() > end) throw serviceAway(contract.service);
        await sleep(ASKED_AGAIN_EVERY_MS);
      }
    }
  }

  /**
   * @throws DomainError the responder's own error; `message_rejected` for headers that would take long to read;
   *   UnservedError for what the service that was asked did not answer: another process of it is asked
   */
  private answered(service: ServiceName, to: string, message: Msg): RawReply {
    assertHeadersBounded(message);
    const body = this.answers.open(service, to, message);
    if (!body) throw new UnservedError('service_unavailable', `What was answered is not the ${service} service’s.`);
    const said = (name: string): string | undefined => message.headers?.get(name);
    if (said(HEADER.status) === 'ok') return { body, etag: said(HEADER.etag) || null };
    const error = errorFrom(jsonOf(body) as ErrorBody);
    throw error.code === 'service_unavailable' ? new UnservedError(error.code, error.detail) : error;
  }
}

function isUnheard(error: unknown, cause: unknown): boolean {
  return cause instanceof errors.NoRespondersError || (error instanceof errors.RequestError && error.isNoResponders());
}

/** Who was asked cannot serve now. */
class UnservedError extends DomainError {}
