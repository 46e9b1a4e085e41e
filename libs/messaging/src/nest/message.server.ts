import {
  CATALOG,
  type Contract,
  contractsOf,
  DomainError,
  errorBody,
  type RequestContract,
  type ServiceName,
  typeOf,
  received,
  serviceAway,
  type WatchContract,
} from '@apollo/contracts';
import { type Clock, systemClock } from '@apollo/tenancy';
import { DatabaseBusyError, isOvertaken, isUnavailable } from '@apollo/tenancy/postgres';
import type { Msg, NatsConnection, Subscription } from '@nats-io/nats-core';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { Reaction } from '../durable/event.reactor.js';
import { durableEventsBetween, durableRoutes } from '../durable/event.streams.js';
import { type Envelope, HEADER, inMessageContext } from '../envelope/envelope.codec.js';
import { assertHeadersBounded } from '../envelope/header.limit.js';
import type { MessageKeys } from '../envelope/message.keys.js';
import { handling } from '../envelope/message.scope.js';
import type { LiveAudience } from '../live/live.audience.js';
import { isAnswerable } from '../nats/nats.permissions.js';
import { sendTurn } from '../nats/send.turn.js';
import type { Standings } from '../nats/standings.js';
import { AdmissionReview, authorize } from './admission.review.js';
import { preparationOf } from './handles.decorator.js';
import { type Answer, answerOf, isCopy, keptAnswer, refusalOf } from './message.answer.js';

/** Is called with what happens at the message guard; the service kit turns it into metrics. */
export interface MessageObserver {
  handled(type: string, org: string, outcome: 'ok' | 'error', milliseconds: number): void;
  rejected(type: string, code: string): void;
  failed(type: string, requestId: string, error: unknown): void;
}

/**
 * Runs a command so that it takes effect at most once per idempotency key; the service's database implements it.
 * `prepare`, where the command has one, runs before the transaction and only when the answer is not known yet.
 */
export type CommandRunner = (
  handle: (prepared?: object) => Promise<object>,
  prepare?: () => Promise<object>,
) => Promise<object>;

/** What the strategy needs from its service. */
export interface MessageServerOptions {
  readonly service: ServiceName;
  readonly connection: NatsConnection;
  readonly keys: Pick<MessageKeys, 'reader' | 'sealer'>;
  readonly observer: MessageObserver;
  /** Absent for a service without a database. */
  readonly runCommand?: CommandRunner;
  /** Asked about whoever a service acts for by a grant, and whose request has waited; absent where nobody is asked. */
  readonly standings?: Standings;
  /** Who watches what; for a service that shows anything. */
  readonly audience?: LiveAudience;
  /** Called with every refusal that has an organization, inside its context, after all effects were rolled back. */
  readonly onDenied?: (type: string, error: DomainError) => Promise<void>;
  /** Called for every request that failed because the service lacks what it needs, such as its database. */
  readonly onUnserved?: () => void;
}

/** Of what the guard answers by itself. */
const UNHANDLED: MessageHandler = () => Promise.reject(new Error('a watch has no handler'));

/** What a service takes its share of. */
interface GroupSubject {
  readonly subject: string;
  readonly queue: string;
}

/** A message that may be handled. */
interface Admitted {
  readonly contract: Contract;
  readonly handler: MessageHandler;
  readonly envelope: Envelope;
}

/**
 * The transport strategy: ordinary Nest message handlers behind the message guard. One subscription in the service's
 * queue group takes all its requests; each is verified, checked and only then handed over, inside its own context.
 */
export class MessageServer extends Server implements CustomTransportStrategy {
  private readonly subscriptions: Subscription[] = [];
  private readonly groups: GroupSubject[] = [];
  /** While the service takes its share. */
  private shares: Subscription[] = [];
  private readonly running = new Set<Promise<void>>();
  /** By their ids. One that is sent again meanwhile gets the same answer: it costs, and counts, once. */
  private readonly underWay = new Map<
    string,
    { readonly message: Msg; readonly answer: Promise<Answer | undefined> }
  >();

  constructor(
    private readonly options: MessageServerOptions,
    private readonly clock: Clock = systemClock,
  ) {
    super();
  }

  /** Subscribes once every handler is known. Refuses to start when a request or a durable event has no handler. */
  listen(callback: (error?: unknown) => void): void {
    const { service, connection } = this.options;
    const own = contractsOf(service);
    const requests = own.filter(({ kind }) => kind === 'query' || kind === 'command');
    const durable = durableRoutes()
      .filter(({ consumer }) => consumer === service)
      .flatMap(({ producer }) => durableEventsBetween(producer, service));
    const missing = [...requests, ...durable].filter((contract) => !this.messageHandlers.has(typeOf(contract)));
    if (missing.length > 0) {
      callback(new Error(`No handler for ${missing.map(typeOf).join(', ')}`));
      return;
    }
    if (requests.length > 0) {
      this.groups.push({ subject: `rpc.*.${service}.>`, queue: service });
    }
    if (own.some(({ kind }) => kind === 'watch')) this.subscriptions.push(this.subscribe(`live.*.${service}.>`));
    for (const contract of CATALOG.values()) {
      if (
        contract.kind === 'event' &&
        contract.delivery !== 'durable' &&
        contract.consumers.includes(service) &&
        this.messageHandlers.has(typeOf(contract))
      ) {
        const place = contract.scope === 'org' ? '*' : contract.scope;
        const subject = `evt.${place}.${typeOf(contract)}`;
        if (contract.delivery === 'queue') this.groups.push({ subject, queue: service });
        else this.subscriptions.push(this.subscribe(subject));
      }
    }
    this.takeShare();
    connection.flush().then(() => callback(), callback);
  }

  /** Takes no new messages, then waits for those being handled. */
  async close(): Promise<void> {
    await Promise.all([this.leaveShare(), ...this.subscriptions.map(drained)]);
    await Promise.all(this.running);
    this.options.audience?.close();
  }

  /** Takes its share of what the service is asked, as from the start; nothing where it does. */
  takeShare(): void {
    if (this.shares.length === 0) this.shares = this.groups.map(({ subject, queue }) => this.subscribe(subject, queue));
  }

  /** Leaves what the service is asked to its other processes, and answers what has arrived. */
  async leaveShare(): Promise<void> {
    await Promise.all(this.shares.splice(0).map(drained));
  }

  /**
   * What `@ReactsTo` a durable event in this service, one after the other; the event consumer runs it in the inbox's
   * transaction.
   */
  reactionTo(type: string): Reaction | undefined {
    const first = this.messageHandlers.get(type);
    if (!first) return undefined;
    return async (payload, event) => {
      for (
        let handler: MessageHandler | undefined = first;
        handler;
        handler = handler.next as MessageHandler | undefined
      )
        await this.call(handler, payload, event);
    };
  }

  /**
   * Resolves when every message that has arrived by now is handled. A service announces what changed before it
   * replies, on the same connection: whoever waits here after a reply has heard the announcement too.
   */
  async settled(): Promise<void> {
    if (this.running.size > 0) await Promise.all(this.running);
  }

  /** Not offered: the guard's observer is the place to watch. */
  on(): void {}

  unwrap<T>(): T {
    return this.options.connection as T;
  }

  private subscribe(subject: string, queue?: string): Subscription {
    return this.options.connection.subscribe(subject, {
      queue,
      callback: (error, message) => {
        if (error) return this.options.observer.rejected(subject, error.name);
        const work = this.receive(message)
          .catch((failure: unknown) => this.options.observer.failed(subject, '', failure))
          .finally(() => this.running.delete(work));
        this.running.add(work);
      },
    });
  }

  private async receive(message: Msg): Promise<void> {
    const type = message.subject.split('.').slice(2).join('.');
    const admitted = this.admit(message, type);
    if (!admitted) return;
    const { id } = admitted.envelope;
    const first = this.underWay.get(id);
    if (first && isCopy(message, first.message)) return this.answer(message, admitted, await first.answer);
    const handled = { message, answer: this.handled(message, type, admitted) };
    this.underWay.set(id, handled);
    const answer = await handled.answer;
    if (this.underWay.get(id) === handled) this.underWay.delete(id);
    await this.answer(message, admitted, answer);
  }

  /** @returns what to answer with; nothing for an event, which has nobody to answer */
  private async handled(
    message: Msg,
    type: string,
    { contract, handler, envelope }: Admitted,
  ): Promise<Answer | undefined> {
    const started = performance.now();
    const over = (outcome: 'ok' | 'error'): void =>
      this.options.observer.handled(type, placeOf(message), outcome, performance.now() - started);
    try {
      const answer = await inMessageContext(envelope, () => this.dispatch({ contract, handler, envelope }, message));
      over('ok');
      return answer;
    } catch (error) {
      over('error');
      const refusal = this.refusal(message, type, error);
      return contract.kind === 'event' ? undefined : refusal;
    }
  }

  /** What may be handled. What is not believed is counted and not answered: nobody knows whom an answer would reach. */
  private admit(message: Msg, type: string): Admitted | null {
    try {
      const contract = CATALOG.get(type);
      const handler = contract?.kind === 'watch' ? UNHANDLED : this.messageHandlers.get(type);
      if (!contract || !handler) throw new DomainError('message_rejected', 'No such message type.');
      assertHeadersBounded(message);
      const envelope = this.options.keys.reader.read(
        contract,
        message.subject,
        message.headers,
        this.clock().getTime(),
      );
      return { contract, handler, envelope };
    } catch (error) {
      this.options.observer.rejected(type, errorBody(error).code);
      return null;
    }
  }

  /** What to answer with; nothing for an event, which has nobody to answer. */
  private async dispatch({ contract, handler, envelope }: Admitted, message: Msg): Promise<Answer | undefined> {
    const payload = received(contract.request, parsed(message));
    if (contract.kind === 'event') {
      await this.call(handler, payload);
      return undefined;
    }
    return handling({ envelope, contract, payload }, async () => {
      try {
        const review = await AdmissionReview.begin(contract, envelope, this.options.standings, this.clock);
        return await inMessageContext(review.now, async () => {
          authorize(contract, envelope);
          if (contract.kind === 'watch') return this.watched(contract, envelope, payload, message);
          const reply = await handling({ envelope, contract, payload, again: review.again }, () =>
            this.reply(contract, handler, payload, review),
          );
          return answerOf(reply, placeOf(message));
        });
      } catch (error) {
        if (contract.kind === 'watch') this.options.audience?.leave(envelope, contract, payload);
        if (error instanceof DomainError && error.kind === 'forbidden' && envelope.context.scope === 'org') {
          await this.options.onDenied?.(typeOf(contract), error);
        }
        throw error;
      }
    });
  }

  /**
   * Shows whoever asked what they watch, where the server noted who that is; whoever names no place is shown nothing
   * more.
   */
  private watched(contract: WatchContract, asker: Envelope, payload: object, { reply }: Msg): Answer | undefined {
    const { audience } = this.options;
    if (!audience) throw serviceAway(contract.service);
    if (!reply) {
      audience.leave(asker, contract, payload);
      return undefined;
    }
    if (!isAnswerable(reply)) throw new DomainError('message_rejected', 'Nobody is shown anything there.');
    return keptAnswer(audience.keep(asker, contract, payload, reply));
  }

  private async reply(
    contract: RequestContract,
    handler: MessageHandler,
    payload: object,
    review: AdmissionReview,
  ): Promise<object> {
    if (contract.kind === 'query') return await this.found(handler, payload, review);
    const preparation = this.messageHandlers.get(preparationOf(contract));
    const prepare = async (): Promise<object> => {
      const prepared = await this.call(preparation as MessageHandler, payload);
      await review.look();
      return prepared;
    };
    const handle = (prepared?: object): Promise<object> =>
      inMessageContext(review.now, () => this.call(handler, payload, prepared));
    const run = contract.remembersItself ? undefined : this.options.runCommand;
    return await (run ? run(handle, preparation && prepare) : handle(preparation && (await prepare())));
  }

  /** What is found out is for whoever may know it when it is found, whatever it waited for. */
  private async found(handler: MessageHandler, payload: object, review: AdmissionReview): Promise<object> {
    const { now } = review;
    const answer = await inMessageContext(now, () => this.call(handler, payload));
    await review.look();
    return review.now === now ? answer : this.found(handler, payload, review);
  }

  private async call(handler: MessageHandler, payload: object, context?: object): Promise<object> {
    const answer: unknown = await handler(payload, context);
    return (await lastValueFrom(this.transformToObservable(answer as object), { defaultValue: {} })) as object;
  }

  private refusal(message: Msg, type: string, error: unknown): Answer {
    // Others were quicker: this process serves all the same, and nothing has failed.
    const busy = error instanceof DatabaseBusyError || isOvertaken(error);
    if (!(error instanceof DomainError) && !busy)
      this.options.observer.failed(type, message.headers?.get(HEADER.correlation) ?? '', error);
    const unserved = busy || isUnavailable(error);
    if (unserved && !busy) this.options.onUnserved?.();
    return refusalOf(errorBody(unserved ? new DomainError('service_unavailable') : error));
  }

  /**
   * Answers where the server noted who asked. Any other subject somebody put there, an event's or JetStream's own, is
   * left alone.
   */
  private async answer(message: Msg, { contract, envelope }: Admitted, answer: Answer | undefined): Promise<void> {
    if (!answer || !message.reply) return;
    if (!isAnswerable(message.reply)) return this.options.observer.rejected(typeOf(contract), 'foreign_reply');
    const { id, idempotencyKey, answerKey } = envelope;
    await sendTurn();
    const body = this.options.keys.sealer.seal(answerKey, contract.kind === 'watch' ? idempotencyKey : id, answer);
    message.respond(body, { headers: answer.fields });
  }
}

function drained(subscription: Subscription): Promise<void> {
  return subscription.drain().catch(() => undefined);
}

function placeOf(message: Msg): string {
  return message.subject.split('.')[1] ?? '';
}

function parsed(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    throw new DomainError('malformed_json', 'The message body is not JSON.');
  }
}
