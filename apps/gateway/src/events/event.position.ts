import {
  CATALOG,
  DomainError,
  type historyMessages,
  type RequestContract,
  SERVICES,
  type ServiceName,
} from '@apollo/contracts';
import { isUuid } from '@apollo/tenancy';

type Feed = RequestContract<historyMessages.OrgEventsRequest, historyMessages.OrgEvents>;

/** The services that tell organizations what happens, with the request that asks each. */
export const FEEDS: ReadonlyMap<ServiceName, Feed> = new Map(
  SERVICES.flatMap((service) => {
    const contract = CATALOG.get(`${service}.list-events.v1`);
    return contract ? [[service, contract as Feed] as const] : [];
  }),
);

/** The last event seen of each service; together they are an event id of the stream. */
export type Position = ReadonlyMap<ServiceName, string>;

/** `orgs:0190…,leads:0190…` */
export function writePosition(position: Position): string {
  return [...position].map(([service, id]) => `${service}:${id}`).join(',');
}

/** @param text the `Last-Event-ID` header @throws DomainError `invalid_cursor` for anything that was never an event id */
export function readPosition(text: string): Position {
  const parts = text.split(',').map((part) => part.split(':') as [ServiceName, string]);
  const fits =
    parts.length <= FEEDS.size &&
    parts.every(([service, id, ...rest]) => FEEDS.has(service) && isUuid(id) && rest.length === 0);
  if (!fits || new Set(parts.map(([service]) => service)).size !== parts.length)
    throw new DomainError('invalid_cursor');
  return new Map(parts);
}
