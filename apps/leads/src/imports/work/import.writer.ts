import { createHash } from 'node:crypto';
import { ClaimLostError, LeftOffError, type WorkTurn } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import type { CsvRecord } from '../csv/csv.records.js';
import { ImportProgress } from '../import.progress.js';
import type { FileReading } from '../import.repository.js';
import { ABOVE, BELOW } from '../plan/file.plan.js';
import type { Identity } from '../plan/row.identity.js';
import { KeptField } from '../rows/kept.field.js';
import { CALLED_BY_ID, isCalledById, type LeadRow, rowIds, type RowProblem } from '../rows/lead.row.js';
import { RowBatch } from '../rows/row.batch.js';
import { identityOf } from '../rows/lead.identity.js';
import type { RowReader } from '../rows/row.reader.js';
import { type BatchTarget, RowRepository } from '../rows/row.repository.js';
import type { ClaimedImport } from './work.repository.js';

/** Brings the rows of imports into the database, batch by batch. */
@Injectable()
export class ImportWriter {
  constructor(
    private readonly rows: RowRepository,
    private readonly keptField: KeptField,
    private readonly progress: ImportProgress,
  ) {}

  /** Begins where the import stands. */
  async begin(claimed: ClaimedImport, file: FileReading, turn: WorkTurn): Promise<ImportWriting> {
    const { id, lease, pipeline_id } = claimed;
    const { identity, is_identity_guessed: isGuessed = false } = file;
    const target = { id, lease, pipeline_id, identity, isGuessed, keptKey: null };
    return new ImportWriting(claimed, target, turn, this.rows, this.keptField, this.progress);
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
  private strangers: Counted = { rows: 0, line: 0 };
  /** Rows that only an external id names, and the line of the first. */
  private nameless: Counted = { rows: 0, line: 0 };

  constructor(
    private readonly claimed: ClaimedImport,
    private readonly target: BatchTarget,
    private readonly turn: WorkTurn,
    private readonly rows: RowRepository,
    private readonly keptField: KeptField,
    private readonly progress: ImportProgress,
  ) {
    this.idOf = rowIds(claimed.id, claimed.created_at);
    this.batch = new RowBatch(claimed.rows_read);
  }

  /** Takes a row. @param row its number, from 0 @throws LeftOffError after a batch, when the turn is over */
  async add(reader: RowReader, record: CsvRecord, row: number): Promise<void> {
    const outcome = reader.read(record, this.idOf(row));
    const repeated = outcome.row ? this.repeated(outcome.row) : [];
    if (outcome.row && isCalledById(outcome.row)) this.nameless = counted(this.nameless, outcome.row);
    if (row < this.claimed.rows_read) return;
    if (row === this.claimed.rows_read) this.turn.arrived();
    this.batch.add(outcome, charactersOf(record));
    for (const problem of repeated) this.batch.note(problem);
    if (!this.batch.isFull) return;
    await this.send();
    if (!this.turn.isOver) return;
    await this.writing;
    throw new LeftOffError();
  }

  /** Tells of a line that is no row, once. @param problem where more is to be told than where it stands */
  leaveOut(line: number, where: 'above' | 'below', problem = where === 'above' ? ABOVE : BELOW): void {
    const { rows_read, rows_total } = this.claimed;
    const told = where === 'above' ? rows_read > 0 : rows_read > 0 && rows_read === rows_total;
    if (!told) this.batch.note({ line, column: null, problem, refused: false });
  }

  /** Writes what is left. */
  async finish(): Promise<void> {
    this.reportCounted();
    if (!this.batch.isEmpty) await this.send();
    await this.writing;
  }

  /** Waits for what is being written, whatever becomes of it. */
  async settled(): Promise<void> {
    await this.writing.catch(() => undefined);
  }

  private async send(): Promise<void> {
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
    await this.progress.changed(this.target.id);
  }

  /** Once, at the end of the file: each one apart would hide what else there is to tell. */
  private reportCounted(): void {
    if (this.claimed.rows_read === this.claimed.rows_total) return;
    const tell = ({ rows, line }: Counted, words: string, more: string): void => {
      const problem = `${words}${rows === 1 ? '' : `, as ${rows} rows in all`}${more}`;
      if (rows > 0) this.batch.note({ line, column: null, problem, refused: false });
    };
    const { identity } = this.target;
    const isNone = identity === 'none';
    const unknown = isNone ? NOBODY_KNOWN : `has no ${NAMES[identity]} to be recognized by`;
    tell(this.strangers, unknown, `: a new lead each time the file is imported${isNone ? WAY_OUT : ''}`);
    tell(this.nameless, CALLED_BY_ID, '');
  }

  private repeated(row: LeadRow): RowProblem[] {
    if (row.isContinued) return [];
    const identity = identityOf(row, this.target.identity);
    if (identity === undefined) {
      const isSaid = this.target.identity === 'none' && this.claimed.settings.identity !== undefined;
      if (isSaid || row.external_id !== undefined) return [];
      this.strangers = counted(this.strangers, row);
      return [];
    }
    const digest = createHash('sha1').update(identity).digest().readUIntBE(0, 6);
    const first = this.seen.get(digest);
    if (first === undefined) this.seen.set(digest, row.line);
    const problem = `is the same ${NAMES[this.target.identity]} as on line ${first}, and changes that lead`;
    return first === undefined ? [] : [{ line: row.line, column: null, problem, refused: false }];
  }
}

/** What is told where nobody said that rows are recognized by nothing. */
const NOBODY_KNOWN = 'is recognized by nothing';
const WAY_OUT = '. Say email or phone in identity where each row has one of its own, and none where that is meant';

/** Rows that are told of once, by the line of the first. */
interface Counted {
  readonly rows: number;
  readonly line: number;
}

function counted({ rows, line }: Counted, row: LeadRow): Counted {
  return { rows: rows + 1, line: line || row.line };
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
