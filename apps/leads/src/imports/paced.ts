import { setImmediate as others } from 'node:timers/promises';

/** Cells worked on after which other requests get their turn: some milliseconds. */
const CELLS_A_TURN = 1_000;

/**
 * Hands records on one by one; other requests get their turn in between, however many or wide the records are.
 *
 * @param records each with its cells
 */
export async function* paced<Record extends { readonly cells: readonly string[] }>(
  records: Iterable<Record>,
): AsyncGenerator<Record> {
  let worked = 0;
  for (const record of records) {
    yield record;
    worked += record.cells.length;
    if (worked < CELLS_A_TURN) continue;
    await others();
    worked = 0;
  }
}
