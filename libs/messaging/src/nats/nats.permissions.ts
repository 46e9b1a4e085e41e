import { CATALOG, type ServiceName } from '@apollo/contracts';
import { type EventReader, readerName } from './event.reader.js';
import { crossings, DEPLOY, inboxPrefix, patternOf } from './nats.accounts.js';

/** What one credential may publish and subscribe; everything else is denied because it is not listed. */
export interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** The server's notes of who asked, under which the asked may answer. They lead back into the asker's account. */
export const ANSWERS = '_R_.>';

/** Whether a reply subject is such a note of the server's, and no subject that somebody chose. */
export function isAnswerable(reply: string): boolean {
  return reply.startsWith('_R_.');
}

const DEPLOY_API = [
  'STREAM.CREATE.*',
  'STREAM.UPDATE.*',
  'STREAM.INFO.*',
  'CONSUMER.CREATE.>',
  'CONSUMER.DURABLE.CREATE.>',
  'CONSUMER.INFO.>',
].map((api) => `$JS.API.${api}`);

/** The allow-lists of a service, derived from the contracts and nothing else. */
export function permissionsOf(service: ServiceName): Permissions {
  const contracts = [...CATALOG.values()];
  const announces = contracts.filter(
    (contract) => contract.kind === 'event' && contract.service === service && contract.delivery !== 'durable',
  );
  const answers = contracts.some((contract) => contract.kind !== 'event' && contract.service === service);
  const shows = contracts.some((contract) => contract.kind === 'watch' && contract.service === service);
  const shared = new Set(
    contracts.flatMap((contract) =>
      contract.kind === 'event' && contract.delivery === 'queue' ? [patternOf(contract)] : [],
    ),
  );
  return {
    publish: [...asks(service), ...announces.map(patternOf), ...(answers ? [ANSWERS] : [])].sort(),
    subscribe: [
      `${inboxPrefix(service)}.>`,
      // In the queue group only: a second, unnoticed responder or listener is refused.
      ...(answers ? [`rpc.*.${service}.> ${service}`] : []),
      // By each process for itself: any of them may have something to show.
      ...(shows ? [`live.*.${service}.>`] : []),
      ...hears(service).map((subject) => (shared.has(subject) ? `${subject} ${service}` : subject)),
    ],
  };
}

/** The allow-lists of a reader: its own consumers, its own inbox, its organization's events as they pass. */
export function readerPermissions(reader: EventReader): Permissions {
  const own = readerName(reader);
  return { publish: asks(own, [reader]), subscribe: [`${inboxPrefix(own)}.>`, ...hears(own, [reader])] };
}

/** The allow-lists of the credential that sets streams up. */
export const DEPLOY_PERMISSIONS: Permissions = { publish: DEPLOY_API, subscribe: [`${inboxPrefix(DEPLOY)}.>`] };

function asks(guest: string, readers: readonly EventReader[] = []): string[] {
  return crossings(readers)
    .filter((crossing) => crossing.guest === guest && crossing.kind === 'service')
    .map(({ subject, as }) => as ?? subject);
}

function hears(guest: string, readers: readonly EventReader[] = []): string[] {
  return crossings(readers)
    .filter((crossing) => crossing.guest === guest && crossing.kind === 'stream')
    .map(({ subject }) => subject)
    .sort();
}
