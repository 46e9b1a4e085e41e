import type { billingStarsMessages } from '@apollo/contracts';
import { statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';

/** A transaction with its entries by account, debits above zero. */
export interface TransactionRow {
  readonly seq: string;
  readonly id: string;
  readonly at: Date;
  readonly kind: billingStarsMessages.LedgerTransaction['kind'];
  readonly actor: string;
  readonly agent_id: string | null;
  readonly person_id: string | null;
  readonly run_id: string | null;
  readonly price_version: number;
  readonly idempotency_key: string;
  readonly entries: Record<string, number>;
}

/** What to list; null does not filter. */
export interface LedgerFilter {
  readonly agent: string | null;
  readonly person: string | null;
  readonly run: string | null;
  readonly kind: string | null;
  readonly since: Date | null;
  readonly until: Date | null;
}

const page = statement<TransactionRow, LedgerFilter & { before: string | null; limit: number }>(
  'page of ledger',
  `
  select t.seq, t.id, t.at, t.kind, t.actor, t.agent_id, t.person_id, t.run_id, t.price_version, t.idempotency_key, e.entries
  from billing_stars.ledger_transactions t
  cross join lateral (select jsonb_object_agg(x.account, x.debit - x.credit) as entries
    from billing_stars.ledger_entries x where x.org_id = :org and x.transaction_id = t.id) e
  where t.org_id = :org and t.seq < coalesce(:before::bigint, 9223372036854775807) and (:agent::uuid is null or t.agent_id = :agent)
    and (:kind::text is null or t.kind = :kind) and (:since::timestamptz is null or t.at >= :since) and (:until::timestamptz is null or t.at < :until)
    and (:person::uuid is null or t.person_id = :person) and (:run::uuid is null or t.run_id = :run)
  order by t.seq desc limit :limit`,
);

@Injectable()
export class LedgerRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Newest first, from below `before`. */
  async page(filter: LedgerFilter, before: string | null, limit: number): Promise<TransactionRow[]> {
    return this.database.query(page, { ...filter, before, limit });
  }
}
