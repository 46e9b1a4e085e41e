import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../until.js';
import { FaultProxy } from './index.js';

/** A client that keeps what it got and how it ended. */
function client(port: number): { socket: Socket; got: () => string; error: () => string } {
  const socket = connect({ port, host: '127.0.0.1' });
  let got = '';
  let error = '';
  socket.on('data', (chunk) => (got += chunk.toString()));
  socket.on('error', (failure: NodeJS.ErrnoException) => (error = failure.code ?? failure.message));
  return { socket, got: () => got, error: () => error };
}

describe('a fault proxy', () => {
  let server: Server;
  let proxy: FaultProxy;
  const heard: string[] = [];

  beforeAll(async () => {
    server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        heard.push(chunk.toString());
        socket.write(`echo ${chunk.toString()}`);
      });
      socket.on('end', () => socket.end('farewell'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    proxy = await FaultProxy.start({ name: 'client → echo' });
    proxy.aim(typeof address === 'object' && address ? address.port : 0);
  });
  beforeEach(() => void (heard.length = 0));
  afterEach(() => proxy.heal());
  afterAll(async () => {
    await proxy.stop();
    await new Promise((resolve) => server.close(resolve));
  });

  it('forwards what comes, both ways, and the end of one side without that of the other', async () => {
    const { socket, got } = client(proxy.port);
    socket.end('hello');
    await until(() => got() === 'echo hellofarewell');
    await until(() => proxy.open === 0);
  });

  it('delays', async () => {
    proxy.delay(150);
    const begun = performance.now();
    const { socket, got } = client(proxy.port);
    socket.write('slow');
    await until(() => got() === 'echo slow');
    expect(performance.now() - begun).toBeGreaterThan(299);
    socket.destroy();
  });

  it('is a black hole that accepts, says nothing, and gives everything back when healed', async () => {
    proxy.blackHole();
    const { socket, got, error } = client(proxy.port);
    socket.write('lost');
    await delay(200);
    expect([heard, got(), error()]).toEqual([[], '', '']);
    await proxy.heal();
    await until(() => got() === 'echo lost');
    socket.destroy();
  });

  it('is a black hole in one direction', async () => {
    proxy.blackHole(['to-client']);
    const { socket, got } = client(proxy.port);
    socket.write('half');
    await until(() => heard.includes('half'));
    await delay(100);
    expect(got()).toBe('');
    await proxy.heal();
    await until(() => got() === 'echo half');
    socket.destroy();
  });

  it('resets what is open, and takes new connections', async () => {
    const first = client(proxy.port);
    first.socket.write('x');
    await until(() => first.got() === 'echo x');
    proxy.reset();
    await until(() => first.error() === 'ECONNRESET');
    const second = client(proxy.port);
    second.socket.write('y');
    await until(() => second.got() === 'echo y');
    second.socket.destroy();
  });

  it('refuses new connections until it is healed, at the same port', async () => {
    proxy.refuse();
    const refused = client(proxy.port);
    await until(() => refused.error() === 'ECONNREFUSED');
    await proxy.heal();
    const again = client(proxy.port);
    again.socket.write('z');
    await until(() => again.got() === 'echo z');
    again.socket.destroy();
  });
});
