import { legible } from '@apollo/contracts';
import type { CsvRecord } from './csv.records.js';
import { isSummary } from './summary.rows.js';

/** Columns from which on a record of one cell is no row: exporters write separators for empty cells. */
const WIDE = 3;
const TOTAL = /^(?:grand |sub)?total\b|^(?:gesamt|summe|suma|soma|totais|totales)\b/i;
const ABOUT =
  /\b(?:report|exported|generated|copyright|confidential|printed|bericht|exportiert|erstellt von|vertraulich|relat[oó]rio|gerado|confidencial|informe|generado|exportado)\b|©/i;

/** A line that is drawn, as tables in plain text have it between their rows. */
const DRAWN = /^(?:[-=_\u2500\u2550+|:]\s?){3,}$/;

/** Whether a record is nothing but separators: cells with nothing in them, or with lines. */
export function isEmptyRow({ cells }: CsvRecord): boolean {
  return cells.every((cell) => cell === '' || legible(cell) === '' || DRAWN.test(cell));
}

/** Finds out where the list ends and lines about it begin, by seeing all its rows in order. */
export class ListEnd {
  private readonly wide: boolean;
  private rowsBefore = 0;
  private below: { line: number; count: number } | null = null;

  /** @param heading the record with the headings */
  constructor(heading: CsvRecord) {
    this.wide = heading.cells.length >= WIDE;
  }

  /** Takes the next record that is not empty. */
  see(record: CsvRecord): void {
    if (record.isBelow || (this.wide && looksBelow(record))) {
      this.below ??= { line: record.line, count: 0 };
      this.below.count++;
      return;
    }
    // What looked as if it stood below the list stood within it.
    this.rowsBefore += (this.below?.count ?? 0) + 1;
    this.below = null;
  }

  /** Rows of the list, and the line on which what stands below it begins. A list of nothing else is no footer. */
  result(): { readonly rows: number; readonly footer_line: number | null } {
    if (this.rowsBefore === 0) return { rows: this.below?.count ?? 0, footer_line: null };
    return { rows: this.rowsBefore, footer_line: this.below?.line ?? null };
  }
}

function looksBelow({ cells }: CsvRecord): boolean {
  const filled = cells.filter((cell) => cell !== '');
  const [first = ''] = filled;
  if (cells.length === 1 || isSummary(cells)) return true;
  return (filled.length === 1 && ABOUT.test(first)) || (filled.length <= 2 && TOTAL.test(first));
}
