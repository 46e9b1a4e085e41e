import pg from 'pg';
import { AnswerTooLargeError } from './database.errors.js';
import { takeTurn } from './reading.turns.js';

/**
 * Bytes that one round trip may answer with, far above what any statement of the platform gives. A row that somebody
 * made larger than that, in one organization, would otherwise take the memory of a process that serves all of them.
 */
const MOST_BYTES = 64 * 1_048_576;

/** How a connection is made. */
export interface BoundedConfig extends pg.ClientConfig {
  /** Bytes that one answer may have, the greeting among them; default 64 MB. */
  readonly mostBytes?: number;
}

/** What pg keeps of the wire protocol; see pg's own connection.js. */
export interface Wire {
  /** Another one once TLS has begun. */
  readonly stream: {
    on(event: 'data', heard: (piece: Buffer) => void): void;
    pause(): void;
    resume(): void;
    destroy(error?: Error): void;
    unref(): void;
  };
  on(event: 'connect' | 'sslconnect' | 'readyForQuery', heard: () => void): void;
  once(event: string, heard: () => void): void;
}

/**
 * A connection that is closed at too large an answer, before that is put together, be it rows, an error, or what the
 * server says by itself of a setting; a large one is read in turns. Whatever asked fails with AnswerTooLargeError, and
 * the process goes on.
 */
export class BoundedClient extends pg.Client {
  constructor(config: BoundedConfig) {
    super(config);
    // A connection that ends while nobody asks anything is noticed by whoever asks next; without a listener it ends the
    // process.
    this.on('error', () => undefined);
    this.bound(config.mostBytes ?? MOST_BYTES);
  }

  protected get wire(): Wire {
    return (this as unknown as { connection: Wire }).connection;
  }

  private bound(mostBytes: number): void {
    const { wire } = this;
    let bytes = 0;
    wire.on('readyForQuery', () => (bytes = 0));
    const listen = (): void => {
      const { stream } = wire;
      stream.on('data', (piece) => {
        takeTurn(stream, piece.length);
        bytes += piece.length;
        if (bytes > mostBytes) stream.destroy(new AnswerTooLargeError());
      });
    };
    // With TLS, what is read before it begins is one byte; a listener would take the rest away from it.
    wire.on(this.ssl ? 'sslconnect' : 'connect', listen);
  }
}
