import type { billingStarsMessages } from '@apollo/contracts';
import { statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';

/** A threshold that was reached; sums are bigint texts. */
export interface WarningRow {
  readonly layer: billingStarsMessages.PastWarning['layer'];
  readonly agent_id: string | null;
  readonly person_id: string | null;
  readonly starts: string;
  readonly threshold: number;
  readonly stars: string;
  readonly used: string;
  readonly at: Date;
}

/** Warnings of one answer. */
export const WARNINGS_SHOWN = 50;

const running = statement<WarningRow, { limit: number }>(
  'warnings of the running period',
  `
  select x.layer, x.agent_id, x.person_id, x.starts::text as starts, x.threshold, x.stars, x.used, x.at
  from billing_stars.wallets w
  cross join lateral (select greatest(w.day, (billing_stars.clock() at time zone w.time_zone)::date) as today) n
  join billing_stars.warnings x on x.org_id = :org
  left join billing_stars.cap_layers() l on l.layer = x.layer
  where x.starts = case when l.of_day then n.today else date_trunc('month', n.today::timestamp)::date end and w.org_id = :org and w.id = :org order by x.at desc, x.threshold desc limit :limit`,
);

@Injectable()
export class WarningRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** What was warned of in the running month and on this day, newest first. */
  async running(): Promise<WarningRow[]> {
    return this.database.query(running, { limit: WARNINGS_SHOWN });
  }
}
