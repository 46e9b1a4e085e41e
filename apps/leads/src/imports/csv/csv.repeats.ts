import { legible } from '@apollo/contracts';
import type { CsvRecord } from './csv.records.js';
import { OtherHeadings } from './other.tables.js';
import { isSummary } from './summary.rows.js';

/** Columns from which on a record of one cell may be the title of a group. */
const WIDE = 3;
/** Lines that are told of before one record; a file of nothing else has no more to tell. */
const MOST_TOLD = 1_000;

/** A record that is left out, and why. */
interface Passed {
  readonly record: CsvRecord;
  readonly problem: string;
}

const REPEATED = 'is the heading again and is left out';
const TITLE = 'is the title of a group and is left out';
const OTHER = 'begins another table, which is left out as a whole: import it by itself';
const SUMMARY = 'sums up the list, or says something about it, and is left out';

/**
 * The records without those that are the heading again, without the title of a group above one, as exports of groups have
 * them, and without sums and remarks. The list ends where another table begins, by a heading of its own behind a title or
 * an empty line; the first line of that is marked as standing below the list, and no other one follows. What is left out is told by the next record that has something in it; what nothing follows is marked as standing below the list.
 *
 * @param headingLine line from which on a record is the heading; 0 where there is none
 */
export async function* withoutRepeats(
  records: AsyncIterable<CsvRecord> | Iterable<CsvRecord>,
  headingLine: number,
): AsyncGenerator<CsvRecord> {
  let heading: readonly string[] | undefined;
  let title: CsvRecord | undefined;
  let passed: Passed[] = [];
  let others: OtherHeadings | undefined;
  let before: CsvRecord | undefined;
  let hasRows = false;
  let isOver = false;
  const pass = (...more: readonly Passed[]): void => {
    if (passed.length < MOST_TOLD) passed.push(...more);
  };
  const told = (record: CsvRecord): CsvRecord => {
    const lines = passed.map(({ record: { line }, problem }) => ({ line, problem }));
    passed = [];
    return lines.length > 0 ? { ...record, passed: lines } : record;
  };
  for await (const record of records) {
    // Read to its end all the same: what cannot be read is refused.
    if (isOver) continue;
    const { line, cells } = record;
    const isApart = before !== undefined && (filled(before.cells) < MANY || line > nextLine(before));
    before = record;
    if (heading === undefined) {
      if (headingLine > 0 && line >= headingLine) heading = filled(cells) === MANY ? cells.map(legible) : [];
      if (heading && heading.length > 0) others = new OtherHeadings(heading);
      yield record;
    } else if (isHeading(cells, heading)) {
      pass(...(title ? [{ record: title, problem: TITLE }] : []), { record, problem: REPEATED });
      title = undefined;
    } else if (hasRows && isApart && others?.has(cells)) {
      isOver = true;
      for (const each of passed) yield { ...each.record, isBelow: true };
      passed = [];
      yield { ...(title ?? record), isBelow: true, problem: OTHER };
      title = undefined;
    } else if (heading.length >= WIDE && isSummary(cells)) {
      if (title) yield told(title);
      title = undefined;
      pass({ record, problem: SUMMARY });
    } else {
      if (title) yield told(title);
      const count = filled(cells);
      hasRows ||= count > 0 && (title !== undefined || count === MANY || heading.length < WIDE);
      title = heading.length >= WIDE && count === 1 ? record : undefined;
      if (!title) yield count > 0 ? told(record) : record;
    }
  }
  if (title) yield told(title);
  for (const { record } of passed) yield { ...record, isBelow: true };
}

const MANY = 2;
/** What is seen at once; the rest is looked at more closely. */
const PLAIN = /[!-~]/;

/** The line behind a record, if none is empty. */
function nextLine({ line, cells }: CsvRecord): number {
  return cells.reduce((next, cell) => next + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), line + 1);
}

/** How many cells have something in them, counted as far as two. */
function filled(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    if (cell !== '' && (PLAIN.test(cell) || legible(cell) !== '') && ++count === MANY) break;
  }
  return count;
}

/** Most rows differ from the heading in their first cell already. */
function isHeading(cells: readonly string[], heading: readonly string[]): boolean {
  if (heading.length === 0) return false;
  for (let at = 0; at < Math.max(cells.length, heading.length); at++) {
    const [cell, name] = [cells[at] ?? '', heading[at] ?? ''];
    if (cell !== name && legible(cell) !== name) return false;
  }
  return true;
}
