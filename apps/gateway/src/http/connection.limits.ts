import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type ClientNetwork, networksOf } from '@apollo/service-kit/process';
import { Tally } from '@apollo/tenancy';

/** Milliseconds that whoever is refused has for reading why. */
const PARTING_MS = 1_000;
/** Of how many at once; further ones are told nothing. */
const MOST_PARTING = 100;

/** How many connections may be open at once; each takes a descriptor, whether anything was said on it or not. */
export interface ConnectionBounds {
  /** Of all clients; 0 for no bound. */
  readonly connections: number;
  /** Of one address, or a /64 of IPv6; of the wider networks around that twice and four times as many. 0 for no bound. */
  readonly connectionsPerAddress: number;
}

/**
 * Keeps one client's connections, and those of all, below what the process has descriptors for. Where all are taken, a
 * network that has none gets one of whoever has most, on which nothing is being answered. Behind a proxy all come from
 * one address: the bound of each client is the proxy's then.
 *
 * @param refuse answers on a connection that is one too many, and ends it
 */
export function limitConnections(server: Server, bounds: ConnectionBounds, refuse: (socket: Socket) => void): void {
  const { connections, connectionsPerAddress: most } = bounds;
  // Those that are refused, and those that give way, are closed a moment later.
  if (connections > 0) server.maxConnections = most === 0 ? connections : connections + MOST_PARTING;
  if (most === 0) return;
  const open = new OpenConnections(connections || Infinity, most);
  const refusal = new Refusal(refuse);
  // No byte of one that is too many comes to where requests are read.
  const takers = server.listeners('connection');
  server.removeAllListeners('connection').on('connection', (socket: Socket) => {
    // Whoever is gone before this is asked has an address no more.
    const networks = networksOf(socket.remoteAddress ?? '');
    if (open.hasTooMany(networks)) return refusal.of(socket);
    if (!open.isRoomFor(networks)) return void socket.destroy();
    open.add(socket, networks);
    for (const take of takers) take.call(server, socket);
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    open.answering(socket);
    response.once('close', () => open.answered(socket));
  });
}

type Networks = ReturnType<typeof networksOf>;

/** The connections that are open, by the networks they come from. */
class OpenConnections {
  /** Those on which nothing is being answered first that have rested longest. */
  private readonly all = new Map<Socket, { readonly networks: Networks; answering: number }>();
  private readonly ofNetworks = new Tally();

  constructor(
    private readonly inAll: number,
    private readonly ofAddress: number,
  ) {}

  hasTooMany(networks: Networks): boolean {
    return networks.some(({ name, shares }) => this.ofNetworks.of(name) >= this.ofAddress * shares);
  }

  /** Makes room, where there is none, for a client of whose widest network there is no connection. */
  isRoomFor(networks: Networks): boolean {
    if (this.all.size < this.inAll) return true;
    if (this.ofNetworks.of(widest(networks).name) > 0) return false;
    let most: Socket | undefined;
    let count = 0;
    for (const [socket, other] of this.all) {
      const others = this.ofNetworks.of(widest(other.networks).name);
      if (other.answering > 0 || others <= count) continue;
      [most, count] = [socket, others];
    }
    if (!most) return false;
    this.remove(most);
    most.destroy();
    return true;
  }

  add(socket: Socket, networks: Networks): void {
    this.all.set(socket, { networks, answering: 0 });
    for (const { name } of networks) this.ofNetworks.add(name, 1);
    socket.once('close', () => this.remove(socket));
  }

  answering(socket: Socket): void {
    const connection = this.all.get(socket);
    if (connection) connection.answering++;
  }

  answered(socket: Socket): void {
    const connection = this.all.get(socket);
    if (!connection) return;
    connection.answering--;
    this.all.delete(socket);
    this.all.set(socket, connection);
  }

  private remove(socket: Socket): void {
    const connection = this.all.get(socket);
    if (!this.all.delete(socket) || !connection) return;
    for (const { name } of connection.networks) this.ofNetworks.add(name, -1);
  }
}

function widest(networks: Networks): ClientNetwork {
  return networks.at(-1) ?? networks[0];
}

/** Answers a connection that is one too many, for a moment that nothing prolongs: it takes a descriptor as well. */
class Refusal {
  private parting = 0;

  constructor(private readonly answer: (socket: Socket) => void) {}

  of(socket: Socket): void {
    if (this.parting >= MOST_PARTING) return void socket.destroy();
    this.parting++;
    const end = setTimeout(() => socket.destroy(), PARTING_MS);
    socket
      .on('error', () => undefined)
      .once('close', () => {
        clearTimeout(end);
        this.parting--;
      });
    this.answer(socket);
  }
}
