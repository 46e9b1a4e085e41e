import { setTimeout as sleep } from 'node:timers/promises';
import { CATALOG, type ServiceName } from '@apollo/contracts';
import type { OutboxDatabase, OutboxRow } from '@apollo/tenancy/postgres';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { EventSealer } from './event.seal.js';
import { toSeal, writeEvent } from './event.envelope.js';

/** Events claimed together. */
const BATCH = 100;
/** Batches that are published and not confirmed yet, while the next one is claimed. */
const AT_ONCE = 2;
/** Milliseconds after which a relay looks by itself: for what another process wrote down and did not live to publish. */
const LOOK_EVERY_MS = 1_000;
/** Milliseconds JetStream has to say that it holds an event. The claim's transaction is open meanwhile, and nobody is told of what is written after it. */
const ACK_WITHIN_MS = 2_000;

/** Told of what a relay does; the service kit turns it into metrics and log lines. */
export interface RelayObserver {
  published(count: number): void;
  failed(error: unknown): void;
}

/**
 * Publishes a service's outbox. Any number of relays may run: each event is claimed by one of them at a time, is
 * published under its own id, which JetStream takes once, and is marked only when JetStream has confirmed it.
 */
export class OutboxRelay {
  private readonly stopping = new AbortController();
  private rest = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private readonly underWay = new Set<Promise<void>>();
  /** Whether JetStream took nothing of what was last sent to it. */
  private refused = false;

  private readonly jetstream: JetStreamClient;

  constructor(
    private readonly service: ServiceName,
    private readonly outbox: OutboxDatabase,
    connection: NatsConnection,
    private readonly sealer: EventSealer,
    private readonly observer: RelayObserver,
  ) {
    this.jetstream = jetstream(connection);
  }

  start(): void {
    this.running = this.run();
  }

  /** Looks at once instead of at the next turn. */
  wake(): void {
    this.rest.abort();
  }

  /** Finishes what is under way; what is left is another relay's. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
    await this.outbox.close();
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.rest = new AbortController();
      const more = await this.turn();
      if (!more || this.refused)
        await sleep(LOOK_EVERY_MS, undefined, {
          signal: AbortSignal.any([this.rest.signal, this.stopping.signal]),
        }).catch(() => undefined);
      while (this.underWay.size >= (more ? AT_ONCE : 1)) await Promise.race(this.underWay);
    }
    await Promise.all(this.underWay);
  }

  /**
   * Claims a batch and sends it; it is marked later. So the next batch is never sent before this one, and the events of an
   * entity keep their order.
   *
   * @returns when it is sent: whether there may be more to publish at once
   */
  private turn(): Promise<boolean> {
    return new Promise((sent) => {
      const handedOn = this.outbox.handOn(BATCH, (events) => {
        const confirmed = this.publish(events);
        sent(events.length === BATCH);
        return confirmed;
      });
      const work = handedOn
        .then(
          ({ found, published }) => {
            this.refused = found > 0 && published === 0;
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

  /** The events JetStream holds now. */
  private async publish(events: readonly OutboxRow[]): Promise<OutboxRow[]> {
    const seals = this.sealer.seal(events.map(toSeal));
    const sealed = events.map((event, at) => ({ event, message: this.written(event, seals[at] ?? '') }));
    // Sent in order on one connection; the confirmations are awaited together.
    const outcomes = await Promise.allSettled(
      sealed.map(({ event, message }) =>
        this.jetstream.publish(message.subject, event.body, {
          msgID: event.id,
          headers: message.headers,
          timeout: ACK_WITHIN_MS,
        }),
      ),
    );
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure) this.observer.failed(failure.reason);
    return events.filter((_, at) => outcomes[at]?.status === 'fulfilled');
  }

  private written(event: OutboxRow, seal: string): ReturnType<typeof writeEvent> {
    const contract = CATALOG.get(event.type);
    if (contract?.kind !== 'event') throw new Error(`${event.type} is in the outbox and not in the catalog`);
    return writeEvent(this.service, contract, event, seal);
  }
}
