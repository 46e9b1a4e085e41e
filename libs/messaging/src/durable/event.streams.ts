import { setTimeout as sleep } from 'node:timers/promises';
import { DURABLE_EVENTS, entityOf, type EventContract, SERVICES, type ServiceName, typeOf } from '@apollo/contracts';
import {
  AckPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { errors, type NatsConnection, nanos } from '@nats-io/nats-core';

const DAY_MS = 86_400_000;
/** JetStream is the delivery, not the record: what no consumer took within this is replayed from the outbox. */
const KEPT_MS = 7 * DAY_MS;
/**
 * Within this time an event published twice is stored once, as after an acknowledgement that was lost. The server keeps
 * every id in memory for as long, of up to 64 KB, beyond the stream's bound; consumers know by themselves what they
 * have handled.
 */
const TWICE_WITHIN_MS = 5_000;
/**
 * Bytes a stream may hold unless the deployment says otherwise. Above it the oldest make room: who has not taken them
 * yet has them from the outbox.
 */
const HOLDS_BYTES = 1024 ** 3;
/**
 * Events of one type that a stream holds of one organization. Above it that organization's oldest make room, so that no
 * organization's events take the place of another's: with payloads as large as they may be, those of all types of a
 * service fit into the bytes of a stream.
 */
const HELD_OF_A_TYPE = 50_000;
/** Time a consumer has to handle an event, or to say that it still does. */
const ACK_WITHIN_MS = 30_000;
/** Events under way to one consumer at once. */
const UNDER_WAY = 500;

/**
 * Milliseconds that servers which have only just started may take to agree on who leads them; until then none of them
 * answers.
 */
const AGREED_WITHIN_MS = 60_000;
const ASK_AGAIN_MS = 500;

/** Thrown at boot when the broker is not set up as declared. */
export class StreamDriftError extends Error {
  constructor(findings: readonly string[]) {
    super(`JetStream is not set up as the contracts say: ${findings.join('; ')}`);
    this.name = 'StreamDriftError';
  }
}

/** The account that holds the streams, and JetStream's domain to those who reach it from an account of their own. */
export const EVENTS = 'events';

/** Every durable event that a service emits. */
export function durableEventsOf(service: ServiceName): EventContract[] {
  return DURABLE_EVENTS.filter((contract) => contract.service === service);
}

/** The durable events of `producer` that `consumer` takes. */
export function durableEventsBetween(producer: ServiceName, consumer: ServiceName): EventContract[] {
  return durableEventsOf(producer).filter((contract) => contract.consumers.includes(consumer));
}

/** The kinds of entity of `producer` whose events `consumer` takes. */
export function entitiesTaken(producer: ServiceName, consumer: ServiceName): string[] {
  return [...new Set(durableEventsBetween(producer, consumer).map(entityOf))];
}

/** Name of the stream that delivers a service's events. */
export function streamOf(service: ServiceName): string {
  return `${service}-events`;
}

/** The subject of a durable event for every organization. */
export function everyOrgs(contract: EventContract): string {
  return `evt.*.${typeOf(contract)}`;
}

/** What a deployment chooses for its streams. */
export interface StreamSize {
  /** Servers that hold each event: 1 alone, 3 in a cluster; default 1. */
  readonly replicas?: number | undefined;
  /** Bytes each stream may hold, so that no key fills the store of all; default 1 GiB. */
  readonly maxBytes?: number | undefined;
}

/** What the stream of `service` must be like. */
export function streamConfig(service: ServiceName, { replicas = 1, maxBytes = HOLDS_BYTES }: StreamSize) {
  return {
    name: streamOf(service),
    subjects: durableEventsOf(service).map(everyOrgs).sort(),
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    num_replicas: replicas,
    max_age: nanos(KEPT_MS),
    max_bytes: maxBytes,
    max_msgs_per_subject: HELD_OF_A_TYPE,
    duplicate_window: nanos(TWICE_WITHIN_MS),
    deny_delete: true,
    deny_purge: true,
  } satisfies Partial<StreamConfig>;
}

/** What the consumer named after the consuming service must be like; it takes up where it left off. */
export function consumerConfig(producer: ServiceName, consumer: ServiceName) {
  return {
    name: consumer,
    durable_name: consumer,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ACK_WITHIN_MS),
    max_ack_pending: UNDER_WAY,
    max_deliver: -1,
    filter_subjects: durableEventsBetween(producer, consumer).map(everyOrgs).sort(),
  } satisfies Partial<ConsumerConfig>;
}

/** The pairs of services between which durable events travel. */
export function durableRoutes(): { producer: ServiceName; consumer: ServiceName }[] {
  return SERVICES.flatMap((producer) =>
    SERVICES.filter((consumer) => durableEventsBetween(producer, consumer).length > 0).map((consumer) => ({
      producer,
      consumer,
    })),
  );
}

/**
 * Creates streams and consumers, or brings them to what is declared; needs the deploy credential. Idempotent. Waits
 * while JetStream does not answer yet.
 *
 * @throws JetStream's error, at once where waiting does not help
 */
export async function deployStreams(connection: NatsConnection, size: StreamSize): Promise<void> {
  for (const begun = performance.now(); ; await sleep(ASK_AGAIN_MS)) {
    try {
      return await deployAll(connection, size);
    } catch (error) {
      if (!isWithoutLeader(error) || performance.now() - begun > AGREED_WITHIN_MS) throw error;
    }
  }
}

function isWithoutLeader(error: unknown): boolean {
  return error instanceof errors.TimeoutError || (error instanceof JetStreamApiError && error.status === 503);
}

async function deployAll(connection: NatsConnection, size: StreamSize): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  for (const producer of SERVICES.filter((service) => durableEventsOf(service).length > 0)) {
    const config = streamConfig(producer, size);
    const there = await found(manager.streams.info(config.name));
    if (there) await manager.streams.update(config.name, config);
    else await manager.streams.add(config);
  }
  for (const { producer, consumer } of durableRoutes())
    await deployConsumer(manager, streamOf(producer), consumerConfig(producer, consumer));
}

/** Creates a consumer, or brings it to what is declared; it keeps its place. */
export async function deployConsumer(
  manager: JetStreamManager,
  stream: string,
  config: Partial<ConsumerConfig> & { durable_name: string },
): Promise<void> {
  const there = await foundConsumer(manager, stream, config.durable_name);
  if (there) await manager.consumers.update(stream, config.durable_name, config);
  else await manager.consumers.add(stream, config);
}

/** A consumer as the broker has it; undefined where there is none. */
export function foundConsumer(
  manager: JetStreamManager,
  stream: string,
  consumer: string,
): Promise<ConsumerInfo | undefined> {
  return found(manager.consumers.info(stream, consumer));
}

/**
 * Compares what the broker says with what is declared, for the streams a service writes to and reads from. They may
 * hold events of which this version does not know.
 *
 * @throws StreamDriftError
 */
export async function assertStreams(connection: NatsConnection, service: ServiceName): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false, domain: EVENTS });
  const findings: string[] = [];
  const streams = new Set([
    ...durableRoutes()
      .filter(({ consumer }) => consumer === service)
      .map(({ producer }) => producer),
    ...(durableEventsOf(service).length > 0 ? [service] : []),
  ]);
  for (const producer of streams) findings.push(...(await streamDrift(manager, producer)));
  for (const { producer } of durableRoutes().filter(({ consumer }) => consumer === service)) {
    const info = await foundConsumer(manager, streamOf(producer), service);
    findings.push(
      ...drift(`consumer ${streamOf(producer)}/${service}`, producer, info?.config, consumerConfig(producer, service)),
    );
  }
  if (findings.length > 0) throw new StreamDriftError(findings);
}

async function streamDrift(manager: JetStreamManager, producer: ServiceName): Promise<string[]> {
  const info = await found(manager.streams.info(streamOf(producer)));
  // How many servers hold a stream, and how much of it, is the deployment's choice; that it has a bound is not.
  const { num_replicas: replicas, max_bytes: bytes = -1 } = info?.config ?? {};
  const size = { replicas, maxBytes: bytes > 0 ? bytes : undefined };
  return drift(`stream ${streamOf(producer)}`, producer, info?.config, streamConfig(producer, size));
}

function drift(name: string, producer: ServiceName, actual: object | undefined, declared: object): string[] {
  if (!actual) return [`${name} is missing`];
  const there = actual as Record<string, unknown>;
  return Object.entries(declared)
    .filter(([key, value]) => !agrees(there[key], value, producer))
    .map(([key]) => `${name} differs in ${key}`);
}

/** Whether what is there is what was declared. Subjects may be more: a later version of the producer emits more. */
function agrees(actual: unknown, declared: unknown, producer: ServiceName): boolean {
  if (!Array.isArray(declared)) return JSON.stringify(actual) === JSON.stringify(declared);
  const subjects = (actual ?? []) as readonly string[];
  const isTold = (subject: string) => declared.includes(subject) || subject.startsWith(`evt.*.${producer}.`);
  return declared.every((subject) => subjects.includes(subject as string)) && subjects.every(isTold);
}

async function found<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.status === 404) return undefined;
    throw error;
  }
}
