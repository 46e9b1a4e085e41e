import { type ErrorCode, ImportFinishedEvent } from '@apollo/contracts';
import { Outbox } from '@apollo/messaging';
import { AuditTrail } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { ClaimRepository } from './claim.repository.js';

/** Why an import ended before its file did. */
export interface ImportFailure {
  readonly code: ErrorCode;
  readonly detail: string | null;
}

/** Ends imports: the row, the audit entry and the event are written together or not at all. */
@Injectable()
export class ImportEnding {
  constructor(
    private readonly database: TenantDatabase,
    private readonly claims: ClaimRepository,
    private readonly audit: AuditTrail,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Does nothing when the claim is no longer ours.
   *
   * @param lease of whoever worked on it; null when nobody did
   * @param failure absent for one that came to its end
   */
  async end(id: string, lease: string | null, failure?: ImportFailure): Promise<void> {
    await this.database.transaction(async () => {
      const status = failure ? 'failed' : 'finished';
      const ended = await this.claims.end({
        id,
        lease,
        status,
        code: failure?.code ?? null,
        detail: failure?.detail?.slice(0, 500) ?? null,
      });
      if (!ended) return;
      const { rows_read: rows, ...counts } = ended;
      await this.audit.done(`leads.import-${status}`, id, failure ? { code: failure.code, rows } : { rows });
      await this.outbox.emit(ImportFinishedEvent, id, { status, ...counts });
    });
  }

  /** Ends the taking back of an import; with `given up` it counts as finished again and may be taken back once more. */
  async endUndo(held: { readonly id: string; readonly lease: string }, how: 'done' | 'given up'): Promise<void> {
    await this.database.transaction(async () => {
      const ended = await this.claims.endUndo(held, how === 'done' ? 'undone' : 'finished');
      if (!ended || how !== 'done') return;
      const { rows_read: rows, ...counts } = ended;
      await this.audit.done('leads.import-undone', held.id, { rows });
      await this.outbox.emit(ImportFinishedEvent, held.id, { status: 'undone', ...counts });
    });
  }
}
