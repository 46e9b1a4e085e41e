import { setImmediate as others } from 'node:timers/promises';
import { DomainError } from '@apollo/contracts';
import { ClaimLostError, HEARTBEAT_MS, Jobs, LeftOffError, type WorkTurn } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { FieldRepository } from '../../fields/field.repository.js';
import { CurrencySurvey } from '../cells/currency.survey.js';
import { FormatSurvey } from '../cells/format.survey.js';
import { underNoHeading } from '../csv/csv.dialect.js';
import { type CsvRecord, csvRecords } from '../csv/csv.records.js';
import { isEmptyRow, ListEnd } from '../csv/csv.rows.js';
import { archivedPipeline } from '../import.destination.js';
import { ROWS } from '../import.limits.js';
import { storedMapping } from '../import.mapping.js';
import { type FileReading, ImportRepository } from '../import.repository.js';
import { ImportProgress } from '../import.progress.js';
import { ReferenceRepository } from '../rows/reference.repository.js';
import { formattedColumns, freeColumns } from '../rows/column.places.js';
import { RowReader, type RowRules } from '../rows/row.reader.js';
import { ImportWriter } from './import.writer.js';
import { type ClaimedImport, WorkRepository } from './work.repository.js';

/** Milliseconds of work on records after which other requests get their turn. */
const TURN_AFTER_MS = 10;

/** How an import's file is read, and what its rows are read by. */
interface Reading {
  readonly file: FileReading;
  readonly rules: RowRules;
}

/**
 * Works on one claimed import, in its organization's context. The file is gone through twice: first to its end without
 * writing anything, so that a file that is broken anywhere leaves nothing half done and every cell had its say about the
 * formats of its column; then batch by batch, each batch in one transaction with the progress it makes.
 */
@Injectable()
export class ImportWorker {
  constructor(
    private readonly imports: ImportRepository,
    private readonly files: WorkRepository,
    private readonly jobs: Jobs,
    private readonly writer: ImportWriter,
    private readonly fields: FieldRepository,
    private readonly references: ReferenceRepository,
    private readonly progress: ImportProgress,
  ) {}

  /**
   * Brings the import to its last row; ending it is the caller's.
   *
   * @throws DomainError why the file cannot be imported; ClaimLostError; LeftOffError when the process stops or
   *   the turn is over
   */
  async work(claimed: ClaimedImport, turn: WorkTurn): Promise<void> {
    const { settings, reading, pipeline_id } = claimed;
    const references = await this.references.resolver(pipeline_id, settings.owners ?? []);
    if (!references.isOpen) throw archivedPipeline();
    const rules = {
      mapping: storedMapping.read(claimed.mapping),
      fields: await this.fields.all(),
      defaultContactName: claimed.default_contact_name,
      country: settings.country ?? null,
      currency: settings.currency ?? null,
      decimals: claimed.value_decimals,
      zone: settings.time_zone ?? 'UTC',
      references,
    };
    const file = claimed.rows_total === null ? await this.lookThrough(claimed, rules, turn) : reading;
    await this.write(
      claimed,
      {
        file,
        rules: {
          ...rules,
          formats: file.formats,
          currencyColumns: file.currency_columns,
          identity: file.identity,
          internationalPhones: file.international_phones,
        },
      },
      turn,
    );
  }

  private async lookThrough(
    claimed: ClaimedImport,
    rules: Omit<RowRules, 'formats'>,
    turn: WorkTurn,
  ): Promise<FileReading> {
    const { reading } = claimed;
    let survey: FormatSurvey | undefined;
    let currencies: CurrencySurvey | undefined;
    let end: ListEnd | undefined;
    let rows = 0;
    for await (const record of this.records(claimed, turn)) {
      if (record.line < reading.heading_line) continue;
      if (!end) {
        const columns = formattedColumns(record, rules.mapping, rules.fields);
        survey = new FormatSurvey(columns, reading.formats, rules.currency);
        currencies = new CurrencySurvey(freeColumns(record, rules.mapping));
        end = new ListEnd(record);
        continue;
      }
      if (isEmptyRow(record)) continue;
      if (++rows > ROWS)
        throw new DomainError('invalid_csv', `The file has more than ${ROWS.toLocaleString('en')} rows.`);
      end.see(record);
      survey?.add(record.cells);
      if (!record.isBelow) currencies?.add(record.cells);
    }
    if (!end || !survey) throw new DomainError('invalid_csv', 'The file is empty.');
    const { rows: rows_total, footer_line } = end.result();
    const shown = currencies?.result() ?? [];
    const file = {
      ...reading,
      formats: survey.result(),
      footer_line,
      ...(shown.length > 0 ? { currency_columns: shown } : {}),
    };
    if (!(await this.files.found(claimed, { rows_total, reading: file }))) throw new ClaimLostError();
    await this.progress.changed(claimed.id);
    // Whoever comes next need not look through it again.
    if (turn.isOver) throw new LeftOffError();
    return file;
  }

  private async write(claimed: ClaimedImport, { file, rules }: Reading, turn: WorkTurn): Promise<void> {
    let reader: RowReader | undefined;
    let row = 0;
    const writing = await this.writer.begin(claimed, file, turn);
    try {
      for await (const record of this.records(claimed, turn)) {
        const { line } = record;
        if (line < file.heading_line) writing.leaveOut(line, 'above');
        else if (!reader) reader = new RowReader(record, rules);
        else if (record.problem !== undefined || (file.footer_line != null && line >= file.footer_line)) {
          for (const { line: before, problem } of record.passed ?? []) writing.leaveOut(before, 'below', problem);
          writing.leaveOut(line, 'below', record.problem);
        } else if (!isEmptyRow(record)) {
          // Rows that took effect before the import was interrupted are read only for what later ones may repeat.
          await writing.add(reader, record, row++);
        }
      }
      await writing.finish();
    } finally {
      // Whatever ended the reading, nothing is still being written when the claim is given up.
      await writing.settled();
    }
  }

  /** The file's records; keeps the claim alive where no batch does, and ends when the process does. */
  private async *records(claimed: ClaimedImport, turn: WorkTurn): AsyncGenerator<CsvRecord> {
    let heard = performance.now();
    const pieces = async function* (worker: ImportWorker): AsyncGenerator<Buffer> {
      for await (const piece of worker.imports.chunks(claimed.id)) {
        if (performance.now() - heard > HEARTBEAT_MS) {
          if (!(await worker.jobs.keep(claimed))) throw new ClaimLostError();
          heard = performance.now();
        }
        yield piece;
      }
    };
    let turned = performance.now();
    const records = csvRecords(pieces(this), claimed.reading);
    for await (const record of claimed.reading.heading_line > 0 ? records : underNoHeading(records)) {
      if (turn.isStopped) throw new LeftOffError();
      yield record;
      if (performance.now() - turned < TURN_AFTER_MS) continue;
      await others();
      turned = performance.now();
    }
  }
}
