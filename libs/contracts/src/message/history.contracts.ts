import { query, type ServiceName } from './contract.js';
import {
  EntityEvents,
  EntityEventsRequest,
  EventHeads,
  EventHeadsRequest,
  OrgEvents,
  OrgEventsRequest,
} from './history.messages.js';

/** Which events a service wrote since a mark: for whoever takes them to see that none is missing. */
export function eventHeads<const Service extends ServiceName>(service: Service, callers: readonly ServiceName[]) {
  return query({
    service,
    scope: 'platform',
    callers,
    method: 'list-event-heads',
    request: EventHeadsRequest,
    reply: EventHeads,
  });
}

/** The events of one entity of the acting organization. */
export function entityEvents<const Service extends ServiceName>(service: Service, callers: readonly ServiceName[]) {
  return query({
    service,
    scope: 'org',
    callers,
    method: 'list-entity-events',
    request: EntityEventsRequest,
    reply: EntityEvents,
  });
}

/** The acting organization's events, as far as the acting member may see them. */
export function orgEvents<const Service extends ServiceName>(service: Service) {
  return query({
    service,
    scope: 'org',
    callers: ['gateway'],
    permission: 'org.read',
    method: 'list-events',
    request: OrgEventsRequest,
    reply: OrgEvents,
  });
}
