import { setImmediate as turn } from 'node:timers/promises';
import { DomainError } from '@apollo/contracts';
import { Injectable } from '@nestjs/common';
import { FieldRepository } from '../../fields/field.repository.js';
import { type CsvRecord, csvRecords } from '../csv/csv.records.js';
import { BATCH_ROWS, ROWS } from '../import.limits.js';
import { customKeys, mappedColumns, type Mapping, storedMapping } from '../import.mapping.js';
import { ImportRepository } from '../import.repository.js';
import { rowIds } from '../rows/lead.row.js';
import { RowBatch } from '../rows/row.batch.js';
import { RowReader } from '../rows/row.reader.js';
import { type BatchTarget, RowRepository } from '../rows/row.repository.js';
import { type ClaimedImport, ClaimRepository, PATIENCE } from './claim.repository.js';

/** Milliseconds between signs of life while no batch gives one. */
const HEARTBEAT_MS = (PATIENCE * 1_000) / 4;

/** Milliseconds of work on records after which other requests get their turn. */
const TURN_AFTER_MS = 10;

/** Thrown when another process has taken the import over: nothing more may be written here. */
export class ClaimLostError extends Error {
  constructor() {
    super('the import was taken over');
    this.name = 'ClaimLostError';
  }
}

/** Thrown at the next row or batch after the process was told to stop. */
export class StoppedError extends Error {
  constructor() {
    super('the process stops');
    this.name = 'StoppedError';
  }
}

/**
 * Works on one claimed import, in its organization's context. The file is gone through twice: first to its end without
 * writing anything, so that a file that is broken anywhere leaves nothing half done; then batch by batch, each batch in
 * one transaction with the progress it makes.
 */
@Injectable()
export class ImportWorker {
  constructor(
    private readonly imports: ImportRepository,
    private readonly claims: ClaimRepository,
    private readonly rows: RowRepository,
    private readonly fields: FieldRepository,
  ) {}

  /**
   * Brings the import to its last row; ending it is the caller's.
   *
   * @throws DomainError why the file cannot be imported; ClaimLostError; StoppedError once `signal` is aborted
   */
  async work(claimed: ClaimedImport, signal: AbortSignal): Promise<void> {
    const mapping = storedMapping.read(claimed.mapping);
    const fields = await this.fields.all();
    const bind = (heading: CsvRecord): RowReader =>
      new RowReader(heading, {
        mapping,
        fields,
        defaultContactName: claimed.default_contact_name,
        valueDecimals: claimed.value_decimals,
      });
    if (claimed.rows_total === null) await this.lookThrough(claimed, mapping, bind, signal);
    await this.write(claimed, mapping, bind, signal);
  }

  private async lookThrough(
    claimed: ClaimedImport,
    mapping: Mapping,
    bind: (heading: CsvRecord) => RowReader,
    signal: AbortSignal,
  ): Promise<void> {
    let records = 0;
    for await (const record of this.records(claimed, mapping, signal)) {
      if (records === 0) bind(record);
      if (records > ROWS) throw new DomainError('invalid_csv', `The file has more than ${ROWS} rows.`);
      records++;
    }
    if (records === 0) throw new DomainError('invalid_csv', 'The file is empty.');
    if (!(await this.claims.beat(claimed, records - 1))) throw new ClaimLostError();
  }

  private async write(
    claimed: ClaimedImport,
    mapping: Mapping,
    bind: (heading: CsvRecord) => RowReader,
    signal: AbortSignal,
  ): Promise<void> {
    const target: BatchTarget = {
      id: claimed.id,
      lease: claimed.lease,
      pipeline_id: claimed.pipeline_id,
      mapped: mappedColumns(mapping),
      custom: customKeys(mapping),
      default_contact_name: claimed.default_contact_name,
    };
    const idOf = rowIds(claimed.id, claimed.created_at);
    let reader: RowReader | undefined;
    let row = 0;
    let batch = new RowBatch(claimed.rows_read, claimed.errors_noted);
    // One batch is written while the next one is read; they are committed in order.
    let writing = Promise.resolve();
    try {
      for await (const record of this.records(claimed, mapping, signal)) {
        if (!reader) {
          reader = bind(record);
          continue;
        }
        // Rows that took effect before the import was interrupted.
        if (row++ < claimed.rows_read) continue;
        batch.add(reader.read(record, idOf(row - 1)));
        if (batch.size < BATCH_ROWS) continue;
        await writing;
        writing = this.commit(target, batch);
        batch = batch.next();
      }
      await writing;
      if (batch.size > 0) await this.commit(target, batch);
    } finally {
      // Whatever ended the reading, nothing is still being written when the claim is given up.
      await writing.catch(() => undefined);
    }
  }

  private commit(target: BatchTarget, batch: RowBatch): Promise<void> {
    const written = this.rows.write(target, batch).then((held) => {
      if (!held) throw new ClaimLostError();
    });
    // Its failure is met where it is awaited; until then it is no unhandled one.
    written.catch(() => undefined);
    return written;
  }

  /** The file's records; keeps the claim alive where no batch does, and ends when the process does. */
  private async *records(claimed: ClaimedImport, mapping: Mapping, signal: AbortSignal): AsyncGenerator<CsvRecord> {
    let heard = performance.now();
    const pieces = async function* (worker: ImportWorker): AsyncGenerator<Buffer> {
      for await (const piece of worker.imports.chunks(claimed.id)) {
        if (performance.now() - heard > HEARTBEAT_MS) {
          if (!(await worker.claims.beat(claimed))) throw new ClaimLostError();
          heard = performance.now();
        }
        yield piece;
      }
    };
    let turned = performance.now();
    for await (const record of csvRecords(pieces(this), {
      delimiter: claimed.delimiter,
      wanted: new Set(mapping.keys()),
    })) {
      if (signal.aborted) throw new StoppedError();
      yield record;
      if (performance.now() - turned < TURN_AFTER_MS) continue;
      await turn();
      turned = performance.now();
    }
  }
}
