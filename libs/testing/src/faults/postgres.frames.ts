import { type Dialect, type Direction, type Frame, type Moment, Rest } from './stream.frames.js';

/** Codes a client may send where its protocol's version belongs, to which the server answers with a single byte. */
const ASKS_FOR_ENCRYPTION = [80_877_103, 80_877_104];

const isBegin = (text: string): boolean => /^\s*(begin|start transaction)\b/i.test(text);
const isCommit = (text: string): boolean => /^\s*commit\b/i.test(text);

/**
 * The PostgreSQL protocol, version 3, as far as transactions show in it: simple queries, and pipelines of the extended
 * protocol, where a statement may have been prepared long before and a transaction without BEGIN ends at the sync.
 */
export function postgresDialect(): Dialect {
  return new PostgresConversation();
}

class PostgresConversation implements Dialect {
  private readonly rests: Record<Direction, Rest> = { 'to-server': new Rest(), 'to-client': new Rest() };
  private readonly prepared = new Map<string, string>();
  private started = false;
  private singleBytes = 0;
  /** Statements since the last transaction's end. */
  private texts: string[] = [];
  private inBlock = false;
  private endsAtSync = false;

  frames(direction: Direction, chunk: Buffer): Frame[] {
    const server = direction === 'to-server';
    const frames: Frame[] = [];
    // One at a time: how long the next one is may depend on what this one said.
    for (
      let whole = this.rests[direction].take(chunk, this.first(direction));
      whole.length > 0;
      whole = this.rests[direction].take(Buffer.alloc(0), this.first(direction))
    ) {
      const [bytes] = whole as [Buffer];
      const moment = server ? this.asked(bytes) : this.answered(bytes);
      frames.push(moment ? { bytes, moment } : { bytes });
    }
    return frames;
  }

  private first(direction: Direction): (bytes: Buffer) => number | undefined {
    let given = false;
    return (bytes) => {
      if (given) return undefined;
      const length = this.lengthOf(direction, bytes);
      given = length !== undefined && length <= bytes.length;
      return length;
    };
  }

  private lengthOf(direction: Direction, bytes: Buffer): number | undefined {
    if (direction === 'to-client' && this.singleBytes > 0) return 1;
    if (direction === 'to-server' && !this.started) return bytes.length < 8 ? undefined : bytes.readInt32BE(0);
    return bytes.length < 5 ? undefined : 1 + bytes.readInt32BE(1);
  }

  private asked(bytes: Buffer): Moment | undefined {
    if (!this.started) {
      if (ASKS_FOR_ENCRYPTION.includes(bytes.readInt32BE(4))) this.singleBytes += 1;
      else this.started = true;
      return undefined;
    }
    const [first = '', second = ''] = textsOf(bytes);
    switch (String.fromCharCode(bytes[0] ?? 0)) {
      case 'P':
        this.prepared.set(first, second);
        return undefined;
      case 'B':
        return this.begun(this.prepared.get(second) ?? '');
      case 'Q': {
        const moment = this.begun(first);
        return moment ?? this.synced();
      }
      case 'S':
        return this.synced();
      default:
        return undefined;
    }
  }

  private begun(text: string): Moment | undefined {
    const committing = isCommit(text);
    const moment: Moment | undefined = committing
      ? { kind: 'commit', direction: 'to-server', about: this.texts.join('\n') }
      : undefined;
    this.texts.push(text);
    return moment;
  }

  /** Where no block is open, the sync is what commits. */
  private synced(): Moment | undefined {
    if (this.inBlock || this.texts.length === 0 || this.texts.some(isBegin)) return undefined;
    this.endsAtSync = true;
    return { kind: 'commit', direction: 'to-server', about: this.texts.join('\n') };
  }

  private answered(bytes: Buffer): Moment | undefined {
    if (this.singleBytes > 0) {
      this.singleBytes -= 1;
      return undefined;
    }
    const told: Moment = { kind: 'committed', direction: 'to-client', about: this.texts.join('\n') };
    switch (String.fromCharCode(bytes[0] ?? 0)) {
      case 'C':
        return textsOf(bytes)[0] === 'COMMIT' ? told : undefined;
      case 'E':
        this.endsAtSync = false;
        return undefined;
      case 'Z': {
        this.inBlock = bytes[5] !== 'I'.charCodeAt(0);
        const moment = !this.inBlock && this.endsAtSync ? told : undefined;
        this.endsAtSync = false;
        if (!this.inBlock) this.texts = [];
        return moment;
      }
      default:
        return undefined;
    }
  }
}

/** The texts a message begins with, each ended by a zero. */
function textsOf(bytes: Buffer): string[] {
  return bytes.toString('utf8', 5).split('\0');
}
