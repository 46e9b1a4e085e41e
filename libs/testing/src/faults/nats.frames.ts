import { type Dialect, type Direction, type Frame, type Moment, type MomentKind, Rest } from './stream.frames.js';

const CRLF = Buffer.from('\r\n');
/** Verbs that a payload follows; its size is their last argument. */
const WITH_PAYLOAD = new Set(['PUB', 'HPUB', 'MSG', 'HMSG']);

/** The NATS client protocol: a line, and after some verbs a payload. */
export function natsDialect(): Dialect {
  const rests: Record<Direction, Rest> = { 'to-server': new Rest(), 'to-client': new Rest() };
  return {
    frames: (direction, chunk) =>
      rests[direction].take(chunk, lengthOf).map((bytes): Frame => {
        const moment = momentOf(direction, bytes);
        return moment ? { bytes, moment } : { bytes };
      }),
  };
}

function lineOf(bytes: Buffer): string[] | undefined {
  const end = bytes.indexOf(CRLF);
  return end < 0 ? undefined : bytes.toString('latin1', 0, end).split(/[ \t]+/);
}

function lengthOf(bytes: Buffer): number | undefined {
  const line = lineOf(bytes);
  if (!line) return undefined;
  const head = bytes.indexOf(CRLF) + 2;
  return WITH_PAYLOAD.has((line[0] ?? '').toUpperCase()) ? head + Number(line.at(-1)) + 2 : head;
}

function momentOf(direction: Direction, bytes: Buffer): Moment | undefined {
  const [verb = '', subject = '', ...more] = lineOf(bytes) ?? [];
  if (!WITH_PAYLOAD.has(verb.toUpperCase())) return undefined;
  // MSG and HMSG: subject, subscription, perhaps an answer's address, sizes.
  const answerTo = direction === 'to-client' ? (more[1] ?? '') : '';
  const kind = kindOf(direction, subject, answerTo, bytes);
  return kind && { kind, direction, about: subject };
}

function kindOf(direction: Direction, subject: string, answerTo: string, bytes: Buffer): MomentKind | undefined {
  if (answerTo.startsWith('$JS.ACK.')) return 'delivery';
  if (subject.startsWith('$JS.ACK.')) return 'ack';
  if (subject.startsWith('evt.'))
    return direction === 'to-server' && bytes.includes('Nats-Msg-Id') ? 'publish' : undefined;
  if (subject.startsWith('rpc.')) return 'request';
  if (!subject.startsWith('_INBOX')) return undefined;
  return direction === 'to-client' && bytes.includes('{"stream":') ? 'confirmed' : 'reply';
}
