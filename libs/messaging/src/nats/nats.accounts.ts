import {
  CATALOG,
  type Contract,
  rootOf,
  SERVICES,
  type ServiceName,
  SHOWN_EVENTS,
  subjectOf,
  typeOf,
} from '@apollo/contracts';
import { durableEventsOf, durableRoutes, EVENTS, streamOf } from '../durable/event.streams.js';
import { type EventReader, eventsForReaders, readerName, streamsShown } from './event.reader.js';

/**
 * One way between two accounts of the server. Every service has an account of its own, and so have the streams: a
 * subject means nothing outside of its account, unless a crossing is listed here. An answer goes back by the server's
 * own note of who asked, into the asker's account and nowhere else, whatever reply subject was named.
 */
export interface Crossing {
  /** A `service` is asked and answers, a `stream` is listened to. */
  readonly kind: 'service' | 'stream';
  /** Account that answers or tells. */
  readonly owner: string;
  readonly subject: string;
  /** Account that asks or listens. */
  readonly guest: string;
  /** What the guest calls the subject, where that is another name. */
  readonly as?: string;
  /** One request has many answers, each within so many seconds of the one before it. */
  readonly streamedWithinS?: number;
}

/** The credential that sets streams and consumers up, and does nothing else. */
export const DEPLOY = 'deploy';

/**
 * Seconds for which the server keeps the note of who asked since the last of many answers: events are asked for 30
 * seconds at a time, and whoever watches asks anew before the service forgets them.
 */
const TAKEN_WITHIN_S = 35;
const SHOWN_WITHIN_S = 20;

/** Prefix of a credential's private inbox; the only replies it may read. */
export function inboxPrefix(name: string): string {
  return `_INBOX_${name}`;
}

/** Whoever shows organizations their events as they pass; it asks for each where it is written down. */
export const WATCHER: ServiceName = 'gateway';

/** The subject of a contract for whomever it is about. */
export function patternOf(contract: Contract): string {
  const place = contract.scope === 'org' ? '*' : contract.scope;
  return `${rootOf(contract)}.${place}.${typeOf(contract)}`;
}

/** Every crossing there is, from the contracts and the list of outsiders, and nothing else. */
export function crossings(readers: readonly EventReader[] = []): Crossing[] {
  return [
    ...[...CATALOG.values()].flatMap(ofContract),
    ...SHOWN_EVENTS.map((event) => told(event.service, patternOf(event), WATCHER)),
    ...SERVICES.flatMap(ofService),
    ...readers.flatMap(ofReader),
  ];
}

function ofContract(contract: Contract): Crossing[] {
  const subject = patternOf(contract);
  const { service } = contract;
  if (contract.kind !== 'event') {
    const streamed = contract.kind === 'watch' ? { streamedWithinS: SHOWN_WITHIN_S } : {};
    return contract.callers.map((guest) => ({ ...asked(service, subject, guest), ...streamed }));
  }
  if (contract.delivery !== 'durable') return contract.consumers.map((guest) => told(service, subject, guest));
  return [asked(EVENTS, subject, service)];
}

function ofService(service: ServiceName): Crossing[] {
  const takes = durableRoutes()
    .filter(({ consumer }) => consumer === service)
    .map(({ producer }) => streamOf(producer));
  const reads = new Set([...takes, ...(durableEventsOf(service).length > 0 ? [streamOf(service)] : [])]);
  return [
    ...[...reads].map((stream) => api(`STREAM.INFO.${stream}`, service)),
    ...takes.flatMap((stream) => taking(stream, service, service)),
  ];
}

function ofReader(reader: EventReader): Crossing[] {
  const own = readerName(reader);
  return [
    ...eventsForReaders().map((event) => told(event.service, subjectOf(event, reader.orgId), own)),
    ...streamsShown().flatMap((stream) => taking(stream, own, own)),
  ];
}

/** What it takes to take a stream's events by a consumer, and to confirm them. */
function taking(stream: string, consumer: string, guest: string): Crossing[] {
  return [
    api(`CONSUMER.INFO.${stream}.${consumer}`, guest),
    { ...api(`CONSUMER.MSG.NEXT.${stream}.${consumer}`, guest), streamedWithinS: TAKEN_WITHIN_S },
    asked(EVENTS, `$JS.ACK.${stream}.${consumer}.>`, guest),
  ];
}

/** JetStream's API by its domain's name: by the plain one, the server tells each account that it has no streams. */
function api(method: string, guest: string): Crossing {
  return { ...asked(EVENTS, `$JS.API.${method}`, guest), as: `$JS.${EVENTS}.API.${method}` };
}

function asked(owner: string, subject: string, guest: string): Crossing {
  return { kind: 'service', owner, subject, guest };
}

function told(owner: string, subject: string, guest: string): Crossing {
  return { kind: 'stream', owner, subject, guest };
}
