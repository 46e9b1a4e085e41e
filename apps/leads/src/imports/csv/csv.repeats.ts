import { legible } from '@apollo/contracts';
import type { CsvRecord } from './csv.records.js';
import { ListColumns, OtherHeadings } from './other.tables.js';
import { isSummary } from './summary.rows.js';
import { isSurveyHeading } from './survey.rows.js';

/** Columns from which on a record of one cell may be the title of a group. */
const WIDE = 3;
/** Lines that are told of before one record; a file of nothing else has no more to tell. */
const MOST_TOLD = 1_000;

/** Records behind one that tell whether it is the heading of another table; one of them may be empty, and the title above it. */
const LOOKED_AHEAD = 4;

/** A record that is left out, and why. */
interface Passed {
  readonly record: CsvRecord;
  readonly problem: string;
}

const REPEATED = 'is the heading again and is left out';
const SECOND = 'is a second heading, of a survey, and is left out';
const TITLE = 'is the title of a group and is left out';
const OTHER = 'begins another table, which is left out as a whole: import it by itself';
const SUMMARY = 'sums up the list, or says something about it, and is left out';

/**
 * The records without those that are the heading again, without the title of a group above one, as exports of groups have
 * them, without the second heading of a survey, and without sums and remarks. The list ends where another table begins, by a heading of its own behind a title or
 * an empty line, and goes on where its own heading comes again. The first line of such a table is told. What is left out is
 * told by the next record that has something in it; what nothing follows is marked as standing below the list.
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
  let tables: OtherTables | undefined;
  let hasRows = false;
  /** Whether a record with something in it stood behind the heading. */
  let isBegun = false;
  /** The first line of another table, as long as no heading of the list stood behind it. */
  let over: CsvRecord | undefined;
  const pass = (...more: readonly Passed[]): void => {
    if (passed.length < MOST_TOLD) passed.push(...more);
  };
  const told = (record: CsvRecord): CsvRecord => {
    const lines = passed.map(({ record: { line }, problem }) => ({ line, problem }));
    passed = [];
    return lines.length > 0 ? { ...record, passed: lines } : record;
  };
  for await (const [record, ...below] of withNext(records, LOOKED_AHEAD)) {
    const { line, cells } = record;
    if (heading === undefined) {
      if (headingLine > 0 && line >= headingLine) heading = filled(cells) === MANY ? cells.map(legible) : [];
      if (heading && heading.length > 0) tables = new OtherTables(heading, record);
      yield record;
    } else if (!isBegun && heading.length > 1 && isSurveyHeading(cells, below[0]?.cells)) {
      pass({ record, problem: SECOND });
    } else if (isHeading(cells, heading)) {
      if (over) pass({ record: over, problem: OTHER });
      pass(...(title ? [{ record: title, problem: TITLE }] : []), { record, problem: REPEATED });
      [title, over] = [undefined, undefined];
      tables?.pass(record);
    } else if (over || (over = tables?.begin(record, below, hasRows, title))) {
      // Read to its end all the same: what cannot be read is refused.
      if (title && title !== over) yield told(title);
      title = undefined;
    } else if (heading.length > 1 && isSummary(cells, heading.length)) {
      if (title) yield told(title);
      title = undefined;
      pass({ record, problem: SUMMARY });
    } else {
      if (title) yield told(title);
      const count = filled(cells);
      isBegun ||= count > 0;
      hasRows ||= count > 0 && (title !== undefined || count === MANY || heading.length < WIDE);
      title = heading.length >= WIDE && count === 1 ? record : undefined;
      if (count === MANY || (count > 0 && !title)) tables?.add(record);
      if (!title) yield count > 0 ? told(record) : record;
    }
  }
  if (title) yield told(title);
  for (const { record } of passed) yield { ...record, isBelow: true };
  if (over) yield { ...over, isBelow: true, problem: OTHER };
}

/** Tells where other tables begin, by seeing all records behind the heading in order. */
class OtherTables {
  private readonly headings: OtherHeadings;
  private readonly columns: ListColumns;
  /** Whether an empty line stands above the record before. */
  private isBeforeApart = false;

  /** @param before the record behind which the list begins */
  constructor(
    private readonly heading: readonly string[],
    private before: CsvRecord,
  ) {
    this.headings = new OtherHeadings(heading);
    this.columns = new ListColumns(heading.length);
  }

  /** Takes a record that begins none. */
  pass(record: CsvRecord, isApart = false): void {
    this.before = record;
    this.isBeforeApart = isApart;
  }

  /** Takes a row of the list. */
  add({ cells }: CsvRecord): void {
    this.columns.add(cells);
  }

  /**
   * The first line of another table, where that begins with a record.
   *
   * @param hasRows whether the list has any
   * @param title of a group, where the record before may be that
   */
  begin(
    record: CsvRecord,
    below: readonly CsvRecord[],
    hasRows: boolean,
    title: CsvRecord | undefined,
  ): CsvRecord | undefined {
    const { before, isBeforeApart } = this;
    const isApart = record.line > nextLine(before) || filled(before.cells) === 0;
    this.pass(record, isApart);
    if (!hasRows) return undefined;
    if ((isApart || filled(before.cells) < MANY) && this.headings.has(record.cells)) return title ?? record;
    const count = isApart ? filled(record.cells) : 0;
    if (count === 0) return undefined;
    // Its heading may stand under a title.
    const again = below.findIndex(({ cells }) => isHeading(cells, this.heading));
    const full = [record, ...below.slice(0, again < 0 ? undefined : again)].filter((each) => filled(each.cells) > 0);
    const [cells = [], ...rows] = full.slice(MANY - count).map((each) => each.cells);
    if (!this.columns.areOver(cells, rows)) return undefined;
    return count === MANY && title && isBeforeApart ? title : record;
  }
}

/** Each record with some of those behind it, as far as there are any. What fails fails behind the last record. */
async function* withNext(
  records: AsyncIterable<CsvRecord> | Iterable<CsvRecord>,
  count: number,
): AsyncGenerator<readonly [CsvRecord, ...CsvRecord[]]> {
  const held: CsvRecord[] = [];
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const record of records) {
      held.push(record);
      if (held.length > count) yield take(held);
    }
  } catch (error) {
    failure = { error };
  }
  while (held.length > 0) yield take(held);
  if (failure) throw failure.error;
}

/** The first of some records with the others, taken from them. */
function take(held: CsvRecord[]): readonly [CsvRecord, ...CsvRecord[]] {
  const all = [...held] as [CsvRecord, ...CsvRecord[]];
  held.shift();
  return all;
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
