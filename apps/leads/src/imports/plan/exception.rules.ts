import type { Pace } from '../paced.js';

/** From so many cells on, a share of them may be of another kind; of fewer, but of these at least, one may. */
const CELLS_OF_SHARE = 10;
const LEAST_CELLS = 4;

/**
 * How many of a column's cells may be of another kind than it: one in ten, or one of four to nine. A mistake or a remark
 * costs its cell then, and not the whole column; of fewer cells than four, three alike are not seen beside another one.
 */
export function mostExceptions(cells: number): number {
  if (cells >= CELLS_OF_SHARE) return Math.floor(cells / CELLS_OF_SHARE);
  return cells >= LEAST_CELLS ? 1 : 0;
}

/** Whether all cells pass a test but for those that may be of another kind. */
export function areNearlyAll(cells: readonly string[], test: (cell: string) => boolean): boolean {
  let left = mostExceptions(cells.length);
  return cells.every((cell) => test(cell) || left-- > 0);
}

/** The cells that fail a test, where they are no more than may be of another kind; undefined for more. */
export async function exceptionsTo(
  cells: readonly string[],
  test: (cell: string) => boolean,
  pace: Pace,
): Promise<readonly string[] | undefined> {
  const most = mostExceptions(cells.length);
  const found: string[] = [];
  const isBearable = (cell: string): boolean => test(cell) || found.push(cell) <= most;
  return (await pace.isEach(cells, isBearable)) ? found : undefined;
}
