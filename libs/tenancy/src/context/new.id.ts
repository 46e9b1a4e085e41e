import { randomInt } from 'node:crypto';
import { V7Generator } from 'uuidv7';

// Node keeps random bytes in stock for randomInt: asking the system for each id costs more than all else about it.
const generator = new V7Generator({ nextUint32: () => randomInt(0x1_0000_0000) });

/** The nil UUID, before every id (RFC 9562, 5.9). */
export const NIL_ID = '00000000-0000-0000-0000-000000000000';
/** The max UUID, after every id (RFC 9562, 5.10). */
export const MAX_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** A new UUIDv7: ids sort by the moment they were made, those of one process in the order in which it made them. */
export function newId(): string {
  return generator.generate().toString();
}
