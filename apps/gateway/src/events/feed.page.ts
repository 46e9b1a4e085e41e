import type { historyMessages, RequestContract, ServiceName } from '@apollo/contracts';
import { FEEDS } from './event.position.js';

/** An event as it is told to whoever watches. */
export interface FeedEvent {
  readonly id: string;
  readonly type: string;
  /** A CloudEvent in JSON, one line. */
  readonly data: string;
}

/** What one service has told since some place of its feed. */
export interface FeedPage {
  /** Oldest first. */
  readonly events: readonly FeedEvent[];
  /** Where to go on. */
  readonly last: string;
  /** False when there is more at once. */
  readonly complete: boolean;
  /** What the asker's role was when it was decided what they may see; unknown of a service of the release before. */
  readonly role: string | undefined;
}

/** The request that asks a service for its events. */
export function feedOf(
  service: ServiceName,
): RequestContract<historyMessages.OrgEventsRequest, historyMessages.OrgEvents> {
  const feed = FEEDS.get(service);
  if (!feed) throw new Error(`${service} tells organizations nothing`);
  return feed;
}

/** A service's answer, made ready once for all who are shown it. @param types the only ones that are shown; all when absent */
export function readPage(
  service: ServiceName,
  { items, last, complete, role }: historyMessages.OrgEvents,
  types: ReadonlySet<string> | undefined,
): FeedPage {
  const shown = types ? items.filter(({ type }) => types.has(type)) : items;
  return { events: shown.map((event) => feedEventOf(service, event)), last, complete, role };
}

function feedEventOf(service: ServiceName, event: historyMessages.StreamedEvent): FeedEvent {
  const data = {
    specversion: '1.0',
    id: event.id,
    source: service,
    type: event.type,
    subject: event.entity_id,
    time: event.created_at,
    sequence: String(event.entity_version),
    datacontenttype: 'application/json',
    data: JSON.parse(event.body) as unknown,
  };
  return { id: event.id, type: event.type, data: JSON.stringify(data) };
}
