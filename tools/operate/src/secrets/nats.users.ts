import { type EventReader, natsServerConfig, type NatsServerOptions } from '@apollo/messaging';
import type { Secrets } from './secrets.store.js';

/** The outsiders that may receive one organization's events. */
export function readersOf({ eventReaders }: Pick<Secrets, 'eventReaders'>): EventReader[] {
  return Object.entries(eventReaders).map(([name, { orgId, publicKey }]) => ({ name, orgId, publicKey }));
}

/** The server's config with every user of a platform: services, the deploy credential, readers. */
export function natsConfigText(
  secrets: Pick<Secrets, 'natsKeys' | 'otherKeys' | 'eventReaders'>,
  place: Pick<NatsServerOptions, 'host' | 'port' | 'storeDir' | 'cluster'>,
): string {
  const publicKeys = Object.fromEntries(
    Object.entries(secrets.natsKeys).map(([name, { publicKey }]) => [
      name,
      [publicKey, ...(secrets.otherKeys[name] ? [secrets.otherKeys[name].nats.publicKey] : [])],
    ]),
  );
  return natsServerConfig({ ...place, publicKeys, readers: readersOf(secrets) });
}
