/**
 * Works on items one after the other in each of so many lanes: one that takes long holds up its own lane alone.
 *
 * @throws what `work` throws first; the other lanes go on meanwhile, and nobody waits for them
 */
export async function inLanes<Item>(
  items: Iterable<Item>,
  lanes: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const left = items[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = left.next(); !next.done; next = left.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
