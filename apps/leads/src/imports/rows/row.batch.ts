import { BATCH_CHARACTERS, BATCH_ROWS, ERRORS_NOTED } from '../import.limits.js';
import { type Cell, type LeadRow, type RowOutcome, type RowProblem, unplacedIn } from './lead.row.js';

/** How far a batch brings an import: `from` rows took effect before it, `read` rows are in it. */
export interface BatchProgress {
  readonly from: number;
  readonly read: number;
  readonly refused: number;
  readonly cells_left_out: number;
}

/** Rows that will take effect together. */
export class RowBatch {
  /** The rows that may become leads, in the order of the file. */
  readonly rows: LeadRow[] = [];
  private problems: RowProblem[] = [];
  private readRows = 0;
  private characters = 0;
  private cells = 0;

  /** @param from rows of the import that took effect before */
  constructor(private readonly from: number) {}

  /** Whether it has as many rows, refused ones included, or as much text as is written at once. */
  get isFull(): boolean {
    return this.readRows >= BATCH_ROWS || this.characters >= BATCH_CHARACTERS;
  }

  /** Whether there is nothing to write. */
  get isEmpty(): boolean {
    return this.readRows === 0 && this.problems.length === 0;
  }

  /** Takes what became of the next row of the file, which has so many characters. */
  add({ row, problems }: RowOutcome, characters: number): void {
    this.readRows++;
    this.characters += characters;
    if (row) this.rows.push(row);
    this.cells += problems.filter(({ refused, column }) => !refused && column !== null).length;
    this.cells += row ? unplacedIn(row).length : 0;
    for (const problem of problems) this.note(problem);
  }

  /** Takes what is told besides. */
  note(problem: RowProblem): void {
    if (this.problems.length < ERRORS_NOTED) this.problems.push(problem);
  }

  /** Takes back what was told of cells. */
  forgive(cells: readonly Cell[]): void {
    this.cells -= cells.length;
    const isForgiven = isAmong(cells);
    this.problems = this.problems.filter((problem) => !isForgiven(problem));
  }

  /** Takes back what was told of rows as a whole that turn out to be refused. */
  refuse(problems: readonly RowProblem[]): void {
    const lines = new Set(problems.filter(({ refused }) => refused).map(({ line }) => line));
    if (lines.size > 0) this.problems = this.problems.filter(({ line, column }) => column !== null || !lines.has(line));
  }

  /** The problems to note, with those of `more`, numbered on from `noted` that were noted before; none beyond the bound. */
  toNote(noted: number, more: readonly RowProblem[]): (RowProblem & { position: number })[] {
    return [...this.problems, ...more]
      .sort((a, b) => a.line - b.line)
      .slice(0, Math.max(0, ERRORS_NOTED - noted))
      .map((problem, at) => ({ ...problem, position: noted + at + 1 }));
  }

  /** What the import has to count besides the leads. */
  progress(): BatchProgress {
    return {
      from: this.from,
      read: this.readRows,
      refused: this.readRows - this.rows.length,
      cells_left_out: this.cells,
    };
  }

  /** The empty batch that follows this one. */
  next(): RowBatch {
    return new RowBatch(this.from + this.readRows);
  }
}

/** Tells whether a problem is one of these cells, and not of its whole row. */
export function isAmong(cells: readonly Cell[]): (problem: RowProblem) => boolean {
  const places = new Set(cells.map(({ line, column }) => `${line} ${column}`));
  return ({ line, column, refused }) => !refused && column !== null && places.has(`${line} ${column}`);
}
