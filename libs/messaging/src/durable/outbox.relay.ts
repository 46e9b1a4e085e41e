import { CATALOG, type ServiceName, typeOf } from '@apollo/contracts';
import type { HandedOn, OutboxDatabase, OutboxRow } from '@apollo/tenancy/postgres';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { EventSigner } from './event.seal.js';
import { EVENT_HEADER, toSign, writeEvent } from './event.envelope.js';
import { Poller } from '../process/poller.js';
import { durableEventsOf } from './event.streams.js';
import { LARGEST_EVENT_BYTES } from './durable.tables.js';
import { EventRateLimit } from './event.limit.js';

/** Events claimed together. */
const BATCH = 100;
/** Batches that are published and not confirmed yet, while the next one is claimed. */
const AT_ONCE = 2;
/**
 * Milliseconds after which a relay looks by itself: for what another process wrote down and did not live to publish.
 */
const LOOK_EVERY_MS = 1_000;
/**
 * Milliseconds JetStream has to say that it holds an event. The claim's transaction is open meanwhile, and nobody is
 * told of what is written after it.
 */
const ACK_WITHIN_MS = 2_000;

type WrittenMessage = ReturnType<typeof writeEvent>;

/** Told of what a relay does; the service kit turns it into metrics and log lines. */
export interface RelayObserver {
  published(count: number): void;
  failed(error: unknown): void;
  /** An event that can never be published: it is kept where it was written, and holds up no other. */
  refused(event: { readonly org: string; readonly type: string; readonly id: string }, reason: string): void;
}

/**
 * Publishes a service's outbox. Any number of relays may run: each event is claimed by one of them at a time, is
 * published under its own id, which JetStream takes once, and is marked only when JetStream has confirmed it. Each
 * process keeps every organization to its rate limit.
 */
export class OutboxRelay {
  private readonly looking: Poller;
  private readonly underWay = new Set<Promise<void>>();
  /** Whether JetStream took nothing of what was last sent to it. */
  private refused = false;
  private readonly limit = new EventRateLimit();

  private readonly jetstream: JetStreamClient;
  private readonly types: readonly string[];

  constructor(
    private readonly service: ServiceName,
    private readonly outbox: OutboxDatabase,
    connection: NatsConnection,
    private readonly signer: EventSigner,
    private readonly observer: RelayObserver,
  ) {
    this.jetstream = jetstream(connection);
    this.types = durableEventsOf(service).map(typeOf);
    this.looking = new Poller(
      LOOK_EVERY_MS,
      () => this.look(),
      (error) => observer.failed(error),
    );
  }

  start(): void {
    this.looking.start();
  }

  /** Looks at once instead of at the next turn. */
  wake(): void {
    this.looking.wake();
  }

  /** Finishes what is under way; what is left is another relay's. */
  async stop(): Promise<void> {
    await this.looking.stop();
    await Promise.all(this.underWay);
    await this.outbox.close();
  }

  /** @returns whether there may be more to publish at once */
  private async look(): Promise<boolean> {
    const more = await this.turn();
    while (this.underWay.size >= (more ? AT_ONCE : 1)) await Promise.race(this.underWay);
    return more && !this.refused;
  }

  /**
   * Claims a batch and sends it; it is marked later. So the next batch is never sent before this one, and the events of
   * an entity keep their order.
   *
   * @returns when it is sent: whether there may be more to publish at once
   */
  private turn(): Promise<boolean> {
    return new Promise((sent) => {
      const wanted = { limit: BATCH, types: this.types, without: this.limit.waiting() };
      const handedOn = this.outbox.handOn(wanted, (events, more) => {
        this.limit.sent(events.map(({ org_id }) => org_id));
        const confirmed = this.publish(events);
        sent(more);
        return confirmed;
      });
      const work = handedOn
        .then(
          ({ found, done, published }) => {
            this.refused = found > 0 && done === 0;
            if (published > 0) this.observer.published(published);
          },
          (error: unknown) => this.observer.failed(error),
        )
        .finally(() => {
          this.underWay.delete(work);
          sent(false);
        });
      this.underWay.add(work);
    });
  }

  /** Those that JetStream holds now, and those that it can never hold. */
  private async publish(events: readonly OutboxRow[]): Promise<HandedOn[]> {
    const sound: { event: OutboxRow; message: WrittenMessage }[] = [];
    const refusals: HandedOn[] = [];
    for (const event of events) {
      const message = this.written(event);
      if (typeof message !== 'string') sound.push({ event, message });
      else {
        refusals.push({ event, refused: message });
        this.observer.refused({ org: event.org_id, type: event.type, id: event.id }, message);
      }
    }
    if (sound.length === 0) return refusals;
    const seals = this.signer.sign(sound.map(({ event }) => toSign(event)));
    sound.forEach(({ message }, at) => message.headers.set(EVENT_HEADER.seal, seals[at] ?? ''));
    // Sent in order on one connection; the confirmations are awaited together.
    const outcomes = await Promise.allSettled(
      sound.map(({ event, message }) =>
        this.jetstream.publish(message.subject, event.body, {
          msgID: event.id,
          headers: message.headers,
          timeout: ACK_WITHIN_MS,
        }),
      ),
    );
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure) this.observer.failed(failure.reason);
    const held = sound.filter((_, at) => outcomes[at]?.status === 'fulfilled');
    return [...held.map(({ event }) => ({ event })), ...refusals];
  }

  /**
   * The message of an event, but for its seal, or why it can never be published. What the outbox's functions write
   * always can.
   */
  private written(event: OutboxRow): WrittenMessage | string {
    const contract = CATALOG.get(event.type);
    if (contract?.kind !== 'event') return 'its type is no event';
    if (Buffer.byteLength(event.body) > LARGEST_EVENT_BYTES) return 'it is too large';
    try {
      return writeEvent(this.service, contract, event, '');
    } catch {
      return 'no message can carry it';
    }
  }
}
