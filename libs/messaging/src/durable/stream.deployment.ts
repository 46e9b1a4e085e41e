import { connectNats } from '../nats/nats.connection.js';
import { DEPLOY } from '../nats/nats.permissions.js';
import { deployStreams } from './event.streams.js';

/**
 * What a deployment does once, before services start: streams and consumers as the contracts say, by the one credential
 * that may make them. Idempotent.
 *
 * @param nkeyFile seed file of the `deploy` credential; @param replicas servers that hold each event
 * @throws the connection's or JetStream's first error
 */
export async function setUpStreams(natsUrl: string, nkeyFile: string, replicas = 1): Promise<void> {
  const connection = await connectNats(DEPLOY, natsUrl, nkeyFile);
  await deployStreams(connection, replicas).finally(() => connection.close());
}
