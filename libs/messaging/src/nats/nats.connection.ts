import { readFile } from 'node:fs/promises';
import type { ServiceName } from '@apollo/contracts';
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';

/** Prefix of a service's private inbox; the only replies it may read. */
export function inboxPrefix(service: ServiceName | 'deploy'): string {
  return `_INBOX_${service}`;
}

/**
 * Connects a service by its own nkey and keeps reconnecting for good.
 *
 * @param url the server's, or those of a cluster's servers, divided by commas
 * @param nkeyFile path of a file that holds the seed
 * @throws NATS errors when the first connection is refused
 */
export async function connectNats(
  service: ServiceName | 'deploy',
  url: string,
  nkeyFile: string,
): Promise<NatsConnection> {
  const seed = new TextEncoder().encode((await readFile(nkeyFile, 'utf8')).trim());
  return connect({
    servers: url.split(','),
    name: service,
    authenticator: nkeyAuthenticator(seed),
    inboxPrefix: inboxPrefix(service),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    pingInterval: 10_000,
    maxPingOut: 2,
    ignoreAuthErrorAbort: true,
    // Two stack traces captured per request, in case it fails, are a good part of a request's cost.
    noAsyncTraces: true,
  });
}
