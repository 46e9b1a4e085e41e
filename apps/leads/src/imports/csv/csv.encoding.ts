import { isAscii, isUtf8 } from 'node:buffer';
import { setImmediate as others } from 'node:timers/promises';
import type { leadsMessages } from '@apollo/contracts';
import { wholeCharacters } from './csv.bytes.js';
import { eightBits, encodingNote } from './eight.bits.js';
import { DoubleEncodingDetector } from './double.encoding.js';

/** How a file's bytes are read. */
export type Encoding = (typeof leadsMessages.IMPORT_ENCODINGS)[number];

/** An encoding, and what is to be told where it was not sure. */
export interface FoundEncoding {
  readonly encoding: Encoding;
  readonly note?: string;
}

/** Bytes at the beginning in which the zeros of UTF-16 are counted. */
const HEAD = 4_096;

/** Words beyond ASCII, each different, by which an encoding is told from others, and bytes with such. */
const WORDS = 500;
const SAMPLE = 64 * 1024;
/** Bytes that are searched for such words where those that differ are few. */
const SEARCHED = 4 * 1024 * 1024;
const LONGEST_WORD = 50;

/** Bytes that are walked one by one, or searched for words, before other requests get their turn: some milliseconds. */
const WALK = 32 * 1024;

/**
 * Finds out the encoding of a file by looking at all its bytes: a mark, the zeros between the letters of UTF-16, whether
 * it is UTF-8, once or twice, and else which language's letters are written as Windows does. A file that is UTF-8 but for as many broken places, at most,
 * counts as UTF-8, and is refused: read otherwise, every accent in it would be wrong.
 */
export class EncodingDetector {
  private head: Buffer = Buffer.alloc(0);
  private rest: Buffer = Buffer.alloc(0);
  private whole = 0;
  private broken = 0;
  private windows = false;
  private readonly twice = new DoubleEncodingDetector();
  private readonly words = new Set<string>();
  private lastWord = '';
  private searched = 0;
  private sample: Buffer = Buffer.alloc(0);

  /** Takes the next bytes of the file, cut anywhere; other requests get their turn after each, and within broken ones. */
  async add(piece: Uint8Array): Promise<void> {
    const bytes = Buffer.concat([this.rest, piece]);
    if (this.head.length < HEAD) this.head = Buffer.concat([this.head, piece]).subarray(0, HEAD);
    await this.remember(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
    const end = wholeCharacters(bytes);
    this.rest = Buffer.from(bytes.subarray(end));
    await this.count(bytes.subarray(0, end));
  }

  /**
   * @param complete whether the file ends here; otherwise a character may be cut off
   * @param country ISO 3166 of the organization
   */
  result(complete = true, country?: string): FoundEncoding {
    const isTwice = this.broken === 0 && this.twice.result(complete);
    const marked = markOf(this.head) ?? zerosOf(this.head);
    if (marked && !(marked === 'utf-8' && isTwice)) return { encoding: marked };
    if (isTwice) {
      const encoding = 'utf-8-twice';
      return { encoding, note: encodingNote(encoding, 'it was saved as UTF-8 once more after it had been misread') };
    }
    const cut = complete && this.rest.length > 0 && !isUtf8(this.rest) ? 1 : 0;
    if (this.broken + cut === 0 || this.whole >= this.broken + cut) return { encoding: 'utf-8' };
    this.rememberWords(this.lastWord);
    const { encoding: found, reason } = eightBits([...this.words], this.sample, country, this.windows);
    const encoding = found === 'windows-1252' && !this.windows ? 'iso-8859-1' : found;
    return { encoding, ...(reason === undefined ? {} : { note: encodingNote(encoding, reason) }) };
  }

  private async count(bytes: Buffer): Promise<void> {
    if (isAscii(bytes)) {
      if (bytes.length > 0) this.twice.addAscii();
      return others();
    }
    if (isUtf8(bytes)) {
      // Every character but those of ASCII begins with such a byte.
      for (let at = 0; at < bytes.length; at++) if ((bytes[at] ?? 0) >= 0xc0) this.whole++;
      this.twice.add(bytes.toString());
      return others();
    }
    for (let at = 0; at < bytes.length; await others()) at = this.walk(bytes, at, at + WALK);
  }

  /** @returns where the walk has ended, at `end` or behind the character there */
  private walk(bytes: Buffer, from: number, end: number): number {
    let at = from;
    while (at < Math.min(end, bytes.length)) {
      const byte = bytes[at] ?? 0;
      if (byte >= 0x80 && byte < 0xa0) this.windows = true;
      const length = byte < 0x80 ? 1 : byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 0;
      const isWhole = length > 1 && isUtf8(bytes.subarray(at, at + length));
      if (isWhole) this.whole++;
      else if (length !== 1) this.broken++;
      at += isWhole ? length : 1;
    }
    return at;
  }

  /** Remembers words that have bytes beyond ASCII, and the bytes from the first of those on. */
  private async remember(piece: Buffer): Promise<void> {
    if (this.sample.length < SAMPLE && (this.sample.length > 0 || !isAscii(piece))) {
      const from = this.sample.length > 0 ? 0 : piece.findIndex((byte) => byte > 0x7f);
      this.sample = Buffer.concat([this.sample, piece.subarray(from)]).subarray(0, SAMPLE);
    }
    for (let at = 0; at < piece.length; at += WALK) {
      const part = piece.subarray(at, at + WALK);
      if (this.words.size >= WORDS || this.searched >= SEARCHED) return;
      this.rememberPart(part);
      if (isAscii(part)) continue;
      this.searched += part.length;
      await others();
    }
  }

  private rememberPart(part: Buffer): void {
    const text = this.lastWord + part.toString('latin1');
    this.lastWord = /(?<![A-Za-z\x80-\xff])[A-Za-z\x80-\xff]*$/.exec(text.slice(-LONGEST_WORD))?.[0] ?? '';
    this.rememberWords(text.slice(0, text.length - this.lastWord.length));
  }

  private rememberWords(text: string): void {
    for (const { 0: run, index } of text.matchAll(/[\x80-\xff]+/g)) {
      const before = /(?<![A-Za-z])[A-Za-z]*$/.exec(text.slice(Math.max(0, index - LONGEST_WORD), index))?.[0] ?? '';
      const [after = ''] =
        /^[A-Za-z\x80-\xff]*/.exec(text.slice(index + run.length, index + run.length + LONGEST_WORD)) ?? [];
      this.words.add(before + run.slice(0, LONGEST_WORD) + after);
      if (this.words.size >= WORDS) return;
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
