import type { CsvRecord } from './csv.records.js';

/** Lines at the beginning that tell whether all are so. */
const LOOKED_AT = 50;
const LEAST_LINES = 2;
/** Cells of a line by which it is told from a text with a comma. */
const WIDE = 3;

/**
 * Reads lines that are one cell in quotes as the cells that they hold, as spreadsheets save a file that they had opened in
 * one column: where all lines are so, and where some are, for the quotes within them, those with as many cells as others.
 */
export async function* withoutLineQuotes(
  records: AsyncIterable<CsvRecord>,
  delimiter: string,
): AsyncGenerator<CsvRecord> {
  let looked: CsvRecord[] | undefined = [];
  /** Cells of the lines that are in quotes, where all are. */
  let all = 0;
  /** Cells of the last line that was not. */
  let width = 0;
  for await (const record of records) {
    const isSingle = record.cells.length === 1 && (record.cells[0] ?? '').includes(delimiter);
    if (looked && isSingle) {
      looked.push(record);
      if (looked.length < LOOKED_AT) continue;
      all = widthOf(looked, delimiter);
      yield* looked.map((each) => opened(each, delimiter, all));
      looked = undefined;
      continue;
    }
    if (looked) yield* looked;
    looked = undefined;
    if (record.cells.length > 1) width = record.cells.length;
    const holdsQuotes = isSingle && width >= WIDE && record.cells[0]?.includes('"') === true;
    yield isSingle && all > 0
      ? opened(record, delimiter, all)
      : holdsQuotes
        ? opened(record, delimiter, width)
        : record;
  }
  if (!looked) return;
  all = widthOf(looked, delimiter);
  yield* looked.map((each) => opened(each, delimiter, all));
}

/** The number of cells that all of some lines hold; 0 where they hold not as many each, or are too few. */
function widthOf(lines: readonly CsvRecord[], delimiter: string): number {
  const widths = new Set(lines.map(({ cells: [line = ''] }) => cellsOf(line, delimiter)?.length));
  const [width = 0] = widths;
  return widths.size === 1 && lines.length >= LEAST_LINES ? width : 0;
}

/** A line as the cells that it holds, where it holds so many. */
function opened(record: CsvRecord, delimiter: string, width: number): CsvRecord {
  const cells = width > 1 ? cellsOf(record.cells[0] ?? '', delimiter) : undefined;
  return cells?.length === width ? { ...record, cells } : record;
}

/** The cells of a line, some of them in quotes; undefined where a quote is not closed. */
function cellsOf(line: string, delimiter: string): string[] | undefined {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const letter = line[at] ?? '';
    if (letter === '"' && (isQuoted || cell.trim() === '')) {
      if (isQuoted && line[at + 1] === '"') cell += line[at++];
      else isQuoted = !isQuoted;
    } else if (letter === delimiter && !isQuoted) {
      cells.push(cell.trimStart());
      cell = '';
    } else cell += letter;
  }
  return isQuoted ? undefined : [...cells, cell.trimStart()];
}
