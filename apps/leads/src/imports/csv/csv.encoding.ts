import { isAscii, isUtf8 } from 'node:buffer';
import type { leadsMessages } from '@apollo/contracts';
import { wholeCharacters } from './csv.bytes.js';

/** How a file's bytes are read. */
export type Encoding = (typeof leadsMessages.IMPORT_ENCODINGS)[number];

/** Bytes at the beginning in which the zeros of UTF-16 are counted. */
const HEAD = 4_096;

/**
 * Finds out the encoding of a file by looking at all its bytes: a mark, the zeros between the letters of UTF-16, whether
 * it is UTF-8, and else how Windows or ISO 8859-1 write. A file that is UTF-8 but for some broken places counts as UTF-8:
 * read otherwise, every accent in it would be wrong.
 */
export class EncodingCensus {
  private head: Buffer = Buffer.alloc(0);
  private rest: Buffer = Buffer.alloc(0);
  private whole = 0;
  private broken = 0;
  private windows = false;

  /** Takes the next bytes of the file, cut anywhere. */
  add(piece: Uint8Array): void {
    const bytes = Buffer.concat([this.rest, piece]);
    if (this.head.length < HEAD) this.head = Buffer.concat([this.head, piece]).subarray(0, HEAD);
    const end = wholeCharacters(bytes);
    this.rest = Buffer.from(bytes.subarray(end));
    this.count(bytes.subarray(0, end));
  }

  /** @param complete whether the file ends here; otherwise a character may be cut off */
  result(complete = true): Encoding {
    const marked = markOf(this.head);
    if (marked) return marked;
    const wide = zerosOf(this.head);
    if (wide) return wide;
    const cut = complete && this.rest.length > 0 && !isUtf8(this.rest) ? 1 : 0;
    if (this.broken + cut === 0 || this.whole > this.broken) return 'utf-8';
    return this.windows ? 'windows-1252' : 'iso-8859-1';
  }

  private count(bytes: Buffer): void {
    if (isAscii(bytes)) return;
    for (let at = 0; at < bytes.length;) {
      const byte = bytes[at] ?? 0;
      if (byte >= 0x80 && byte < 0xa0) this.windows = true;
      const length = byte < 0x80 ? 1 : byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 0;
      if (length > 1 && isUtf8(bytes.subarray(at, at + length))) this.whole++;
      else if (length !== 1) this.broken++;
      at += length > 1 && isUtf8(bytes.subarray(at, at + length)) ? length : 1;
    }
  }
}

function markOf([a, b, c]: Buffer): Encoding | undefined {
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return a === 0xef && b === 0xbb && c === 0xbf ? 'utf-8' : undefined;
}

/** Latin text in UTF-16 has a zero in every other byte; no text in another encoding has any. */
function zerosOf(head: Buffer): Encoding | undefined {
  const zeros = [0, 0];
  head.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const many = head.length / 8;
  if (odd > many && even < odd / 8) return 'utf-16le';
  return even > many && odd < even / 8 ? 'utf-16be' : undefined;
}
