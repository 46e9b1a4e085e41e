import { CURRENCIES } from '@apollo/contracts';
import { saysNothing } from '../rows/empty.words.js';

/** Currencies that a list has amounts in; more of them are codes of something else. */
const MOST_CURRENCIES = 3;
/** Codes that are words of lists as well, and say nothing alone. */
const WORDS: ReadonlySet<string> = new Set(['ALL', 'TOP']);

/** Finds the columns that name currencies whatever their headings say: all of their cells are codes of ISO 4217. */
export class CurrencySurvey {
  /** Place of a column → codes seen in it; a column with another cell is not in it any more. */
  private readonly seen: Map<number, Set<string>>;

  /** @param columns places of those that may be such */
  constructor(columns: Iterable<number>) {
    this.seen = new Map([...columns].map((at) => [at, new Set()]));
  }

  /** Takes a row's cells. */
  add(cells: readonly string[]): void {
    for (const [at, codes] of this.seen) {
      const cell = cells[at]?.trim() ?? '';
      if (cell === '' || saysNothing(cell, 'strict')) continue;
      if (CURRENCIES.has(cell)) codes.add(cell);
      if (!CURRENCIES.has(cell) || codes.size > MOST_CURRENCIES) this.seen.delete(at);
    }
  }

  /** The places of the columns found. */
  result(): number[] {
    return [...this.seen].flatMap(([at, codes]) => ([...codes].some((code) => !WORDS.has(code)) ? [at] : []));
  }
}
