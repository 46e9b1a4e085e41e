import { statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import type { PastHold } from './cap.simulation.js';

/** Holds of one page. */
const PAGE = 5_000;

interface HoldRow {
  readonly id: string;
  readonly at: Date;
  readonly exactly: string;
  readonly period: string;
  readonly day: string;
  readonly agent_id: string;
  readonly person_id: string | null;
  readonly run_id: string;
  readonly stars: string;
  readonly settled: string;
  readonly state: string;
  readonly ended_at: Date | null;
}

const page = statement<
  HoldRow,
  { since: Date; until: Date; after: string | null; after_id: string | null; limit: number }
>(
  'page of past holds',
  `
  select h.id, h.created_at as at, h.created_at::text as exactly, h.period::text as period, h.day::text as day, h.agent_id, h.person_id, h.run_id, h.stars, h.settled, h.state, h.ended_at
  from billing_stars.wallets w
  join billing_stars.holds h on h.org_id = :org and h.period >= date_trunc('month', :since::timestamptz at time zone w.time_zone)::date
    and h.created_at >= (date_trunc('month', :since::timestamptz at time zone w.time_zone) - interval '1 day') at time zone w.time_zone and h.created_at < :until
    and (h.created_at, h.id) > (coalesce(:after::timestamptz, '-infinity'), coalesce(:after_id::uuid, '00000000-0000-0000-0000-000000000000'))
  where w.org_id = :org and w.id = :org order by h.created_at, h.id limit :limit`,
);

/** Past reservations, read page by page so that no statement and no answer grows with the range. */
@Injectable()
export class SimulationRepository {
  constructor(private readonly database: TenantDatabase) {}

  /**
   * Reservations made before `until`, oldest first, from the beginning of the month of `since` on.
   *
   * @param limit most of them
   * @param deadline moment of `performance.now()` after which no further page is read
   * @returns them, and whether there are no more
   */
  async past(
    since: Date,
    until: Date,
    limit: number,
    deadline: number,
    pageSize = PAGE,
  ): Promise<{ holds: PastHold[]; complete: boolean }> {
    const holds: PastHold[] = [];
    let last: HoldRow | undefined;
    while (holds.length < limit && performance.now() < deadline) {
      const rows: HoldRow[] = await this.database.query(page, {
        since,
        until,
        after: last?.exactly ?? null,
        after_id: last?.id ?? null,
        limit: Math.min(pageSize, limit - holds.length),
      });
      holds.push(...rows.map(pastOf));
      if (rows.length < pageSize && holds.length < limit) return { holds, complete: true };
      last = rows.at(-1);
    }
    return { holds, complete: false };
  }
}

function pastOf(row: HoldRow): PastHold {
  return {
    at: row.at.getTime(),
    period: row.period,
    day: row.day,
    agent: row.agent_id,
    person: row.person_id,
    run: row.run_id,
    stars: Number(row.stars),
    settled: row.state === 'open' ? null : Number(row.settled),
    endedAt: row.ended_at?.getTime() ?? null,
  };
}
