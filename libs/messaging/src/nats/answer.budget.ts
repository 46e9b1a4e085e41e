/** Bytes of an answer's JSON at most: what one message carries, less its headers. */
export const LARGEST_ANSWER_BYTES = 1_000_000;
/** Bytes of JSON that a page of a list may take, with room for what stands beside its items. */
export const PAGE_BYTES = 900_000;

/** Bytes the item takes in a list in JSON. */
export function jsonBytes(item: object): number {
  return Buffer.byteLength(JSON.stringify(item)) + 1;
}

/**
 * A page of what was found: at most `limit` items of it, as far as one message carries them, and its last one where
 * more follows.
 */
export function pageOf<Item extends object>(
  found: readonly Item[],
  limit: number,
  bytesOf: (item: Item) => number = jsonBytes,
): { items: Item[]; last: Item | undefined } {
  const items = found.slice(0, fitting(found, limit, PAGE_BYTES, bytesOf));
  return { items, last: found.length > items.length ? items.at(-1) : undefined };
}

/** How many of the first `limit` items fit into `budget` bytes; at least one where there is one. */
export function fitting<Item>(
  items: readonly Item[],
  limit: number,
  budget: number,
  bytesOf: (item: Item) => number,
): number {
  const most = Math.min(items.length, limit);
  let bytes = 0;
  for (let count = 0; count < most; count += 1) {
    bytes += bytesOf(items[count] as Item);
    if (bytes > budget && count > 0) return count;
  }
  return most;
}
