import { currentTenant, newId } from '@apollo/tenancy';
import { call, functionCall, type Statement, statement, type TenantDatabase } from '@apollo/tenancy/postgres';
import { type orgsMessages } from '@apollo/contracts';
import type { CursorCodec } from '../lists/cursor.codec.js';

interface Entry {
  readonly id: string;
  readonly by: string;
  readonly action: string;
  readonly outcome: 'done' | 'denied';
  readonly subject: string | null;
  readonly detail: string;
  readonly request: string;
}

interface Row {
  seq: string;
  at: Date;
  actor: string;
  action: string;
  outcome: Entry['outcome'];
  subject: string | null;
  detail: Record<string, unknown>;
  request_id: string;
  hash: string;
}

/** Writes and lists one service's audit log of the acting organization. */
export class AuditTrail {
  private readonly append: Statement<object, Entry>;
  private readonly page: Statement<
    Row,
    { before: string | null; action: string | null; by: string | null; outcome: string | null; limit: number }
  >;

  constructor(
    private readonly database: TenantDatabase,
    private readonly cursors: CursorCodec,
    schema: string,
  ) {
    this.append = functionCall(
      `${schema} append audit`,
      `select ${schema}.append_audit(:id, :by, :action, :outcome, :subject, :detail, :request)`,
    );
    this.page = statement(
      `${schema} audit page`,
      `select seq, at, actor, action, outcome, subject, detail, request_id, hash from ${schema}.audit_entries
       where org_id = :org and seq < coalesce(:before::bigint, 9223372036854775807) and (:action::text is null or action = :action)
         and (:by::text is null or actor = :by) and (:outcome::text is null or outcome = :outcome)
       order by seq desc limit :limit`,
    );
  }

  /** Records a change with the transaction it belongs to: both are there or neither. Call inside a transaction. */
  async done(action: string, subject: string | null, detail: Record<string, unknown> = {}): Promise<void> {
    await this.database.transaction(async (transaction) =>
      transaction.defer(this.append, entry(action, 'done', subject, detail)),
    );
  }

  /** Records a refused attempt in a transaction of its own, after the attempt's was rolled back. */
  async denied(action: string, subject: string | null, detail: Record<string, unknown> = {}): Promise<void> {
    await this.database.batch([call(this.append, entry(action, 'denied', subject, detail))]);
  }

  /** A page of the log, newest first; without `everybody`, the acting person's own entries only. */
  async list(request: orgsMessages.AuditLogRequest, everybody: boolean): Promise<orgsMessages.AuditLog> {
    const by = everybody ? (request.actor_id ?? null) : currentTenant().actor;
    const filter = { action: request.action ?? null, by, outcome: request.outcome ?? null };
    const read = async (after: { seq: string } | undefined, limit: number): Promise<orgsMessages.AuditEntry[]> => {
      const rows = await this.database.query(this.page, { ...filter, before: after?.seq ?? null, limit });
      return rows.map((row) => ({ ...row, ...toldDetail(row), seq: Number(row.seq), at: row.at.toISOString() }));
    };
    return this.cursors.page('audit', request, read, ({ seq }) => ({ seq: String(seq) }));
  }
}

/** Whoever acted for the actor is told of beside what was done. */
function toldDetail({ detail: { via, ...detail } }: Row): Pick<orgsMessages.AuditEntry, 'detail' | 'via'> {
  return via === undefined ? { detail } : { detail, via: via as orgsMessages.Via };
}

/**
 * What is written down of the acting person, and of whoever acts for them by a grant: no caller leaves that out or
 * makes it up.
 */
function entry(
  action: string,
  outcome: Entry['outcome'],
  subject: string | null,
  detail: Record<string, unknown>,
): Entry {
  const { actor, requestId, delegation } = currentTenant();
  const via = delegation && { service: delegation.service, run: delegation.run, as: delegation.as };
  return {
    id: newId(),
    by: actor,
    action,
    outcome,
    subject,
    detail: JSON.stringify({ ...detail, via }),
    request: requestId.slice(0, 64),
  };
}
