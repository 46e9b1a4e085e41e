import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { natsConfigText, type Secrets } from '@apollo/operate';
import { connectNats, DEPLOY } from '@apollo/messaging';
import { LOOPBACK, type RunningNats, startNats } from '@apollo/servers';
import { FaultProxy } from '@apollo/testing';
import { portRow } from './port.row.js';

/** The servers of the cluster. */
export const NODES = ['nats-1', 'nats-2', 'nats-3'] as const;
type Node = (typeof NODES)[number];

/** How long the servers may take to agree on who leads, in milliseconds. */
const AGREED_WITHIN_MS = 60_000;

interface Route {
  readonly from: Node;
  readonly to: Node;
  readonly proxy: FaultProxy;
}

/**
 * Three NATS servers on loopback that hold each stream together. Whatever one says to another goes through a
 * proxy, so that one can be cut off from the others while its clients still reach it.
 */
export class NatsCluster {
  private readonly running = new Map<Node, RunningNats>();

  private constructor(
    private readonly dir: string,
    private readonly secrets: Secrets,
    private readonly secret: string,
    private readonly ports: Readonly<
      Record<Node, { readonly client: number; readonly route: number; readonly nowhere: number }>
    >,
    private readonly routes: readonly Route[],
  ) {}

  static async start(dir: string, secrets: Secrets): Promise<NatsCluster> {
    const free = await portRow(9);
    const ports = Object.fromEntries(
      NODES.map((node, place) => [node, { client: free[place], route: free[3 + place], nowhere: free[6 + place] }]),
    ) as NatsCluster['ports'];
    const pairs = NODES.flatMap((from) => NODES.filter((to) => to !== from).map((to) => ({ from, to })));
    const routes = await Promise.all(
      pairs.map(async ({ from, to }) => ({
        from,
        to,
        proxy: await FaultProxy.start({ name: `${from} → ${to}`, target: ports[to].route }),
      })),
    );
    const cluster = new NatsCluster(dir, secrets, randomBytes(12).toString('hex'), ports, routes);
    await Promise.all(NODES.map((node) => cluster.restart(node)));
    return cluster;
  }

  /** Where clients find the servers, in order. */
  get clientPorts(): number[] {
    return NODES.map((node) => this.ports[node].client);
  }

  get url(): string {
    return this.clientPorts.map((port) => `nats://${LOOPBACK}:${port}`).join(',');
  }

  async kill(name: string): Promise<void> {
    const server = this.of(name);
    process.kill(server.pid, 'SIGKILL');
    await server.ended;
  }

  /** Starts a server over what it has stored. */
  async restart(name: string): Promise<void> {
    const node = NODES.find((each) => each === name) as Node;
    const { client, route, nowhere } = this.ports[node];
    const dir = join(this.dir, node);
    const configText = natsConfigText(this.secrets, {
      host: LOOPBACK,
      port: client,
      storeDir: join(dir, 'jetstream'),
      // Told of each other's addresses, the servers would find ways around the proxies.
      cluster: {
        serverName: node,
        host: LOOPBACK,
        port: route,
        secret: this.secret,
        routes: this.routes.filter(({ from }) => from === node).map(({ proxy }) => `${LOOPBACK}:${proxy.port}`),
        advertise: `${LOOPBACK}:${nowhere}`,
      },
    });
    this.running.set(node, await startNats({ configText, dir, cluster: true }));
  }

  /** Nothing gets from this server to the others any more, nor back. @returns lets it join again */
  cutOff(name: string): () => Promise<void> {
    const cut = this.routes.filter(({ from, to }) => from === name || to === name).map(({ proxy }) => proxy);
    for (const proxy of cut) proxy.blackHole();
    return async () => {
      for (const proxy of cut) {
        await proxy.heal();
        // What was said long ago is of no use to them.
        proxy.reset();
      }
    };
  }

  /** Waits until every stream has its leader and all its followers are up to date. */
  async agreed(nkeyFile: string, streams: readonly string[]): Promise<void> {
    const connection = await connectNats(DEPLOY, this.url, nkeyFile);
    try {
      for (const until = Date.now() + AGREED_WITHIN_MS; ; await delay(200)) {
        const told = await Promise.all(
          streams.map((stream) =>
            connection.request(`$JS.API.STREAM.INFO.${stream}`, '', { timeout: 2_000 }).then(
              (answer) => answer.json<StreamInfo>(),
              () => undefined,
            ),
          ),
        );
        if (
          told.every(
            (info) =>
              info?.cluster?.leader &&
              info.cluster.replicas?.length === 2 &&
              info.cluster.replicas.every(({ current }) => current),
          )
        )
          return;
        if (Date.now() > until)
          throw new Error(`the servers do not agree: ${JSON.stringify(told.map((info) => info?.cluster))}`);
      }
    } finally {
      await connection.close();
    }
  }

  async heal(): Promise<void> {
    await Promise.all(this.routes.map(({ proxy }) => proxy.heal()));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running.values()].map((server) => server.stop()));
    await Promise.all(this.routes.map(({ proxy }) => proxy.stop()));
  }

  private of(name: string): RunningNats {
    const server = this.running.get(name as Node);
    if (!server) throw new Error(`no server is called ${name}`);
    return server;
  }
}

interface StreamInfo {
  readonly cluster?: { readonly leader?: string; readonly replicas?: readonly { readonly current: boolean }[] };
}
