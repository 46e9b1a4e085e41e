import { legible } from '@apollo/contracts';
import { targetNamed } from '../plan/heading.words.js';
import { plainWords } from '../plan/plain.words.js';
import { isSummary } from './summary.rows.js';
import { isTableWord } from './table.words.js';

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

/** What cells of a column have been, as bits: addresses, links, what has figures in it, and words. */
const ADDRESS = 1;
const LINK = 2;
const FIGURES = 4;
const WORDS = 8;
const ANYTHING = ADDRESS | LINK | FIGURES | WORDS;
/** Characters of a cell beyond which it is a text, which may have anything in it. */
const LONGEST_CELL = 200;
/** Rows that have to stand below a heading for what they hold to tell that it is one. */
const TELLING_ROWS = 2;

function sortOf(cell: string): number {
  if (cell.length > LONGEST_CELL) return ANYTHING;
  if (cell.includes('@')) return ADDRESS;
  if (/:\/\/|^www\./i.test(cell)) return LINK;
  return /\p{N}/u.test(cell) ? FIGURES : WORDS;
}

/** Tells the heading of another table from a row by what the columns of the list have held so far, and by what stands below it. */
export class ListColumns {
  private readonly seen: Uint8Array;

  /** @param width columns of the list */
  constructor(private readonly width: number) {
    this.seen = new Uint8Array(Math.min(width, MOST_LOOKED_AT));
  }

  /** Takes a row of the list. */
  add(cells: readonly string[]): void {
    for (let at = 0; at < Math.min(this.seen.length, cells.length); at++) {
      const seen = this.seen[at] ?? 0;
      const cell = cells[at] ?? '';
      if (seen !== ANYTHING && cell !== '') this.seen[at] = seen | sortOf(cell);
    }
  }

  /**
   * Whether cells are the heading of a table that is not this list: words alone, where the list has had something else, and
   * either headings of such tables, or above figures in the place of names, addresses or links. A word in the place of an
   * address (`none`) is not enough, nor is anything above a row that has an address where the list has them.
   *
   * @param below the records behind it
   */
  areOver(cells: readonly string[], below: readonly (readonly string[])[]): boolean {
    if (cells.slice(0, MOST_LOOKED_AT).some((cell) => cell !== '' && sortOf(cell) !== WORDS)) return false;
    const given = cells.slice(0, MOST_LOOKED_AT).map(legible);
    const filled = given.filter(Boolean);
    if (filled.length < KNOWN || filled.some((cell) => cell.length > LONGEST_HEADING)) return false;
    if (new Set(filled.map(plainWords)).size < filled.length) return false;
    const rows = below.filter((row) => row.filter(Boolean).length >= KNOWN && !isSummary(row));
    if (rows.some((row) => this.isOwn(row))) return false;
    const places = [...given.keys()].filter((at) => given[at] !== '');
    const alien = places.filter((at) => this.isAlien(at));
    const figures = rows.length < TELLING_ROWS ? [] : places.filter((at) => this.areNewFigures(at, rows));
    const isNamed = (at: number): boolean => isHeadingOfAny(given[at] ?? '');
    const known = places.filter(isNamed);
    if (alien.length === 0) return figures.length > 0 && known.length === places.length;
    if (known.length >= KNOWN && known.length * 2 >= places.length && alien.every(isNamed)) return true;
    const names = this.seen.indexOf(WORDS);
    return figures.some((at) => at === names || alien.includes(at));
  }

  /** Whether a word in a column is something else than all that it has held; beyond the list, anything is. */
  private isAlien(at: number): boolean {
    const seen = this.seen[at] ?? 0;
    return at >= this.width || (seen !== 0 && (seen & WORDS) === 0);
  }

  /** Whether all of some rows have figures where the list has had none. */
  private areNewFigures(at: number, rows: readonly (readonly string[])[]): boolean {
    return ((this.seen[at] ?? 0) & FIGURES) === 0 && rows.every((row) => sortOf(row[at] ?? '') === FIGURES);
  }

  /** Whether a row has an address, or a link, where the list has them. */
  private isOwn(row: readonly string[]): boolean {
    return row.some((cell, at) => cell !== '' && ((this.seen[at] ?? 0) & sortOf(cell) & (ADDRESS | LINK)) > 0);
  }
}

function isHeadingOfAny(cell: string): boolean {
  return isTableWord(cell) || targetNamed(cell) !== undefined;
}
