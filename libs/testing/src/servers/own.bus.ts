import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVICES } from '@apollo/contracts';
import { DEPLOY, natsServerConfig, type NatsServerOptions, setUpStreams } from '@apollo/messaging';
import { reloadNats, startNats } from '@apollo/servers';
import { fromSeed } from '@nats-io/nkeys';
import { connect } from '@nats-io/transport-node';
import { testServers } from './test.servers.js';

/** A NATS server of one spec's own, which knows the credentials of the run. */
export interface OwnBus {
  readonly url: string;
  /** The server's process. */
  readonly pid: number;
  /** Has it know other keys than those of the run; by service, or `deploy`. */
  reload(publicKeys: NatsServerOptions['publicKeys']): Promise<void>;
  stop(): Promise<void>;
}

/** How it differs from the platform's. */
export interface OwnBusOptions {
  /** Whether streams and consumers are set up; they are when left out. */
  readonly streams?: boolean;
  /** Another config than the one that is generated: for what must not work with it, or must be noticed. */
  readonly configText?: (options: NatsServerOptions) => string;
}

/** Starts one: for specs that take events, or change what everybody else relies on. */
export async function ownBus({ streams = true, configText = natsServerConfig }: OwnBusOptions = {}): Promise<OwnBus> {
  const { folder } = testServers();
  const dir = await mkdtemp(join(tmpdir(), 'apollo-bus-'));
  const publicKeys = Object.fromEntries(
    await Promise.all(
      [...SERVICES, DEPLOY].map(async (name) => {
        const seed = await readFile(join(folder, `${name}.nkey`));
        return [name, [fromSeed(new TextEncoder().encode(seed.toString().trim())).getPublicKey()]] as const;
      }),
    ),
  );
  const place = { host: '127.0.0.1', storeDir: join(dir, 'jetstream') };
  const server = await startNats({
    configText: configText({ ...place, port: -1, publicKeys }),
    dir: join(dir, 'nats'),
    ownGroup: false,
  });
  const port = Number(new URL(server.url).port);
  if (streams) await setUpStreams(server.url, join(folder, `${DEPLOY}.nkey`));
  return {
    url: server.url,
    pid: server.pid,
    reload: (others) =>
      reloadNats(
        join(dir, 'nats'),
        server.pid,
        configText({ ...place, port, publicKeys: { ...publicKeys, ...others } }),
      ),
    stop: async () => {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Somebody who may do anything with the streams, where `rootedConfig` lets them in. */
const ROOT = { user: 'root', pass: 'root' };

/** The platform's config, and somebody who may do with the streams what no credential of it may; for `deleteStream`. */
export function rootedConfig(options: NatsServerOptions): string {
  return natsServerConfig(options).replace(
    /("events" \{[^]*?users: \[)/,
    (start) => `${start}{ user: ${ROOT.user}, password: ${ROOT.pass} }`,
  );
}

/** Deletes a stream with all that it holds, as a mishap of operation would. @param url of a bus with `rootedConfig` */
export async function deleteStream(url: string, stream: string): Promise<void> {
  const root = await connect({ servers: url, ...ROOT });
  try {
    const { error } = (await root.request(`$JS.API.STREAM.DELETE.${stream}`)).json<{ error?: object }>();
    if (error) throw new Error(`${stream} is still there: ${JSON.stringify(error)}`);
  } finally {
    await root.close();
  }
}
