import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { networkOf } from '@apollo/service-kit/process';
import { Tally } from '@apollo/tenancy';

/** Milliseconds that whoever is refused has for reading why. */
const PARTING_MS = 1_000;
/** Of how many at once; further ones are told nothing. */
const MOST_PARTING = 100;

/** How many connections may be open at once; each takes a descriptor, whether anything was said on it or not. */
export interface ConnectionBounds {
  /** Of all clients; 0 for no bound. */
  readonly connections: number;
  /** Of one address, or one network of IPv6; 0 for no bound. */
  readonly connectionsPerAddress: number;
}

/**
 * Keeps one client's connections, and those of all, below what the process has descriptors for. Behind a proxy all come
 * from one address: the bound of each client is the proxy's then.
 *
 * @param refuse answers on a connection that is one too many, and ends it
 */
export function limitConnections(server: Server, bounds: ConnectionBounds, refuse: (socket: Socket) => void): void {
  const { connections, connectionsPerAddress: most } = bounds;
  if (connections > 0) server.maxConnections = connections;
  if (most === 0) return;
  const open = new Tally();
  const refusal = new Refusal(refuse);
  // No byte of one that is too many comes to where requests are read.
  const takers = server.listeners('connection');
  server.removeAllListeners('connection').on('connection', (socket: Socket) => {
    // Whoever is gone before this is asked has an address no more.
    const network = networkOf(socket.remoteAddress ?? '');
    if (open.of(network) >= most) return refusal.of(socket);
    open.add(network, 1);
    socket.once('close', () => open.add(network, -1));
    for (const take of takers) take.call(server, socket);
  });
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
