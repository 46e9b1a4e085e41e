import { isUtf8 } from 'node:buffer';
import { setImmediate as turn } from 'node:timers/promises';
import { DomainError } from '@apollo/contracts';
import type { Encoding } from './csv.encoding.js';
import { endRun, savedOnce } from './double.encoding.js';
import { decoderOf } from './text.decoder.js';

/** Bytes handed on at once, a few milliseconds' parsing; other requests and answers get their turn in between. */
const SLICE = 16 * 1024;

/**
 * Passes a file on in UTF-8, in slices of whole characters, without its byte order mark.
 *
 * @param chunks the file in pieces cut anywhere
 * @throws DomainError `invalid_encoding` naming the line with the first byte that is not UTF-8, for a file that should be,
 *   or that is no letter of the encoding
 */
export async function* utf8Slices(
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding = 'utf-8',
): AsyncGenerator<Buffer> {
  const slices = sliced(chunks);
  if (encoding === 'utf-8') yield* checkedSlices(slices);
  else if (encoding === 'utf-8-twice') yield* mendedSlices(checkedSlices(slices));
  else yield* decodedSlices(slices, encoding);
}

/** Text that was saved as UTF-8 twice, as it was; the mark that was saved with it is left out. */
async function* mendedSlices(slices: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = '';
  let isFirst = true;
  const mended = (text: string): Buffer => {
    const once = savedOnce(text);
    const from = isFirst && once.startsWith('\ufeff') ? 1 : 0;
    isFirst = false;
    return Buffer.from(once.slice(from));
  };
  for await (const slice of slices) {
    const text = rest + slice.toString();
    rest = endRun(text);
    if (rest.length < text.length) yield mended(text.slice(0, text.length - rest.length));
  }
  if (rest !== '') yield mended(rest);
}

async function* sliced(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += SLICE) {
      yield Buffer.from(chunk.buffer, chunk.byteOffset + at, Math.min(SLICE, chunk.length - at));
      await turn();
    }
  }
}

/** The platform's decoder takes the name ISO 8859-1 for Windows-1252, whose letters are the same; so do browsers. */
async function* decodedSlices(slices: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  const decoder = decoderOf(encoding);
  const isWide = encoding.startsWith('utf-16');
  let line = 1;
  for await (const slice of slices) {
    const text = decoder.decode(slice, { stream: true });
    if (!isWide) line = lettered(text, line, decoder.encoding);
    if (text !== '') yield Buffer.from(text);
  }
  const last = decoder.decode();
  if (!isWide) lettered(last, line, decoder.encoding);
  if (last !== '') yield Buffer.from(last);
}

/** What the platform's decoder makes of bytes that are nothing in an encoding. */
const NO_LETTER = /[\u0080-\u009f\ufffd]/;

/** The number of the line after `text`, which starts on `line`. */
function lettered(text: string, line: number, encoding: string): number {
  const bad = text.search(NO_LETTER);
  const lines = line + (text.slice(0, bad < 0 ? undefined : bad).match(/\n/g)?.length ?? 0);
  if (bad < 0) return lines;
  throw new DomainError(
    'invalid_encoding',
    `Line ${lines} has a byte that is no letter of ${encoding}: the file may be in another encoding. Say the one that it is in encoding, such as macintosh, windows-1250 or cp850, or save the file as UTF-8 and send it again.`,
  );
}

async function* checkedSlices(slices: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  let started = false;
  for await (const piece of slices) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    if (!started && bytes.length < 3) {
      rest = bytes;
      continue;
    }
    const begin = started ? 0 : markLength(bytes);
    started = true;
    const end = wholeCharacters(bytes);
    const slice = bytes.subarray(begin, end);
    rest = bytes.subarray(end);
    line = checked(slice, line);
    if (slice.length > 0) yield slice;
  }
  // Whatever is left is either a file of one or two bytes or the beginning of a character that never came.
  const last = rest.subarray(started ? 0 : markLength(rest));
  checked(last, line);
  if (last.length > 0) yield last;
}

/** Length of the UTF-8 byte order mark. */
function markLength([a, b, c]: Buffer): number {
  return a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0;
}

/** Where the last character that is complete ends. */
export function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

/** The number of the line after `bytes`, which start on `line`. */
function checked(bytes: Buffer, line: number): number {
  const good = isUtf8(bytes);
  for (let at = 0; ; line++) {
    const end = bytes.indexOf(0x0a, at);
    if (!good && !isUtf8(bytes.subarray(at, end < 0 ? bytes.length : end))) {
      throw new DomainError(
        'invalid_encoding',
        `Line ${line} is not UTF-8. Save the file as UTF-8 and send it again, or say in encoding which one it is in.`,
      );
    }
    if (end < 0) return line;
    at = end + 1;
  }
}
