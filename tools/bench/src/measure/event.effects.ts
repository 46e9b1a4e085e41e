import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { percentile } from './statistics.js';

const POLL_MS = 500;
/** Milliseconds in which not a single effect is committed, after which one is missed. */
const PATIENCE_MS = 20_000;

/** Commit times of events and of their effects, as PostgreSQL remembers them. */
const COMMITS = `
  select extract(epoch from pg_xact_commit_timestamp((o.written_in % 4294967296)::text::xid)) * 1000 as told, extract(epoch from pg_xact_commit_timestamp(i.xmin)) * 1000 as effected
  from orgs.outbox o left join billing_stars.inbox i on i.org_id = o.org_id and i.source = 'orgs' and i.entity = o.entity and i.entity_id = o.entity_id and i.version = o.entity_version
  where o.org_id = any ($1) and o.created_at >= $2`;
/** Each effect raises its organization's version by one, in its own transaction. */
const EFFECTS = `select coalesce(sum(version), 0)::float8 as effects from billing_stars.inbox where source = 'orgs' and org_id = any ($1)`;

/** What became of the events told since a moment. */
export interface Effects {
  readonly events: number;
  /** From the first event's commit to the last effect's, in milliseconds. */
  readonly spanMs: number;
  /** From an event's commit to its effect's; of events with a later one of the same organization nothing is known. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Looks at the databases of orgs and billing-stars from outside. */
export class EventEffects {
  constructor(
    private readonly admin: pg.Client,
    private readonly orgs: readonly string[],
  ) {}

  /** Effects there are so far. */
  async count(): Promise<number> {
    return Number((await this.admin.query(EFFECTS, [this.orgs])).rows[0].effects);
  }

  async now(): Promise<Date> {
    return (await this.admin.query('select clock_timestamp() as now')).rows[0].now as Date;
  }

  /** Waits until there are `effects`. @throws Error when they do not come */
  async until(effects: number): Promise<void> {
    let last = -1;
    for (let waited = 0; ; waited += POLL_MS) {
      const there = await this.count();
      if (there > effects) throw new Error(`${there} effects of ${effects} events`);
      if (there === effects) return;
      if (waited > PATIENCE_MS) throw new Error(`${effects - there} effects are missing`);
      if (there > last) waited = 0;
      last = there;
      await delay(POLL_MS);
    }
  }

  async since(moment: Date): Promise<Effects> {
    const { rows } = await this.admin.query<{ told: string; effected: string | null }>(COMMITS, [this.orgs, moment]);
    const known = rows.flatMap(({ told, effected }) =>
      effected === null ? [] : [{ told: Number(told), effected: Number(effected) }],
    );
    const delays = known.map(({ told, effected }) => effected - told).sort((a, b) => a - b);
    const first = rows.reduce((earliest, { told }) => Math.min(earliest, Number(told)), Infinity);
    const last = known.reduce((latest, { effected }) => Math.max(latest, effected), -Infinity);
    return { events: rows.length, spanMs: last - first, p50Ms: percentile(delays, 50), p99Ms: percentile(delays, 99) };
  }
}
