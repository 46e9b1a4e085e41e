import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVICES } from '@apollo/contracts';
import { startNats } from '@apollo/dev';
import { DEPLOY, natsServerConfig, setUpStreams } from '@apollo/messaging';
import { fromSeed } from '@nats-io/nkeys';
import { testServers } from './test.servers.js';

/** A NATS server of one spec's own, which knows the credentials of the run. */
export interface OwnBus {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts one: for specs that take events, or change what everybody else relies on.
 *
 * @param streams whether streams and consumers are set up; they are when left out
 */
export async function ownBus({ streams = true }: { readonly streams?: boolean } = {}): Promise<OwnBus> {
  const { folder } = testServers();
  const dir = await mkdtemp(join(tmpdir(), 'apollo-bus-'));
  const publicKeys = Object.fromEntries(
    await Promise.all(
      [...SERVICES, DEPLOY].map(async (name) => {
        const seed = await readFile(join(folder, `${name}.nkey`));
        return [name, fromSeed(new TextEncoder().encode(seed.toString().trim())).getPublicKey()] as const;
      }),
    ),
  );
  const server = await startNats({
    configText: natsServerConfig({ host: '127.0.0.1', port: -1, storeDir: join(dir, 'jetstream'), publicKeys }),
    dir: join(dir, 'nats'),
    ownGroup: false,
  });
  if (streams) await setUpStreams(server.url, join(folder, `${DEPLOY}.nkey`));
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
