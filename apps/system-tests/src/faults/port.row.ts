import { createServer } from 'node:net';
import { LOOPBACK } from '@apollo/servers';

/** Below what systems give to outgoing connections: nobody takes such a port while its owner is down. */
const LOWEST = 15_000;
const HIGHEST = 30_000;

/** Ports in a row that nobody listens on, and that can be listened on again after a crash. */
export async function portRow(count: number): Promise<number[]> {
  for (;;) {
    const first = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST - count));
    const row = Array.from({ length: count }, (_, place) => first + place);
    if ((await Promise.all(row.map(isFree))).every(Boolean)) return row;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) =>
    server
      .once('error', () => resolve(false))
      .listen({ port, host: LOOPBACK }, () => server.close(() => resolve(true))),
  );
}
