import { functionCall, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import type { CapSubject } from './cap.repository.js';
import type { End, Meter, PastHold } from './cap.simulation.js';

/** Holds of one page. */
const PAGE = 5_000;

interface HoldRow {
  readonly id: string;
  /** Milliseconds since the epoch, with fractions: a busy wallet has many changes in one of them. */
  readonly at: number;
  readonly exactly: string;
  readonly agent_id: string;
  readonly person_id: string | null;
  readonly run_id: string;
  readonly stars: string;
  readonly settled: string;
  readonly overrun: string;
  readonly ended: number | null;
  readonly expired: number;
  readonly given_back: number | null;
  readonly meters: Meter[];
}

const milliseconds = (instant: string): string => `(extract(epoch from ${instant}) * 1000)::float8`;

// The layers are asked for the rows of a page alone.
const page = statement<
  HoldRow,
  { since: Date; until: Date; after: string | null; after_id: string | null; limit: number }
>(
  'page of past holds',
  `
  select p.id, ${milliseconds('p.created_at')} as at, p.created_at::text as exactly, p.agent_id, p.person_id, p.run_id, p.stars, p.settled, p.overrun,
    ${milliseconds('p.ended_at')} as ended, ${milliseconds('p.expires_at')} as expired, ${milliseconds('p.given_back_at')} as given_back,
    (select json_agg(json_build_array(l.layer, l.subject, l.starts) order by l.place) from billing_stars.layers_of(p.agent_id, p.person_id, p.period, p.day) l) as meters
  from (
    select h.*
    from billing_stars.wallets w
    join billing_stars.holds h on h.org_id = :org and h.period >= date_trunc('month', :since::timestamptz at time zone w.time_zone)::date
      and h.created_at >= (date_trunc('month', :since::timestamptz at time zone w.time_zone) - interval '1 day') at time zone w.time_zone and h.created_at < :until
      and (h.created_at, h.id) > (coalesce(:after::timestamptz, '-infinity'), coalesce(:after_id::uuid, '00000000-0000-0000-0000-000000000000'))
    where w.org_id = :org and w.id = :org order by h.created_at, h.id limit :limit
  ) p order by p.created_at, p.id`,
);
const subjects = functionCall<
  { subjects: string[] },
  { layers: string[]; agents: (string | null)[]; persons: (string | null)[] }
>('subjects of caps', 'select billing_stars.cap_subjects(:layers, :agents, :persons) as subjects');

/** Past reservations, read page by page so that no statement and no answer grows with the range. */
@Injectable()
export class SimulationRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** For whom each of the caps is, in their order, as reservations count: see `Meter`. */
  async subjects(caps: readonly CapSubject[]): Promise<string[]> {
    const [row] = await this.database.query(subjects, {
      layers: caps.map(({ layer }) => layer),
      agents: caps.map(({ agent }) => agent),
      persons: caps.map(({ person }) => person),
    });
    return row?.subjects ?? [];
  }

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
    at: row.at,
    meters: row.meters,
    agent: row.agent_id,
    person: row.person_id,
    run: row.run_id,
    stars: Number(row.stars),
    ends: endsOf(row),
  };
}

/**
 * What was charged after the end is an overrun, all of it. Rows of releases before do not say when that end was: it was
 * given back by when it would have expired.
 */
function endsOf({ stars, settled, overrun, ended, expired, given_back }: HoldRow): End[] {
  if (ended === null) return [];
  const isLate = settled !== '0' && overrun === settled;
  if (!isLate) return [{ at: ended, freed: Number(stars) - Number(settled) }];
  return [
    { at: given_back ?? Math.min(expired, ended), freed: Number(stars) },
    { at: ended, freed: -Number(settled) },
  ];
}
