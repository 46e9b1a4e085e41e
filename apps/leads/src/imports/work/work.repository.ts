import { call, deletion, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { type Claim, Jobs } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import type { FileReading, KeptSettings } from '../import.repository.js';

/** An import as it is worked on. */
export interface WorkedImport {
  readonly id: string;
  readonly status: string;
  readonly rows_undone: number;
  readonly mapping: unknown;
  readonly settings: KeptSettings;
  readonly reading: FileReading;
  readonly default_contact_name: string | null;
  readonly value_decimals: number;
  readonly pipeline_id: string;
  readonly rows_total: number | null;
  readonly rows_read: number;
  readonly errors_noted: number;
  readonly created_at: Date;
  /** Seconds since it was started. */
  readonly age: number;
}

/** An import that this process, and nobody else, works on. */
export type ClaimedImport = WorkedImport & Claim;

/** How far an import came. */
export interface ImportCounts {
  readonly rows_read: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: number;
}

const COUNTS = 'rows_read, created, updated, unchanged, refused';

const find = statement<WorkedImport, { id: string }>(
  'import to work on',
  `
  select i.id, i.status, i.rows_undone, i.mapping, i.settings, i.reading, i.default_contact_name, i.value_decimals, i.pipeline_id, i.rows_total, i.rows_read,
    i.errors_noted, i.created_at, extract(epoch from now() - i.created_at)::float8 as age
  from leads.imports i where i.org_id = :org and i.id = :id`,
);
const status = statement<{ status: string }, { id: string }>(
  'lock status of import',
  'select status from leads.imports where org_id = :org and id = :id for update',
);
const found = statement<object, { id: string; rows_total: number; reading: string }>(
  'look through import',
  'update leads.imports set rows_total = :rows_total::int, reading = :reading::jsonb where org_id = :org and id = :id',
);
const end = statement<ImportCounts, { id: string; status: string; code: string | null; detail: string | null }>(
  'end import',
  `
  update leads.imports set status = :status, error_code = :code, error_detail = :detail, finished_at = now()
  where org_id = :org and id = :id and status in ('receiving', 'running') returning ${COUNTS}`,
);
const endUndo = statement<ImportCounts, { id: string; status: string }>(
  'end undo of import',
  `update leads.imports set status = :status where org_id = :org and id = :id and status = 'undoing' returning ${COUNTS}`,
);
const stop = statement<ImportCounts, { id: string; code: string; detail: string | null }>(
  'stop import',
  `
  update leads.imports set status = 'stopped', error_code = :code, error_detail = :detail
  where org_id = :org and id = :id and status in ('running', 'undoing') returning ${COUNTS}`,
);
const dropChunks = statement<object, { id: string }>(
  'drop import chunks',
  deletion('leads.import_chunks', 'org_id = :org and import_id = :id'),
);

/** Imports as those who work on them see them: what there is to do, and how it ends. */
@Injectable()
export class WorkRepository {
  constructor(
    private readonly database: TenantDatabase,
    private readonly jobs: Jobs,
  ) {}

  async find(id: string): Promise<WorkedImport | undefined> {
    const [row] = await this.database.query(find, { id });
    return row;
  }

  /** The status, which nobody else changes until the transaction ends. */
  async lock(id: string): Promise<string | undefined> {
    const [row] = await this.database.query(status, { id });
    return row?.status;
  }

  /** Writes down what was found out about the file. False when the claim is no longer ours. */
  async found(claim: Claim, { rows_total, reading }: { rows_total: number; reading: FileReading }): Promise<boolean> {
    return this.database.transaction(async () => {
      const [[kept]] = await this.database.batch([this.jobs.cameOn(claim)]);
      if (!kept?.alive) return false;
      await this.database.query(found, { id: claim.id, rows_total, reading: JSON.stringify(reading) });
      return true;
    });
  }

  /** Ends an import for good and forgets its file. Undefined when it has ended already. */
  async end(ended: {
    id: string;
    status: 'finished' | 'failed';
    code: string | null;
    detail: string | null;
  }): Promise<ImportCounts | undefined> {
    const [row] = await this.database.query(end, ended);
    if (row) await this.database.batch([call(dropChunks, { id: ended.id })]);
    return row;
  }

  /** Ends the taking back of an import: `undone`, or `finished` again. Undefined when it is not taken back. */
  async endUndo(id: string, status: 'undone' | 'finished'): Promise<ImportCounts | undefined> {
    const [row] = await this.database.query(endUndo, { id, status });
    return row;
  }

  /** Has an import, or its taking back, rest where it stands. Undefined when it does not go on. */
  async stop(id: string, code: string, detail: string | null): Promise<ImportCounts | undefined> {
    const [row] = await this.database.query(stop, { id, code, detail });
    return row;
  }
}
