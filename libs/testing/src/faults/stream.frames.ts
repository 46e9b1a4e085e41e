/** Which way bytes travel through a proxy. */
export type Direction = 'to-server' | 'to-client';

/**
 * A moment of a protocol that somebody may want to act at. Postgres: `commit` is the client asking for the end of a
 * transaction that did something, `committed` the server's word that it is durable. NATS: `publish` is a durable event
 * on its way, `confirmed` JetStream's word that it holds it, `delivery` and `ack` the same at the consumer; `request`
 * and `reply` are of the services' calls to each other.
 */
export type MomentKind = 'commit' | 'committed' | 'publish' | 'confirmed' | 'delivery' | 'ack' | 'request' | 'reply';

/** What passes a proxy just now and is not forwarded yet. */
export interface Moment {
  readonly kind: MomentKind;
  readonly direction: Direction;
  /** NATS: the subject. Postgres: the texts of the transaction's statements. */
  readonly about: string;
}

/** The smallest part of a stream that may be left out, sent twice or moved without making nonsense of the rest. */
export interface Frame {
  readonly bytes: Buffer;
  readonly moment?: Moment;
}

/** Understands one connection: takes bytes as they come, gives whole frames and keeps what is not whole yet. */
export interface Dialect {
  frames(direction: Direction, chunk: Buffer): Frame[];
}

/** What has come of a stream and makes no whole frame yet. */
export class Rest {
  private bytes: Buffer = Buffer.alloc(0);

  /** Takes frames off the front as long as `length` says how long the first one is. */
  take(chunk: Buffer, length: (bytes: Buffer) => number | undefined): Buffer[] {
    if (chunk.length > 0) this.bytes = this.bytes.length > 0 ? Buffer.concat([this.bytes, chunk]) : chunk;
    const whole: Buffer[] = [];
    for (;;) {
      const size = this.bytes.length > 0 ? length(this.bytes) : undefined;
      if (size === undefined || size > this.bytes.length) return whole;
      whole.push(this.bytes.subarray(0, size));
      this.bytes = this.bytes.subarray(size);
    }
  }
}
