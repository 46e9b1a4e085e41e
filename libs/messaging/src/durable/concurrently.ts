/**
 * Works on items with bounded concurrency, each begun in its turn: one that takes long takes one of the places, and one
 * that fails keeps none of the others from being worked on.
 *
 * @param limit how many are worked on at once at most
 * @throws what `work` threw first, once all items were worked on
 */
export async function concurrently<Item>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const left = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let next = left.next(); !next.done; next = left.next())
      await work(next.value).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failures.length > 0) throw failures[0];
}
