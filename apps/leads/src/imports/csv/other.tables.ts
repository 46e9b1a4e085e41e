import { legible } from '@apollo/contracts';
import { targetNamed } from '../plan/heading.words.js';
import { plainWords } from '../plan/plain.words.js';

const LONGEST_HEADING = 60;
/** Headings that are known; one may be a word that somebody is called by, too. */
const KNOWN = 2;

/** Cells that are looked at: a file may have such rows by the million. */
const MOST_LOOKED_AT = 30;

/** Tells rows from headings of other tables than a list. */
export class OtherHeadings {
  private readonly own: ReadonlySet<string>;

  /** @param heading of the list */
  constructor(heading: readonly string[]) {
    this.own = new Set(heading.map(plainWords));
  }

  /** Whether cells are such a heading: words alone, all different, at least half of which are headings of this list or of others. */
  has(cells: readonly string[]): boolean {
    const filled = cells.filter((cell) => cell !== '').slice(0, MOST_LOOKED_AT);
    if (filled.length < KNOWN || !filled.every(mayBeHeading)) return false;
    const words = filled.map((cell) => plainWords(legible(cell)));
    const known = filled.filter(
      (cell, at) => this.own.has(words[at] ?? '') || targetNamed(legible(cell)) !== undefined,
    );
    return new Set(words).size === words.length && known.length >= KNOWN && known.length * 2 >= filled.length;
  }
}

/** Whether a cell is text, and short, and no address or number. */
function mayBeHeading(cell: string): boolean {
  if (cell.length > LONGEST_HEADING || /[@\n]|:\/\//.test(cell)) return false;
  return (cell.match(/\p{L}/gu)?.length ?? 0) > (cell.match(/\p{N}/gu)?.length ?? 0);
}
