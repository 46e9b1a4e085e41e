import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { FaultConnection } from './fault.connection.js';
import { FaultLine, type Judge } from './fault.line.js';
import type { Dialect, Direction } from './stream.frames.js';

const LOOPBACK = '127.0.0.1';

/** Where a proxy listens and whom it speaks to. */
export interface FaultProxyOptions {
  /** For the plan and the report, e.g. "leads → nats". */
  readonly name: string;
  /** What is spoken through it; left out, bytes are forwarded without being understood. */
  readonly dialect?: () => Dialect;
  /** The port on loopback to forward to; may be given later, see `aim`. */
  readonly target?: number;
  /** Where to listen; any free port when left out. */
  readonly port?: number | undefined;
}

/** A TCP proxy on loopback, between any two, that does to a connection what networks and crashes do. */
export class FaultProxy {
  private readonly connections = new Set<FaultConnection>();
  private readonly line = new FaultLine();
  private target: number;

  private constructor(
    private readonly server: Server,
    private readonly options: FaultProxyOptions,
    /** Where it listens. */
    readonly port: number,
  ) {
    this.target = options.target ?? 0;
    server.on('connection', (client: Socket) => this.take(client));
  }

  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    await listen(server, options.port ?? 0);
    const address = server.address();
    return new FaultProxy(server, options, typeof address === 'object' && address ? address.port : 0);
  }

  get name(): string {
    return this.options.name;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.connections.size;
  }

  /** New connections go to this port from now on. */
  aim(port: number): void {
    this.target = port;
  }

  /** A URL of the target as it looks through this proxy; the first time, the target is taken from it. */
  through(url: string): string {
    const changed = new URL(url);
    if (this.target === 0) this.aim(Number(changed.port));
    changed.hostname = LOOPBACK;
    changed.port = String(this.port);
    return changed.href.replace(/\/$/, '');
  }

  /** Everything takes at least this many milliseconds longer, each way. */
  delay(ms: number): void {
    this.line.delay(ms);
  }

  /** Connections stay and new ones are accepted, and nothing arrives. */
  blackHole(directions: readonly Direction[] = ['to-server', 'to-client']): void {
    this.line.swallow(directions);
  }

  /** Breaks every connection that is open now. */
  reset(): void {
    for (const connection of this.connections) connection.reset();
  }

  /** New connections are refused, as where nobody listens; those open stay. */
  refuse(): void {
    this.server.close();
  }

  /** Takes every fault off the line; judges stay. */
  async heal(): Promise<void> {
    this.line.heal();
    if (!this.server.listening) await listen(this.server, this.port);
  }

  /** Asks `judge` about each moment that passes. @returns ends that */
  watch(judge: Judge): () => void {
    return this.line.add(judge);
  }

  async stop(): Promise<void> {
    this.line.heal();
    this.server.close();
    this.reset();
    await Promise.all([...this.connections].map(({ ended }) => ended));
  }

  private take(client: Socket): void {
    client.on('error', () => undefined);
    const server = connect({ port: this.target, host: LOOPBACK, allowHalfOpen: true, noDelay: true });
    const connection = new FaultConnection(client, server, this.line, this.options.dialect?.());
    this.connections.add(connection);
    void connection.ended.then(() => {
      client.destroy();
      server.destroy();
      this.connections.delete(connection);
    });
  }
}

/** A port that was given up a moment ago may be taken for another moment. */
async function listen(server: Server, port: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await new Promise<void>((resolve, reject) =>
        server.once('error', reject).listen({ port, host: LOOPBACK }, () => {
          server.off('error', reject);
          resolve();
        }),
      );
      return;
    } catch (error) {
      if (attempt === 50) throw error;
      await delay(100);
    }
  }
}
