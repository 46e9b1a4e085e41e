import { createHash } from 'node:crypto';
import { type EventContract, SERVICES, SHOWN_EVENTS, subjectOf } from '@apollo/contracts';
import { AckPolicy, DeliverPolicy, jetstreamManager } from '@nats-io/jetstream';
import { type NatsConnection, nanos } from '@nats-io/nats-core';
import { deployConsumer, durableEventsOf, foundConsumer, streamOf } from '../durable/event.streams.js';

/**
 * A consumer outside the platform that may receive the events of exactly one organization, with a stock NATS client.
 */
export interface EventReader {
  /** One subject token. */
  readonly name: string;
  readonly orgId: string;
  /** Its nkey, public part. */
  readonly publicKey: string;
}

const name = /^[a-z][a-z0-9-]{0,39}$/;
/** Hex digits that tell a reader from another one of its name. */
const TOLD_APART = 16;
/** A reader that stays away for longer begins anew. */
const FORGOTTEN_AFTER_MS = 30 * 86_400_000;

/** The events shown to outsiders: what members are shown, but nothing of anybody's personal space. */
export function eventsForReaders(shown: readonly EventContract[] = SHOWN_EVENTS): EventContract[] {
  return shown.filter(({ personal }) => !personal);
}

function subjectsFor({ orgId }: EventReader, stream: string): string[] {
  return eventsForReaders()
    .filter((event) => streamOf(event.service) === stream)
    .map((event) => subjectOf(event, orgId))
    .sort();
}

/** The streams a reader has a consumer in. */
export function streamsShown(): string[] {
  return SERVICES.filter((service) => durableEventsOf(service).some((event) => eventsForReaders().includes(event))).map(
    streamOf,
  );
}

/** @throws Error for a name that is no subject token */
export function assertReaderName(given: string): void {
  if (!name.test(given)) throw new Error(`A reader's name is 1 to 40 lower-case letters, digits and dashes: ${given}`);
}

/**
 * The name of a reader's account, of its consumer in each stream, and of its inbox (`_INBOX_<name>`). It is of this
 * organization and this key alone: whoever gets a name that somebody had before gets nothing of what was theirs.
 *
 * @throws Error for a name that is no subject token
 */
export function readerName(reader: EventReader): string {
  assertReaderName(reader.name);
  const digest = createHash('sha256').update(`${reader.orgId} ${reader.publicKey}`).digest('hex');
  return `reader-${reader.name}-${digest.slice(0, TOLD_APART)}`;
}

/**
 * Creates the reader's consumers; needs the deploy credential. It can neither change nor widen them. Idempotent.
 *
 * @throws Error where a consumer of that name has events of another organization; it is left as it is
 */
export async function deployReader(connection: NatsConnection, reader: EventReader): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const own = readerName(reader);
  for (const stream of streamsShown()) {
    const there = await foundConsumer(manager, stream, own);
    if (there && !isOf(reader.orgId, there.config.filter_subjects))
      throw new Error(`The consumer ${own} of ${stream} is of another organization. It is left as it is.`);
    await deployConsumer(manager, stream, {
      name: own,
      durable_name: own,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: nanos(30_000),
      max_ack_pending: 1_000,
      inactive_threshold: nanos(FORGOTTEN_AFTER_MS),
      filter_subjects: subjectsFor(reader, stream),
    });
  }
}

/** Without a filter, a consumer takes the events of all. */
function isOf(org: string, filters: readonly string[] = []): boolean {
  return filters.length > 0 && filters.every((subject) => subject.startsWith(`evt.${org}.`));
}
