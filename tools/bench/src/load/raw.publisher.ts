import { LeadChangedEvent, subjectOf, typeOf } from '@apollo/contracts';
import { connectNats, EventSigner, toSign, writeEvent } from '@apollo/messaging';
import { newId } from '@apollo/tenancy';
import { jetstream } from '@nats-io/jetstream';
import type { OurPlatform } from '../servers/our.platform.js';
import { keepBusy } from './busy.callers.js';
import { FACTS } from './event.writer.js';

/** What JetStream by itself does: publish, wait for its confirmation, again; no database on either side. */
export interface RawPublisher {
  /** Bytes of a message, headers and body. */
  readonly bytes: number;
  /** Publishes for `seconds`. @returns confirmations per second */
  publish(seconds: number): Promise<number>;
  close(): Promise<void>;
}

/**
 * A hand-written publisher with the leads service's connection: messages as large as our events into a stream that is
 * set up like the one of our events, on the same server, with the same file storage and sync.
 *
 * @param inFlight messages under way at once; as many of ours would share a seal
 * @throws Error when a service consumes what it publishes: it would refuse each message while ours are measured
 */
export async function startRawPublisher(
  { platform, secrets }: OurPlatform,
  orgs: readonly string[],
  inFlight: number,
): Promise<RawPublisher> {
  const unheard = LeadChangedEvent;
  if (unheard.consumers.length > 0) throw new Error(`${typeOf(unheard)} is consumed by ${unheard.consumers.join()}`);
  const { nats } = platform.running;
  const connection = await connectNats('leads', nats.url, String(nats.credentials['leads']));
  const body = JSON.stringify(FACTS);
  const [org = newId()] = orgs;
  const sample = {
    org_id: org,
    id: newId(),
    type: typeOf(unheard),
    entity: 'lead',
    entity_id: org,
    entity_version: 100,
    request_id: newId(),
    trace: null,
    body,
    created_at: new Date(),
  };
  const signer = new EventSigner('leads', secrets.contextKeys['leads'] ?? {});
  const [seal = ''] = signer.sign(Array.from({ length: inFlight }, () => toSign(sample)));
  const { headers } = writeEvent('leads', unheard, sample, seal);
  const client = jetstream(connection);
  let turn = 0;
  const one = (): Promise<unknown> => {
    turn = (turn + 1) % orgs.length;
    return client.publish(subjectOf(unheard, orgs[turn] ?? org), body, { msgID: newId(), headers });
  };
  return {
    bytes: headers.toString().length + body.length,
    publish: (seconds) => keepBusy(inFlight, seconds, one),
    close: () => connection.close(),
  };
}
