import { MemberChangedEvent, OrgChangedEvent, subjectOf, typeOf } from '@apollo/contracts';
import { toSign, writeEvent } from '@apollo/messaging';
import { newId } from '@apollo/tenancy';
import { jetstream } from '@nats-io/jetstream';
import { keepBusy } from './busy.callers.js';
import { type EventWriter, FACTS } from './event.writer.js';

/** What JetStream by itself does: publish, wait for its confirmation, again; no database on either side. */
export interface RawPublisher {
  /** Bytes of a message, headers and body. */
  readonly bytes: number;
  /** Publishes for `seconds`. @returns confirmations per second */
  publish(seconds: number): Promise<number>;
}

/**
 * A hand-written publisher with the orgs service's connection: messages as large as our events into the stream that
 * takes our events, so with the same server, file storage and sync. Their type is one that nobody consumes.
 *
 * @param inFlight messages under way at once; as many of ours would share a seal
 */
export function rawPublisher(
  { connection, sealer }: EventWriter,
  orgs: readonly string[],
  inFlight: number,
): RawPublisher {
  const body = JSON.stringify(FACTS);
  const [org = newId()] = orgs;
  const sample = {
    org_id: org,
    id: newId(),
    type: typeOf(OrgChangedEvent),
    entity: 'org',
    entity_id: org,
    entity_version: 100,
    request_id: newId(),
    trace: null,
    body,
    created_at: new Date(),
  };
  const [seal = ''] = sealer.sign(Array.from({ length: inFlight }, () => toSign(sample)));
  const { headers } = writeEvent('orgs', OrgChangedEvent, sample, seal);
  const client = jetstream(connection);
  let turn = 0;
  const one = (): Promise<unknown> => {
    turn = (turn + 1) % orgs.length;
    return client.publish(subjectOf(MemberChangedEvent, orgs[turn] ?? org), body, { msgID: newId(), headers });
  };
  return { bytes: headers.toString().length + body.length, publish: (seconds) => keepBusy(inFlight, seconds, one) };
}
