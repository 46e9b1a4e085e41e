import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CsvRecord } from '../csv/csv.records.js';
import { ABOVE, BELOW, type Identity } from '../plan/file.plan.js';
import { KeptField } from '../rows/kept.field.js';
import { type LeadRow, rowIds, type RowProblem } from '../rows/lead.row.js';
import { RowBatch } from '../rows/row.batch.js';
import { identityOf } from '../rows/row.merge.js';
import type { RowReader } from '../rows/row.reader.js';
import { type BatchTarget, RowRepository } from '../rows/row.repository.js';
import type { ClaimedImport } from './claim.repository.js';
import { ClaimLostError } from './work.errors.js';

/** Brings the rows of imports into the database, batch by batch. */
@Injectable()
export class ImportWriter {
  constructor(
    private readonly rows: RowRepository,
    private readonly keptField: KeptField,
  ) {}

  /** Begins where the import stands. */
  async begin(claimed: ClaimedImport, identity: Identity): Promise<ImportWriting> {
    const target = { id: claimed.id, lease: claimed.lease, pipeline_id: claimed.pipeline_id, identity, keptKey: null };
    return new ImportWriting(claimed, target, this.rows, this.keptField);
  }
}

/** The writing of one import. One batch is written while the next one is read; they are committed in order. */
export class ImportWriting {
  private readonly idOf: (row: number) => string;
  private batch: RowBatch;
  private writing: Promise<void> = Promise.resolve();
  private keptKey: string | null = null;
  /** Line on which each identity stood first, by a short digest of it: a file may have a million. */
  private readonly seen = new Map<number, number>();
  /** Rows that nothing recognizes when they come again, and the line of the first. */
  private strangers = { rows: 0, line: 0 };

  constructor(
    private readonly claimed: ClaimedImport,
    private readonly target: BatchTarget,
    private readonly rows: RowRepository,
    private readonly keptField: KeptField,
  ) {
    this.idOf = rowIds(claimed.id, claimed.created_at);
    this.batch = new RowBatch(claimed.rows_read);
  }

  /** Takes a row. @param row its number, from 0 */
  async add(reader: RowReader, record: CsvRecord, row: number): Promise<void> {
    const outcome = reader.read(record, this.idOf(row));
    const repeated = outcome.row ? this.repeated(outcome.row) : [];
    if (row < this.claimed.rows_read) return;
    this.batch.add(outcome, charactersOf(record));
    for (const problem of repeated) this.batch.note(problem);
    if (this.batch.isFull) await this.turn();
  }

  /** Tells of a line that is no row, once. */
  leaveOut(line: number, where: 'above' | 'below'): void {
    const { rows_read, rows_total } = this.claimed;
    const told = where === 'above' ? rows_read > 0 : rows_read > 0 && rows_read === rows_total;
    if (!told) this.batch.note({ line, column: null, problem: where === 'above' ? ABOVE : BELOW, refused: false });
  }

  /** Writes what is left. */
  async finish(): Promise<void> {
    this.tellStrangers();
    if (!this.batch.isEmpty) await this.turn();
    await this.writing;
  }

  /** Waits for what is being written, whatever becomes of it. */
  async settled(): Promise<void> {
    await this.writing.catch(() => undefined);
  }

  private async turn(): Promise<void> {
    const { batch } = this;
    this.batch = batch.next();
    await this.writing;
    this.writing = this.commit(batch);
    // Its failure is met where it is awaited; until then it is no unhandled one.
    this.writing.catch(() => undefined);
  }

  private async commit(batch: RowBatch): Promise<void> {
    if (this.keptKey === null && batch.rows.some(({ kept }) => Object.keys(kept).length > 0))
      this.keptKey = await this.keptField.key();
    if (!(await this.rows.write({ ...this.target, keptKey: this.keptKey }, batch))) throw new ClaimLostError();
  }

  /** Once, at the end of the file: each one apart would hide what else there is to tell. */
  private tellStrangers(): void {
    const { rows, line } = this.strangers;
    if (rows === 0 || this.claimed.rows_read === this.claimed.rows_total) return;
    const which = rows === 1 ? '' : `, as ${rows} rows in all`;
    const problem = `has no ${NAMES[this.target.identity]} to be recognized by${which}: a new lead each time the file is imported`;
    this.batch.note({ line, column: null, problem, refused: false });
  }

  private repeated(row: LeadRow): RowProblem[] {
    const identity = identityOf(row, this.target.identity);
    if (identity === undefined) {
      if (this.target.identity === 'none' || row.external_id !== undefined) return [];
      this.strangers = { rows: this.strangers.rows + 1, line: this.strangers.line || row.line };
      return [];
    }
    const digest = createHash('sha1').update(identity).digest().readUIntBE(0, 6);
    const first = this.seen.get(digest);
    if (first === undefined) this.seen.set(digest, row.line);
    const problem = `is the same ${NAMES[this.target.identity]} as on line ${first}, and changes that lead`;
    return first === undefined ? [] : [{ line: row.line, column: null, problem, refused: false }];
  }
}

function charactersOf({ cells }: CsvRecord): number {
  let sum = 0;
  for (const cell of cells) sum += cell.length;
  return sum;
}

const NAMES: Readonly<Record<Identity, string>> = {
  id: 'id',
  external_id: 'external id',
  email: 'address',
  phone: 'phone number',
  none: '',
};
