import { readFile } from 'node:fs/promises';
import type { ServiceName } from '@apollo/contracts';
import { type DEPLOY, inboxPrefix } from './nats.accounts.js';
import { assertConfined } from './confinement.check.js';
import { connect, type NatsConnection, nkeyAuthenticator, nkeys } from '@nats-io/transport-node';

/**
 * Connects a service by its own nkey and keeps reconnecting for good, once the server has refused what it must refuse.
 *
 * @param url the server's, or those of a cluster's servers, divided by commas
 * @param nkeyFile path of a file that holds the seed
 * @throws UnconfinedBusError when it has not; NATS errors when the first connection is refused
 */
export async function connectNats(
  service: ServiceName | typeof DEPLOY,
  url: string,
  nkeyFile: string,
): Promise<NatsConnection> {
  const seed = new TextEncoder().encode((await readFile(nkeyFile, 'utf8')).trim());
  const connection = await connect({
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
  try {
    await assertConfined(connection, service);
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Whether a text is the seed of a user's nkey, as `nkeyFile` holds it. */
export function isUserSeed(text: string): boolean {
  try {
    return nkeys.fromSeed(new TextEncoder().encode(text)).getPublicKey().startsWith('U');
  } catch {
    return false;
  }
}
