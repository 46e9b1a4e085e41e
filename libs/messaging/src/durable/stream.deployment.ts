import { deployReader, type EventReader } from '../nats/event.reader.js';
import { connectNats } from '../nats/nats.connection.js';
import { DEPLOY } from '../nats/nats.permissions.js';
import { deployStreams } from './event.streams.js';

/** What a deployment chooses. */
export interface StreamDeployment {
  /** Servers that hold each event: 1, or 3 in a cluster. */
  readonly replicas?: number;
  readonly readers?: readonly EventReader[];
}

/**
 * What a deployment does once, before services start: streams and consumers as the contracts say, by the one credential
 * that may make them. Idempotent.
 *
 * @param nkeyFile seed file of the `deploy` credential
 * @throws the connection's or JetStream's first error
 */
export async function setUpStreams(
  natsUrl: string,
  nkeyFile: string,
  { replicas = 1, readers = [] }: StreamDeployment = {},
): Promise<void> {
  const connection = await connectNats(DEPLOY, natsUrl, nkeyFile);
  try {
    await deployStreams(connection, replicas);
    for (const reader of readers) await deployReader(connection, reader);
  } finally {
    await connection.close();
  }
}
