import { CATALOG, type historyMessages, type ServiceName } from '@apollo/contracts';
import {
  assertStreams,
  type Bus,
  type connectNats,
  DeadLetters,
  durableEventsOf,
  durableRoutes,
  entitiesTaken,
  EventConsumer,
  EventHistory,
  EventReactor,
  EventReconciler,
  EventSigner,
  EventVerifier,
  handledMessage,
  Inbox,
  type MessageServer,
  Outbox,
  OutboxRelay,
} from '@apollo/messaging';
import { OutboxDatabase, type TenantDatabase } from '@apollo/tenancy/postgres';
import type { Logger } from 'pino';
import type { ServiceConfig } from '../config.js';
import { ConfigurationError } from '../process/variables.js';
import { consumerMetrics, relayMetrics } from '../health/event.metrics.js';
import type { ReadinessCheck } from '../health/health.server.js';

/** What a service's durable messages are made of. */
export interface DurableSurroundings {
  readonly name: ServiceName;
  /** The database schema, whose tables hold outbox and inbox. */
  readonly schema: string;
  readonly config: ServiceConfig;
  readonly database: TenantDatabase;
  readonly connection: Awaited<ReturnType<typeof connectNats>>;
  readonly bus: Bus;
  readonly logger: Logger;
}

/** The durable side of a service: events that it emits leave by its relay, those it takes come in by its consumer. */
export class DurableMessages {
  /** For services that emit durable events. */
  readonly outbox: Outbox | undefined;
  private readonly events: OutboxDatabase | undefined;
  private readonly relay: OutboxRelay | undefined;
  private readonly history: EventHistory | undefined;
  private readonly taking: { stop(): Promise<void> }[] = [];

  constructor(private readonly around: DurableSurroundings) {
    const { name, schema, config, database, connection, logger } = around;
    if (durableEventsOf(name).length === 0) return;
    if (!config.relayUrl) throw new ConfigurationError('RELAY_DATABASE_URL is not set');
    const events = new OutboxDatabase(config.relayUrl, schema);
    const relay = new OutboxRelay(
      name,
      events,
      connection,
      new EventSigner(name, config.signingKey),
      relayMetrics(logger),
    );
    this.events = events;
    this.relay = relay;
    this.outbox = new Outbox(database, schema, () => relay.wake());
    this.history = new EventHistory(events, database, schema);
  }

  /** Has a service that emits events answer which it has emitted. */
  answer(server: MessageServer): void {
    const { history } = this;
    if (!history) return;
    const add = <Request>(method: string, handle: (request: Request) => Promise<object>): void => {
      const type = `${this.around.name}.${method}.v1`;
      if (CATALOG.has(type)) server.addHandler(type, (request: Request) => handle(request));
    };
    const taken = (): string[] => {
      const asker = handledMessage()?.envelope.issuer;
      return asker ? entitiesTaken(this.around.name, asker) : [];
    };
    add('list-event-heads', (request: historyMessages.EventHeadsRequest) => history.heads(request, taken()));
    add('list-entity-events', (request: historyMessages.EntityEventsRequest) => history.events(request, taken()));
    add('list-events', (request: historyMessages.OrgEventsRequest) => history.stream(request));
  }

  /** What must be there for events to leave and to come in. */
  checks(): ReadinessCheck[] {
    const { events } = this;
    const { connection, name } = this.around;
    return [
      ['streams', () => assertStreams(connection, name)],
      ...(events ? [['relay', () => events.ping()] as const] : []),
    ];
  }

  /**
   * Begins to publish and to take events.
   *
   * @throws StreamDriftError when the broker is not set up as the contracts say
   */
  async start(server: MessageServer): Promise<void> {
    const { name, schema, config, database, connection, bus, logger } = this.around;
    await assertStreams(connection, name);
    this.relay?.start();
    if (!durableRoutes().some(({ consumer }) => consumer === name)) return;
    const observer = consumerMetrics(logger);
    const deadLetters = new DeadLetters(database, schema);
    const reactor = new EventReactor(
      new Inbox(database, schema),
      deadLetters,
      (type) => server.reactionTo(type),
      observer,
    );
    const reconciler: EventReconciler = new EventReconciler({
      service: name,
      bus,
      database,
      schema,
      reactor,
      deadLetters,
      observer,
      isBehind: (producer) => consumer.isBehind(producer),
    });
    const consumer = new EventConsumer({
      service: name,
      connection,
      verifier: new EventVerifier(config.publicKeys),
      reactor,
      observer,
      onMissing: (contract, event) =>
        void reconciler
          .bring(contract, event)
          .catch((error: unknown) => observer.failed(event.type, event.requestId, error)),
    });
    this.taking.push(consumer, reconciler);
    await consumer.start();
    reconciler.start();
  }

  /** Takes no more events and finishes those begun. */
  async stopConsuming(): Promise<void> {
    for (const each of this.taking.splice(0)) await each.stop();
  }

  /** Stops publishing, once nothing is written any more; what is left is another replica's. */
  async stopPublishing(): Promise<void> {
    await this.relay?.stop();
  }
}
