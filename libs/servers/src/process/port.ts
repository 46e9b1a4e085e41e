import { createServer } from 'node:net';
import { StartFailure } from '../start.failure.js';

/** The one address everything listens on. */
export const LOOPBACK = '127.0.0.1';

/** A port nobody listens on right now. The system hands them out in turn, so a quick reuse by another is unlikely. */
export async function freePort(): Promise<number> {
  return await listenOnce(0);
}

/** `count` ports in a row are never promised by the system; these are as many single free ones. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => portOf(server));
  await Promise.all(servers.map((server) => close(server)));
  return ports;
}

/** Fails with one line naming what wanted the port and which variable moves it. */
export async function requireFreePort(port: number, what: string, variable: string): Promise<void> {
  try {
    await listenOnce(port);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${code})`;
    throw new StartFailure(`Port ${port} (${what}) ${reason}: stop that program or set ${variable}.`, { cause: error });
  }
}

async function listenOnce(port: number): Promise<number> {
  const server = await listen(port);
  const got = portOf(server);
  await close(server);
  return got;
}

type Server = ReturnType<typeof createServer>;

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a listening TCP server has a port');
  return address.port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
