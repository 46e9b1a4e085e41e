import { CATALOG, DomainError, type EventContract, type ServiceName } from '@apollo/contracts';
import { Tally } from '@apollo/tenancy';
import { type ConsumerMessages, jetstream, type JsMsg } from '@nats-io/jetstream';
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { assertHeadersBounded } from '../envelope/header.limit.js';
import { type DurableEvent, readEvent } from './event.envelope.js';
import type { ConsumerObserver, EventReactor } from './event.reactor.js';
import type { EventVerifier } from './event.seal.js';
import { durableRoutes, EVENTS, streamOf } from './event.streams.js';

/** Events that are handled at once; most of them wait to be committed together. */
const AT_WORK = 128;
/** Events that are here already when one of those is done. They are missing for a while when the process is killed. */
const AT_HAND = 32;
/** Milliseconds between signs that an event is still being handled. */
const WORKING_EVERY_MS = 10_000;
/** Milliseconds until an event is delivered again while the database is away. */
const AWAY_MS = 2_000;
/** Milliseconds until an event of a later version is delivered again: to a process of that version, where one runs. */
const UNKNOWN_MS = 1_000;
/** Each time an event was delivered so often and is still early, its predecessor counts as missing. */
const EARLY_ENOUGH = 3;
/**
 * Events of one organization that may wait here for another delivery. JetStream delivers nothing more while too many
 * are not confirmed, whoever's they are; those beyond it are confirmed, and the reconciler brings them from where they
 * were written.
 */
const WAITING = 100;
/**
 * Milliseconds after which an event that is still being handled makes room for another one: it may wait for a lock of
 * its organization.
 */
const LONG_MS = 500;
/** Such events of one organization, from which on further ones of it are put off. */
const LONG_ONES = 32;
/** Milliseconds after its time within which an event is delivered again, here or to another process. */
const WAITED_MS = 60_000;
/** Milliseconds without an event after which those that JetStream still has do not count as on their way. */
const STILL_MS = 1_000;

/** What a consumer needs from its service. */
export interface EventConsumerOptions {
  readonly service: ServiceName;
  readonly connection: NatsConnection;
  readonly verifier: EventVerifier;
  readonly reactor: EventReactor;
  readonly observer: ConsumerObserver;
  /** Told of an event that waits in vain for an earlier one of its entity. */
  readonly onMissing?: (contract: EventContract, event: DurableEvent) => void;
}

/** Takes a service's durable events from JetStream: verifies them, has them handled, and confirms what is committed. */
export class EventConsumer {
  private readonly taking: ConsumerMessages[] = [];
  private readonly loops: Promise<void>[] = [];
  private readonly running = new Set<Promise<void>>();
  private places = AT_WORK;
  /** Those who wait for a place. */
  private readonly queue: (() => void)[] = [];
  /** Of each organization, how many events are handled that have made room already. */
  private readonly long = new Tally();
  /** Of each organization, the events that wait for another delivery, and until when they count. */
  private readonly waiting = new Map<string, Map<string, number>>();
  /** Of each producer's events: how many JetStream had left when the last one came, and when that was. */
  private readonly left = new Map<ServiceName, { readonly count: number; readonly at: number }>();

  constructor(private readonly options: EventConsumerOptions) {}

  /** Begins to take events. @throws when a consumer is not there */
  async start(): Promise<void> {
    for (const { producer } of durableRoutes().filter(({ consumer }) => consumer === this.options.service)) {
      const client = jetstream(this.options.connection, { domain: EVENTS });
      const consumer = await client.consumers.get(streamOf(producer), this.options.service);
      const messages = await consumer.consume({ max_messages: AT_WORK + AT_HAND });
      this.taking.push(messages);
      this.loops.push(this.take(producer, messages));
    }
  }

  /** Whether more of a producer's events are on their way than JetStream has delivered. */
  isBehind(producer: ServiceName): boolean {
    const left = this.left.get(producer);
    return left !== undefined && left.count > 0 && performance.now() - left.at < STILL_MS;
  }

  /** Takes no more events and waits for those being handled; what was delivered and not begun is delivered again. */
  async stop(): Promise<void> {
    await Promise.all(this.taking.map((messages) => messages.close()));
    await Promise.all(this.loops);
    await Promise.all(this.running);
  }

  private async take(producer: ServiceName, messages: ConsumerMessages): Promise<void> {
    for await (const message of messages) {
      this.left.set(producer, { count: message.info.pending, at: performance.now() });
      while (this.places === 0) await new Promise<void>((resume) => this.queue.push(resume));
      const work = this.receive(message, this.place()).finally(() => this.running.delete(work));
      this.running.add(work);
    }
  }

  /** Takes a place. @returns gives it back, once */
  private place(): () => void {
    let taken = true;
    this.places -= 1;
    return () => {
      if (!taken) return;
      taken = false;
      this.places += 1;
      this.queue.shift()?.();
    };
  }

  private async receive(message: JsMsg, makeRoom: () => void): Promise<void> {
    const type = message.subject.split('.').slice(2).join('.');
    const contract = CATALOG.get(type);
    const working = setInterval(() => message.working(), WORKING_EVERY_MS);
    try {
      if (!contract) return this.leave(type, message);
      if (contract.kind !== 'event' || contract.delivery !== 'durable')
        throw new DomainError('message_rejected', 'No such event.');
      // As it was delivered; only the client's interface does not say that it is at hand.
      assertHeadersBounded((message as JsMsg & { readonly msg: Msg }).msg);
      const event = readEvent(contract, message.subject, message.headers, message.string(), this.options.verifier);
      await this.settle(contract, event, message, makeRoom);
    } catch {
      // Nothing about it can be believed, so there is nobody to tell and nothing to try again.
      this.options.observer.event(type, '', 'rejected');
      message.term('rejected');
    } finally {
      clearInterval(working);
      makeRoom();
    }
  }

  /**
   * An event of a version that this one does not know: it waits for a process that does, and so does what follows of
   * its entity.
   */
  private leave(type: string, message: JsMsg): void {
    const org = message.subject.split('.')[1] ?? '';
    this.options.observer.event(type, org, 'unknown');
    this.again({ org, id: String(message.seq) }, message, UNKNOWN_MS);
  }

  private async settle(
    contract: EventContract,
    event: DurableEvent,
    message: JsMsg,
    makeRoom: () => void,
  ): Promise<void> {
    if (this.long.of(event.org) >= LONG_ONES) return this.again(event, message, AWAY_MS);
    const noLonger = this.whenLong(event, makeRoom);
    try {
      const verdict = await this.options.reactor.handle(contract, event);
      if (verdict.done) {
        this.waitsNoMore(event);
        return message.ack();
      }
      this.again(event, message, verdict.again);
      if (verdict.early && message.info.deliveryCount % EARLY_ENOUGH === 0) this.options.onMissing?.(contract, event);
    } catch (error) {
      this.options.observer.failed(event.type, event.requestId, error);
      this.again(event, message, AWAY_MS);
    } finally {
      noLonger();
    }
  }

  /** Makes room when an event takes long, and counts it as one that does until what is returned is called. */
  private whenLong({ org }: DurableEvent, makeRoom: () => void): () => void {
    let counted = false;
    const timer = setTimeout(() => {
      counted = true;
      this.long.add(org, 1);
      makeRoom();
    }, LONG_MS);
    return () => {
      clearTimeout(timer);
      if (counted) this.long.add(org, -1);
    };
  }

  private again({ org, id }: { org: string; id: string }, message: JsMsg, inMs: number): void {
    const now = performance.now();
    const waiting = this.waiting.get(org) ?? new Map<string, number>();
    for (const [other, until] of waiting) if (until < now) waiting.delete(other);
    if (!waiting.has(id) && waiting.size >= WAITING) return message.ack();
    this.waiting.set(org, waiting.set(id, now + inMs + WAITED_MS));
    message.nak(inMs);
  }

  private waitsNoMore({ org, id }: DurableEvent): void {
    const waiting = this.waiting.get(org);
    waiting?.delete(id);
    if (waiting?.size === 0) this.waiting.delete(org);
  }
}
