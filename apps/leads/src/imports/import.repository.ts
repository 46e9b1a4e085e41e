import { DomainError, leadsMessages } from '@apollo/contracts';
import { statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { storedObject } from '../stored.object.js';
import type { Formats } from './cells/format.survey.js';
import type { Dialect } from './csv/csv.dialect.js';
import type { StoredChange } from './import.changes.js';
import { storedMapping } from './import.mapping.js';
import { ENDED } from './import.rules.js';
import type { Identity } from './plan/row.identity.js';

interface Row extends Omit<leadsMessages.LeadImport, 'created_at' | 'finished_at' | keyof FileReading | 'mapping'> {
  mapping: unknown;
  reading: unknown;
  created_at: Date;
  finished_at: Date | null;
}

/** What is known of a file once it was looked at. */
export interface FileReading extends Dialect {
  readonly identity: Identity;
  /** Whether neither the request nor a saved mapping said so; absent where an older version looked. */
  readonly is_identity_guessed?: boolean;
  readonly formats: Formats;
  /** Line on which what stands below the list begins. */
  readonly footer_line?: number | null;
  /** Places of columns that name currencies by their cells; absent where an older version looked. */
  readonly currency_columns?: readonly number[];
  /** Places of columns of phones with the codes of their countries, without a plus; absent where an older version looked. */
  readonly international_phones?: readonly number[];
}

/** What a request says of a file, for when the file is there. */
export type KeptSettings = Omit<leadsMessages.ImportSettings, 'pipeline_id' | 'mapping'>;

/** What a new import consists of. */
export interface NewImport {
  readonly id: string;
  readonly file_name: string;
  readonly pipeline_id: string;
  readonly mapping: string;
  readonly delimiter: string | null;
  readonly default_contact_name: string | null;
  readonly value_decimals: number;
  readonly settings: string;
}

const COLUMNS =
  'id, file_name, status, rows_total, rows_read, created, updated, unchanged, refused, cells_left_out, mapping, reading, undo, ' +
  'error_code, error_detail, created_at, finished_at';

const pipeline = statement<{ id: string; archived: boolean }, { id: string | null }>(
  'import pipeline',
  'select id, archived from leads.pipelines where org_id = :org and case when :id::uuid is null then is_default else id = :id::uuid end',
);
const open = statement<{ open: number }, object>(
  'open imports',
  `select count(*)::int as open from leads.imports where org_id = :org and status not in (${ENDED}, 'undoing')`,
);
const create = statement<Row, NewImport>(
  'create import',
  `
  insert into leads.imports (org_id, id, file_name, status, pipeline_id, mapping, delimiter, default_contact_name, value_decimals, settings, started_by, received_bytes, created_at)
  values (:org, :id, :file_name, 'receiving', :pipeline_id, :mapping, :delimiter, :default_contact_name, :value_decimals, :settings, :actor, 0, now()) returning ${COLUMNS}`,
);
const one = statement<Row, { id: string }>(
  'import',
  `select ${COLUMNS} from leads.imports where org_id = :org and id = :id`,
);
const page = statement<Row, { before: string; limit: number }>(
  'imports page',
  `select ${COLUMNS} from leads.imports where org_id = :org and id < :before order by id desc limit :limit`,
);
const settings = statement<{ settings: KeptSettings; mapping: unknown; pipeline_id: string }, { id: string }>(
  'import settings',
  'select settings, mapping, pipeline_id from leads.imports where org_id = :org and id = :id',
);
const lock = statement<{ status: string; received_bytes: number }, { id: string }>(
  'lock import',
  'select status, received_bytes from leads.imports where org_id = :org and id = :id for update',
);
const store = statement<{ id: string }, { id: string; import_id: string; seq: number; sha256: string; data: Buffer }>(
  'store import chunk',
  `
  insert into leads.import_chunks (org_id, id, import_id, seq, sha256, data) values (:org, :id, :import_id, :seq, :sha256, :data)
  on conflict (org_id, import_id, seq) do nothing returning id`,
);
const count = statement<object, { id: string; bytes: number }>(
  'count import bytes',
  'update leads.imports set received_bytes = received_bytes + :bytes where org_id = :org and id = :id',
);
const digest = statement<{ sha256: string }, { id: string; seq: number }>(
  'import chunk digest',
  'select sha256 from leads.import_chunks where org_id = :org and import_id = :id and seq = :seq',
);
const arrived = statement<{ chunks: number }, { id: string }>(
  'arrived import chunks',
  'select count(*)::int as chunks from leads.import_chunks where org_id = :org and import_id = :id',
);
const chunk = statement<{ data: Buffer }, { id: string; seq: number }>(
  'import chunk',
  'select data from leads.import_chunks where org_id = :org and import_id = :id and seq = :seq',
);
const begin = statement<Row, { id: string; mapping: string; reading: string }>(
  'begin import',
  `update leads.imports set status = 'running', mapping = :mapping, reading = :reading where org_id = :org and id = :id and status = 'receiving' returning ${COLUMNS}`,
);
const undo = statement<Row, { id: string; undo: string }>(
  'undo import',
  `update leads.imports set status = 'undoing', undo = :undo, rows_undone = 0
  where org_id = :org and id = :id and status in ('finished', 'failed') and rows_read > 0 and reading <> '{}' returning ${COLUMNS}`,
);
// One that was never taken back was stopped on its way in.
const continue_ = statement<Row, { id: string }>(
  'continue import',
  `update leads.imports set status = case when undo is null then 'running' else 'undoing' end, error_code = null, error_detail = null
  where org_id = :org and id = :id and status = 'stopped' returning ${COLUMNS}`,
);
const errors = statement<
  leadsMessages.ImportError & { position: number },
  { id: string; after: number; limit: number }
>(
  'import errors page',
  `
  select position, line, column_name as "column", problem, refused from leads.import_errors
  where org_id = :org and import_id = :id and position > :after order by position limit :limit`,
);

// Before its first row; what is told of rows is numbered on from here.
const noteProblems = statement<object, { id: string; noted: number; problems: string }>(
  'tell of import',
  `
  with told as (
    insert into leads.import_errors (org_id, id, import_id, position, line, column_name, problem, refused)
    select :org, uuidv7(), :id::uuid, e.position, e.line, e."column", e.problem, e.refused
    from json_to_recordset(:problems::json) as e(position int, line int, "column" text, problem text, refused bool))
  update leads.imports set errors_noted = :noted::int where org_id = :org and id = :id`,
);

// Those of before it was kept what a lead became are not told.
const changes = statement<StoredChange, { id: string; after: string; limit: number }>(
  'import changes page',
  `
  select lead_id, before, after from leads.import_changes
  where org_id = :org and import_id = :id and lead_id > :after and after is not null order by lead_id limit :limit`,
);

/** Imports as their importers see them, and the pieces of their files. */
@Injectable()
export class ImportRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** The named pipeline, or the default one. */
  async pipeline(id: string | null): Promise<{ id: string; archived: boolean } | undefined> {
    const [row] = await this.database.query(pipeline, { id });
    return row;
  }

  /** How many imports are neither finished nor failed, those that were stopped among them. */
  async openCount(): Promise<number> {
    const [row] = await this.database.query(open, {});
    return row?.open ?? 0;
  }

  async create(values: NewImport): Promise<leadsMessages.LeadImport> {
    const [row] = await this.database.query(create, values);
    return importOf(row as Row);
  }

  async find(id: string): Promise<leadsMessages.LeadImport | undefined> {
    const [row] = await this.database.query(one, { id });
    return row && importOf(row);
  }

  /** At most `limit` imports before the one with id `before`, newest first. */
  async page(before: string, limit: number): Promise<leadsMessages.LeadImport[]> {
    return (await this.database.query(page, { before, limit })).map(importOf);
  }

  /** Keeps everything else away from the import until the transaction ends. */
  async lock(id: string): Promise<{ status: string; received_bytes: number } | undefined> {
    const [row] = await this.database.query(lock, { id });
    return row;
  }

  /** False when a piece with this number is there already. */
  async storeChunk(piece: {
    id: string;
    import_id: string;
    seq: number;
    sha256: string;
    data: Buffer;
  }): Promise<boolean> {
    const stored = await this.database.query(store, piece);
    if (stored.length > 0) await this.database.query(count, { id: piece.import_id, bytes: piece.data.length });
    return stored.length > 0;
  }

  async chunkDigest(id: string, seq: number): Promise<string | undefined> {
    const [row] = await this.database.query(digest, { id, seq });
    return row?.sha256;
  }

  async arrivedChunks(id: string): Promise<number> {
    const [row] = await this.database.query(arrived, { id });
    return row?.chunks ?? 0;
  }

  /**
   * The pieces of a file in order, one in memory at a time, each read by a query of its own.
   *
   * @throws DomainError `payload_too_large`, however the pieces came there
   */
  async *chunks(id: string): AsyncGenerator<Buffer> {
    for (let seq = 0, bytes = 0; ; seq++) {
      const [row] = await this.database.query(chunk, { id, seq });
      if (!row) return;
      bytes += row.data.length;
      if (bytes > leadsMessages.IMPORT_BYTES) throw tooLarge();
      yield row.data;
    }
  }

  /** What was said of the import's file when it was started. */
  async settings(id: string): Promise<leadsMessages.ImportSettings | undefined> {
    const [row] = await this.database.query(settings, { id });
    if (!row) return undefined;
    const mapping = storedMapping.read(row.mapping);
    const { pipeline_id } = row;
    return { ...row.settings, pipeline_id, ...(mapping.size > 0 ? { mapping: Object.fromEntries(mapping) } : {}) };
  }

  /** Notes what there is to tell of an import before it begins. */
  async noteProblems(id: string, problems: readonly leadsMessages.ImportError[]): Promise<void> {
    if (problems.length === 0) return;
    const numbered = problems.map((problem, at) => ({ ...problem, position: at + 1 }));
    await this.database.query(noteProblems, { id, noted: problems.length, problems: JSON.stringify(numbered) });
  }

  /** From now on the import may be worked on, and its file is read so. */
  async begin(id: string, mapping: string, reading: FileReading): Promise<leadsMessages.LeadImport> {
    const [row] = await this.database.query(begin, { id, mapping, reading: JSON.stringify(reading) });
    return importOf(row as Row);
  }

  /** From now on the import may be taken back. Undefined when it has not ended, wrote nothing or is taken back already. */
  async undo(id: string): Promise<leadsMessages.LeadImport | undefined> {
    const nothing: leadsMessages.ImportUndo = { removed: 0, restored: 0, stayed: 0, stayed_leads: [] };
    const [row] = await this.database.query(undo, { id, undo: JSON.stringify(nothing) });
    return row && importOf(row);
  }

  /** From now on the import, or its taking back, may go on. Undefined when it was not stopped. */
  async continue(id: string): Promise<leadsMessages.LeadImport | undefined> {
    const [row] = await this.database.query(continue_, { id });
    return row && importOf(row);
  }

  /** At most `limit` leads that the import changed, after the one with id `after`. */
  changes(id: string, after: string, limit: number): Promise<StoredChange[]> {
    return this.database.query(changes, { id, after, limit });
  }

  /** At most `limit` noted problems after position `after`. */
  errors(id: string, after: number, limit: number): Promise<(leadsMessages.ImportError & { position: number })[]> {
    return this.database.query(errors, { id, after, limit });
  }
}

/** The refusal of a file that is too large. */
export function tooLarge(): DomainError {
  return new DomainError('payload_too_large', `A file has at most ${leadsMessages.IMPORT_BYTES / 1024 / 1024} MiB.`);
}

function importOf({ mapping, reading: stored, ...row }: Row): leadsMessages.LeadImport {
  const reading: Partial<FileReading> = storedObject(stored);
  return {
    ...row,
    encoding: reading.encoding ?? null,
    delimiter: reading.delimiter ?? null,
    heading_line: reading.heading_line ?? null,
    identity: reading.identity ?? null,
    mapping: storedMapping.shown(mapping),
    formats: { ...reading.formats },
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}
