import { connect } from 'node:net';
import type { PoolClient } from 'pg';
import { TookTooLongError } from './database.errors.js';
import { patience } from './patience.js';

/** Milliseconds that a server has to end what it was asked to, before its connection is closed. */
const ENDED_WITHIN_MS = 1_000;
/** Length and code of the message by which PostgreSQL is asked to end what a connection does. */
const CANCEL = [16, 80_877_102] as const;

/** What pg keeps of a connection; see pg's own client.js. */
interface Served {
  readonly host: string;
  readonly port: number;
  readonly processID: number;
  readonly secretKey: number;
  readonly connection: { readonly stream: { destroy(error: Error): void } };
}

/**
 * Bounds, on this side, how long a connection may be at one thing: a session can switch the server's own limits off.
 * The server is asked to end it, so that it fails as a statement that took too long; where it does not, the connection
 * is closed.
 *
 * @returns ends the bound; what is under way when the connection is closed fails with TookTooLongError
 */
export function boundInTime(client: PoolClient, ms: number): () => void {
  const served = client as unknown as Served;
  let end = patience(ms, () => {
    askToEnd(served);
    end = patience(ENDED_WITHIN_MS, () => served.connection.stream.destroy(new TookTooLongError()));
  });
  return () => end();
}

/** By a connection of its own, as the protocol wants it. Nothing is answered. */
function askToEnd({ host, port, processID, secretKey }: Served): void {
  const message = Buffer.alloc(16);
  [...CANCEL, processID, secretKey].forEach((word, at) => message.writeInt32BE(word | 0, at * 4));
  const place = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
  const socket = connect(place, () => socket.end(message));
  socket.unref().on('error', () => undefined);
}
