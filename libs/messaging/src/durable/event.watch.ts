import { CATALOG, type ServiceName } from '@apollo/contracts';
import type { NatsConnection } from '@nats-io/nats-core';
import { everyOrgs } from './event.streams.js';

/**
 * Tells that an event of an organization passes by. Nothing of it is read or believed: whoever is told asks the service
 * that wrote it down, and looks by itself from time to time, because a passing event can be missed.
 *
 * @returns ends it
 */
export function watchEvents(connection: NatsConnection, onEvent: (orgId: string, service: ServiceName) => void): () => void {
  const watched = [...CATALOG.values()].flatMap((contract) => (contract.kind === 'event' && contract.delivery === 'durable' && contract.permission ? [contract] : []));
  const subscriptions = watched.map((contract) => connection.subscribe(everyOrgs(contract), {
    callback: (error, message) => {
      if (!error) onEvent(message.subject.split('.')[1] ?? '', contract.service);
    },
  }));
  return () => subscriptions.forEach((subscription) => subscription.unsubscribe());
}
