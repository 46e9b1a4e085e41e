import { ERRORS_NOTED } from '../import.limits.js';
import type { LeadRow, RowProblem } from './lead.row.js';
import type { BatchProgress } from './row.repository.js';

/** Rows that will take effect together. */
export class RowBatch {
  /** As JSON at once: short-lived objects cost the least while a thousand rows gather. */
  private readonly gathered: string[][] = [];
  private readonly seen = new Map<string, number>();
  private readonly problems: (RowProblem & { position: number })[] = [];
  private readRows = 0;
  private leadRows = 0;

  /**
   * @param from rows of the import that took effect before
   * @param noted problems noted before
   */
  constructor(
    private readonly from: number,
    private readonly noted: number,
  ) {}

  /** Rows in it, refused ones included. */
  get size(): number {
    return this.readRows;
  }

  /** Takes what became of the next row of the file. */
  add(outcome: LeadRow | RowProblem[]): void {
    this.readRows++;
    if (!Array.isArray(outcome)) return this.place(outcome);
    for (const problem of outcome) {
      const position = this.noted + this.problems.length + 1;
      if (position <= ERRORS_NOTED) this.problems.push({ ...problem, position });
    }
  }

  /** An external id that comes again waits for the next round: one statement cannot change a lead twice. */
  private place(row: LeadRow): void {
    const round = row.external_id === undefined ? 0 : (this.seen.get(row.external_id) ?? 0);
    if (row.external_id !== undefined) this.seen.set(row.external_id, round + 1);
    (this.gathered[round] ??= []).push(JSON.stringify(row));
    this.leadRows++;
  }

  /** The leads as JSON arrays and how many each has; within a round no external id repeats, and a later round meets what an earlier one wrote. */
  rounds(): readonly { rows: string; size: number }[] {
    return this.gathered.map((rows) => ({ rows: `[${rows.join(',')}]`, size: rows.length }));
  }

  /** The problems to note, numbered on from those before. */
  toNote(): readonly (RowProblem & { position: number })[] {
    return this.problems;
  }

  /** What the import has to count besides the leads. */
  progress(): BatchProgress {
    return {
      from: this.from,
      read: this.readRows,
      refused: this.readRows - this.leadRows,
      noted: this.problems.length,
    };
  }

  /** The empty batch that follows this one. */
  next(): RowBatch {
    return new RowBatch(this.from + this.readRows, this.noted + this.problems.length);
  }
}
