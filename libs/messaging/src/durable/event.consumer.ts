import { CATALOG, DomainError, entityOf, errorBody, type EventContract, type ServiceName, validated } from '@apollo/contracts';
import { runInTenantContext, type TenantContext } from '@apollo/tenancy';
import { type ConsumerMessages, type JetStreamClient, type JsMsg } from '@nats-io/jetstream';
import { type DurableEvent, readEvent } from './event.envelope.js';
import type { EventVerifier } from './event.seal.js';
import { durableRoutes, streamOf } from './event.streams.js';
import type { EventOutcome, Inbox } from './inbox.js';

/** Events of one stream that are handled at once; each takes a database connection. */
const AT_WORK = 8;
/** Milliseconds between signs that an event is still being handled. */
const WORKING_EVERY_MS = 10_000;
/** Milliseconds until an event is tried again, by the number of times it was; the last counts for all further ones. */
const BACK_OFF_MS = [100, 500, 2_000, 5_000, 10_000];
/** Times an event may fail before it is put among the dead letters. */
const ATTEMPTS = 8;
/** Milliseconds until an event whose predecessor is missing is looked at again. */
const EARLY_MS = 250;

/** Told of what becomes of events; the service kit turns it into metrics and log lines. */
export interface ConsumerObserver {
  event(type: string, org: string, outcome: EventOutcome | 'rejected' | 'failed' | 'buried'): void;
  failed(type: string, requestId: string, error: unknown): void;
}

/** Runs the reaction to an event, checked and in its context. */
export type Reaction = (payload: object) => Promise<unknown>;

/** What a consumer needs from its service. */
export interface EventConsumerOptions {
  readonly service: ServiceName;
  readonly jetstream: JetStreamClient;
  readonly verifier: EventVerifier;
  readonly inbox: Inbox;
  readonly observer: ConsumerObserver;
  /** The reaction to a type of event. */
  reactionTo(type: string): Reaction | undefined;
}

/**
 * Takes a service's durable events from JetStream and has each take effect once: verified, in the context of its
 * organization, in the transaction that remembers it, confirmed only when that is committed. Events of one entity are
 * handled one after the other; what fails waits by itself and holds up no other entity.
 */
export class EventConsumer {
  private readonly taking: ConsumerMessages[] = [];
  private readonly loops: Promise<void>[] = [];
  private readonly entities = new Map<string, Promise<void>>();
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly options: EventConsumerOptions) {}

  /** Begins to take events. @throws when a consumer is not there */
  async start(): Promise<void> {
    for (const { producer } of durableRoutes().filter(({ consumer }) => consumer === this.options.service)) {
      const consumer = await this.options.jetstream.consumers.get(streamOf(producer), this.options.service);
      const messages = await consumer.consume({ max_messages: 4 * AT_WORK });
      this.taking.push(messages);
      this.loops.push(this.take(messages));
    }
  }

  /** Takes no more events and waits for those being handled; what was delivered and not begun is delivered again. */
  async stop(): Promise<void> {
    await Promise.all(this.taking.map((messages) => messages.close()));
    await Promise.all(this.loops);
    await Promise.all(this.running);
  }

  private async take(messages: ConsumerMessages): Promise<void> {
    for await (const message of messages) {
      while (this.running.size >= AT_WORK) await Promise.race(this.running);
      const work = this.receive(message).finally(() => this.running.delete(work));
      this.running.add(work);
    }
  }

  private async receive(message: JsMsg): Promise<void> {
    const type = message.subject.split('.').slice(2).join('.');
    const contract = CATALOG.get(type);
    try {
      if (contract?.kind !== 'event' || contract.delivery !== 'durable') throw new DomainError('message_rejected', 'No such event.');
      const event = await readEvent(contract, message.subject, message.headers, message.string(), this.options.verifier);
      await this.inTurn(`${event.org} ${contract.service} ${entityOf(contract)} ${event.entityId}`, () => this.settle(contract, event, message));
    } catch {
      // Nothing about it can be believed, so there is nobody to tell and nothing to try again.
      this.options.observer.event(type, '', 'rejected');
      message.term('rejected');
    }
  }

  /** One after the other for one entity, whatever the others do. */
  private async inTurn(key: string, fn: () => Promise<void>): Promise<void> {
    const turn = (this.entities.get(key) ?? Promise.resolve()).then(fn);
    this.entities.set(key, turn);
    await turn.finally(() => {
      if (this.entities.get(key) === turn) this.entities.delete(key);
    });
  }

  private async settle(contract: EventContract, event: DurableEvent, message: JsMsg): Promise<void> {
    const { observer, inbox } = this.options;
    const origin = { source: contract.service, entity: entityOf(contract) };
    const say = (outcome: Parameters<ConsumerObserver['event']>[2]): void => observer.event(event.type, event.org, outcome);
    const working = setInterval(() => message.working(), WORKING_EVERY_MS);
    try {
      await runInTenantContext(contextOf(contract, event), async () => {
        const bury = async (reason: string): Promise<void> => {
          await inbox.bury(origin, event, reason);
          say('buried');
          message.ack();
        };
        const outcome = await this.attempt(contract, event, origin).catch((error: unknown) => ({ error }));
        if (typeof outcome !== 'string') {
          observer.failed(event.type, event.requestId, outcome.error);
          const attempt = message.info.deliveryCount;
          if (attempt >= ATTEMPTS || isFinal(outcome.error)) return bury(errorBody(outcome.error).code);
          say('failed');
          return message.nak(BACK_OFF_MS[attempt - 1] ?? BACK_OFF_MS.at(-1));
        }
        if (outcome === 'behind-dead-letter') return bury(outcome);
        say(outcome);
        return outcome === 'early' ? message.nak(EARLY_MS) : message.ack();
      });
    } catch (error) {
      // Even its burial failed: the database is away. It is delivered again.
      observer.failed(event.type, event.requestId, error);
      message.nak(BACK_OFF_MS.at(-1));
    } finally {
      clearInterval(working);
    }
  }

  private async attempt(contract: EventContract, event: DurableEvent, origin: { source: ServiceName; entity: string }): Promise<EventOutcome> {
    const reaction = this.options.reactionTo(event.type);
    const payload = validated(contract.request, JSON.parse(event.body) as unknown);
    return this.options.inbox.once(origin, event, async () => {
      await reaction?.(payload);
    });
  }
}

/** A reaction acts for the service that told of the event; whose doing it was is in the event. */
function contextOf(contract: EventContract, event: DurableEvent): TenantContext {
  return Object.freeze({ scope: 'org', orgId: event.org, actor: `system:${contract.service}`, role: 'system', requestId: event.requestId, trace: event.trace });
}

/** A refusal by the rules will be the same next time. */
function isFinal(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof DomainError && !['unavailable', 'conflict'].includes(error.kind));
}
