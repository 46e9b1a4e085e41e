import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { limitConnections } from './connection.limits.js';

/** A connection from an address, as far as it is counted. */
class Connection extends EventEmitter {
  destroyed = false;
  isRefused = false;

  constructor(readonly remoteAddress: string) {
    super();
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

describe('connections', () => {
  let server: EventEmitter;
  let taken: Connection[];
  beforeEach(() => {
    server = new EventEmitter();
    taken = [];
    server.on('connection', (connection: Connection) => taken.push(connection));
    const refuse = (socket: Socket): void => {
      (socket as unknown as Connection).isRefused = true;
      socket.destroy();
    };
    limitConnections(server as Server, { connections: 10, connectionsPerAddress: 2 }, refuse);
  });

  const open = (address: string): Connection => {
    const connection = new Connection(address);
    server.emit('connection', connection);
    return connection;
  };
  const openMany = (addresses: readonly string[]): number => {
    const before = taken.length;
    addresses.forEach(open);
    return taken.length - before;
  };
  const subnets = (count: number, of = (n: number) => n): string[] =>
    Array.from({ length: count }, (_, n) => `2001:db8:1:${of(n).toString(16)}::1`);
  /** @returns ends it */
  const answering = (socket: Connection): (() => void) => {
    const response = new EventEmitter();
    server.emit('request', { socket }, response);
    return () => void response.emit('close');
  };

  it('of one client are few over all its networks: twice as many of a /56, four times as many of a /48', () => {
    expect(openMany(subnets(3, () => 1))).toBe(2);
    expect(openMany(subnets(5, (n) => n + 2))).toBe(2);
    expect(openMany(subnets(9, (n) => 256 * (n + 1)))).toBe(4);
    expect(open('2001:db8:1:ffff::1').isRefused).toBe(true);
    expect(openMany(['192.0.2.1', '192.0.2.1'])).toBe(2);
    taken[0]?.destroy();
    expect(openMany(['2001:db8:1:ffff::1'])).toBe(1);
  });

  it('are given up, where all are taken, by the widest network with most, for one that has none', () => {
    const many = subnets(8, (n) => 256 * n).map(open);
    const [one, other] = [open('192.0.2.1'), open('192.0.2.2')];
    const answered = answering(many[0] as Connection);
    expect(open('192.0.2.1').destroyed).toBe(true);
    expect(open('2001:db8:2::1').destroyed).toBe(false);
    expect(many.map(({ destroyed }) => destroyed)).toEqual([false, true, ...Array<boolean>(6).fill(false)]);
    // Whoever has just been answered has rested least.
    answered();
    expect(open('192.0.2.3').destroyed).toBe(false);
    expect(many.map(({ destroyed }) => destroyed)).toEqual([false, true, true, ...Array<boolean>(5).fill(false)]);
    expect([one, other].some(({ destroyed }) => destroyed)).toBe(false);
  });

  it('on which something is being answered are given up by nobody', () => {
    const all = Array.from({ length: 10 }, (_, n) => open(`192.0.2.${n}`));
    all.forEach(answering);
    expect(open('198.51.100.1').destroyed).toBe(true);
    expect(all.some(({ destroyed }) => destroyed)).toBe(false);
  });
});
