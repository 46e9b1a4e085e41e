import { inflateRawSync } from 'node:zlib';
import { UnreadableError } from './extraction.failure.js';
import { MOST_ENTRIES, MOST_UNPACKED } from './extraction.limits.js';

/** One entry of an archive, as the directory at the archive's end tells of it. */
export interface ZipEntry {
  readonly name: string;
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
  /** Where the entry itself begins. */
  readonly offset: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const LONGEST_COMMENT = 65_535;
const STORED = 0;
const DEFLATED = 8;

/**
 * What an archive says that it holds, without unpacking anything of it.
 *
 * @throws UnreadableError `damaged` for what is no whole archive, or one of more than 4 GB; `too_costly` for more
 *   entries or octets than may be unpacked
 */
export function zipDirectory(file: Buffer): ZipEntry[] {
  const end = endOf(file);
  const count = file.readUInt16LE(end + 10);
  if (count > MOST_ENTRIES) throw new UnreadableError('too_costly');
  const entries: ZipEntry[] = [];
  let at = file.readUInt32LE(end + 16);
  for (let nth = 0; nth < count; nth += 1) {
    if (at + ENTRY_BYTES > end || file.readUInt32LE(at) !== ENTRY) throw new UnreadableError('damaged');
    const nameBytes = file.readUInt16LE(at + 28);
    entries.push({
      name: file.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes),
      isEncrypted: (file.readUInt16LE(at + 8) & 1) === 1,
      method: file.readUInt16LE(at + 10),
      packed: file.readUInt32LE(at + 20),
      unpacked: file.readUInt32LE(at + 24),
      offset: file.readUInt32LE(at + 42),
    });
    at += ENTRY_BYTES + nameBytes + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  if (entries.reduce((sum, { unpacked }) => sum + unpacked, 0) > MOST_UNPACKED) throw new UnreadableError('too_costly');
  return entries;
}

/**
 * Unpacks entries to see that they are as large as the directory says, which may lie, and gives nothing of them.
 *
 * @throws UnreadableError `too_costly` for one that is larger, `damaged` for one that cannot be unpacked
 */
export function assertHonest(file: Buffer, entries: readonly ZipEntry[]): void {
  for (const { method, packed, unpacked, offset } of entries) {
    if (offset + LOCAL_BYTES > file.length || file.readUInt32LE(offset) !== LOCAL) throw new UnreadableError('damaged');
    const from = offset + LOCAL_BYTES + file.readUInt16LE(offset + 26) + file.readUInt16LE(offset + 28);
    if (method === STORED && packed === unpacked) continue;
    if (method !== DEFLATED || from + packed > file.length) throw new UnreadableError('damaged');
    const size = unpackedSize(file.subarray(from, from + packed), unpacked);
    if (size !== unpacked) throw new UnreadableError('damaged');
  }
}

function unpackedSize(packed: Buffer, most: number): number {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(most, 1) }).length;
  } catch (error) {
    const isLarger = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new UnreadableError(isLarger ? 'too_costly' : 'damaged');
  }
}

/** Where the end of the directory stands: the last place that looks so and whose comment reaches to the file's end. */
function endOf(file: Buffer): number {
  const first = Math.max(0, file.length - END_BYTES - LONGEST_COMMENT);
  for (let at = file.length - END_BYTES; at >= first; at -= 1)
    if (file.readUInt32LE(at) === END && at + END_BYTES + file.readUInt16LE(at + 20) === file.length) return at;
  throw new UnreadableError('damaged');
}
