import { deployReader, type EventReader } from '../nats/event.reader.js';
import { DEPLOY } from '../nats/nats.accounts.js';
import { connectNats } from '../nats/nats.connection.js';
import { deployStreams, type StreamSize } from './event.streams.js';

/** What a deployment chooses. */
export interface StreamDeployment extends StreamSize {
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
  { readers = [], ...size }: StreamDeployment = {},
): Promise<void> {
  const connection = await connectNats(DEPLOY, natsUrl, nkeyFile);
  try {
    await deployStreams(connection, size);
    for (const reader of readers) await deployReader(connection, reader);
  } finally {
    await connection.close();
  }
}
