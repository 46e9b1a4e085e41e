import { ImportFinishedEvent } from '@apollo/contracts';
import { Outbox } from '@apollo/messaging';
import { AuditTrail } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Jobs } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { WorkRepository } from './work.repository.js';

/** Why an import ended before its file did. */
export interface ImportFailure {
  /** An error code of the catalog. */
  readonly code: string;
  readonly detail: string | null;
}

const CHARACTERS = 500;

/** Ends imports: the row, the audit entry and the event are written together or not at all. */
@Injectable()
export class ImportEnding {
  constructor(
    private readonly database: TenantDatabase,
    private readonly imports: WorkRepository,
    private readonly jobs: Jobs,
    private readonly audit: AuditTrail,
    private readonly outbox: Outbox,
  ) {}

  /** Does nothing when the import has ended. @param failure absent for one that came to its end */
  async end(id: string, failure?: ImportFailure): Promise<void> {
    await this.database.transaction(async () => {
      const status = failure ? 'failed' : 'finished';
      const code = failure?.code ?? null;
      const ended = await this.imports.end({ id, status, code, detail: failure?.detail?.slice(0, CHARACTERS) ?? null });
      if (!ended) return;
      const { rows_read: rows, ...counts } = ended;
      await this.audit.done(`leads.import-${status}`, id, failure ? { code: failure.code, rows } : { rows });
      await this.outbox.emit(ImportFinishedEvent, id, { status, ...counts });
    });
  }

  /** Ends an import whose file is not to be worked on. */
  async giveUp(id: string, failure: ImportFailure): Promise<void> {
    await this.database.transaction(async () => {
      await this.end(id, failure);
      await this.jobs.cancel(id);
    });
  }

  /** Ends the taking back of an import; with `given up` it counts as finished again and may be taken back once more. */
  async endUndo(id: string, how: 'done' | 'given up'): Promise<void> {
    await this.database.transaction(async () => {
      const ended = await this.imports.endUndo(id, how === 'done' ? 'undone' : 'finished');
      if (!ended || how !== 'done') return;
      const { rows_read: rows, ...counts } = ended;
      await this.audit.done('leads.import-undone', id, { rows });
      await this.outbox.emit(ImportFinishedEvent, id, { status: 'undone', ...counts });
    });
  }

  /** Has an import rest where it stands, until somebody continues it. One whose file never arrived has failed. */
  async stop(id: string, { code, detail }: ImportFailure): Promise<void> {
    await this.database.transaction(async () => {
      const stopped = await this.imports.stop(id, code, detail?.slice(0, CHARACTERS) ?? null);
      if (!stopped) return this.end(id, { code, detail });
      await this.audit.done('leads.import-stopped', id, { code, rows: stopped.rows_read });
    });
  }
}
