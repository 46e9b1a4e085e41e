import { setImmediate as others } from 'node:timers/promises';
import { assertAwaited } from '@apollo/messaging';

/** Cells worked on after which other requests get their turn: some milliseconds, phone numbers some tens of them. */
const CELLS_A_TURN = 250;
/** Characters of cells that are as much work as one cell more. */
const CHARACTERS_A_CELL = 40;

/**
 * Counts cells that are worked on, so that other requests get their turn however much of them a file holds, and that
 * work nobody waits for any more ends.
 */
export class Pace {
  private worked = 0;

  /**
   * Counts cells as worked on, and waits until others had their turn where it is time.
   *
   * @throws DomainError as `assertAwaited`
   */
  async after(cells: readonly string[]): Promise<void> {
    for (const cell of cells) this.worked += 1 + cell.length / CHARACTERS_A_CELL;
    if (this.worked < CELLS_A_TURN) return;
    await others();
    assertAwaited();
    this.worked = 0;
  }

  /** How many cells pass a test. */
  async passing(cells: readonly string[], test: (cell: string) => boolean): Promise<number> {
    let passing = 0;
    for (let at = 0; at < cells.length; at += CELLS_A_TURN) {
      const some = cells.slice(at, at + CELLS_A_TURN);
      passing += some.filter(test).length;
      await this.after(some);
    }
    return passing;
  }

  /** Whether all cells pass a test, as far as the first that does not. */
  async isEach(cells: readonly string[], test: (cell: string) => boolean): Promise<boolean> {
    for (let at = 0; at < cells.length; at += CELLS_A_TURN) {
      const some = cells.slice(at, at + CELLS_A_TURN);
      if (!some.every(test)) return false;
      await this.after(some);
    }
    return true;
  }
}

/**
 * Hands records on one by one; other requests get their turn in between, however many or wide the records are.
 *
 * @param records each with its cells
 */
export async function* paced<Record extends { readonly cells: readonly string[] }>(
  records: Iterable<Record>,
): AsyncGenerator<Record> {
  const pace = new Pace();
  for (const record of records) {
    yield record;
    await pace.after(record.cells);
  }
}
