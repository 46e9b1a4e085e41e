import pg from 'pg';
import { type PipelineStatement, runPipeline } from './pipeline.query.js';

/** An event as it was written down. */
export interface OutboxRow {
  readonly org_id: string;
  /** The message's id. */
  readonly id: string;
  readonly type: string;
  readonly entity: string;
  readonly entity_id: string;
  /** Counts 1, 2, 3 … for each entity. */
  readonly entity_version: number;
  readonly request_id: string;
  readonly trace: string | null;
  /** The payload, JSON. */
  readonly body: string;
  readonly created_at: Date;
}

const BEGIN: PipelineStatement = { text: 'begin', prepare: true, unread: true };
const COMMIT: PipelineStatement = { text: 'commit', prepare: true, unread: true };
const CLAIM = (schema: string): string => `
  select org_id, id, type, entity, entity_id, entity_version::float8 as entity_version, request_id, trace, body, created_at
  from ${schema}.outbox where published_at is null order by created_at, id limit $1 for update skip locked`;
const MARK = (schema: string): string => `
  update ${schema}.outbox set published_at = clock_timestamp()
  where (org_id, id) in (select * from unnest($1::uuid[], $2::uuid[]))`;

/** That an event was written. */
export interface OutboxHead {
  readonly org_id: string;
  readonly entity: string;
  readonly entity_id: string;
  readonly entity_version: number;
}

interface HeadRow extends OutboxHead {
  readonly id: string;
  readonly written_in: string;
  readonly horizon: string;
}

const NO_ID = '00000000-0000-0000-0000-000000000000';
/** An event younger than this may well be on its way. */
const SETTLED = "interval '2 seconds'";
/** The horizon is the oldest transaction that is open: what is written in it or a later one is told again next time. */
const HEADS = (schema: string): string => `
  select s.horizon::text, o.org_id, o.id, o.entity, o.entity_id, o.entity_version::float8 as entity_version, o.written_in::text
  from (select least(pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
      (select min(y.written_in) from ${schema}.outbox y where y.created_at > now() - ${SETTLED} and y.written_in >= $1::bigint)) as horizon) s
  left join lateral (
    select * from ${schema}.outbox x where (x.written_in, x.id) > ($1::bigint, $2::uuid) and x.written_in < s.horizon order by x.written_in, x.id limit $3) o on true`;

/**
 * Everything is read in the order of an index. Without statistics the planner would rather collect a bitmap and sort it,
 * and a bitmap scan meets the entries of all that was published since the last vacuum again at every turn; an index scan
 * marks them as dead.
 */
const SETTINGS = Object.entries({ search_path: 'pg_catalog', enable_bitmapscan: 'off', enable_sort: 'off' })
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ');

/** Two batches under way, and one for those who ask what was written. */
const CONNECTIONS = 3;

/** The outbox of one service as its relay sees it: every organization's events, and nothing else. */
export class OutboxDatabase {
  private readonly pool: pg.Pool;

  /** @param url connection of `<schema>_relay` */
  constructor(
    url: string,
    private readonly schema: string,
  ) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: CONNECTIONS,
      application_name: 'apollo-relay',
      connectionTimeoutMillis: 5_000,
      options: SETTINGS,
    });
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /**
   * Gives the oldest unpublished events to `publish` and marks those it says are safe. They stay locked meanwhile, so
   * that other relays take the ones after them; a relay that dies leaves them as they were.
   *
   * @returns how many there were, and how many of them are published now
   */
  async handOn(
    limit: number,
    publish: (events: readonly OutboxRow[]) => Promise<readonly OutboxRow[]>,
  ): Promise<{ found: number; published: number }> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      const [, claimed] = await runPipeline(client, [
        BEGIN,
        { text: CLAIM(this.schema), values: [limit], prepare: true },
      ]);
      const rows = (claimed?.rows ?? []) as unknown as OutboxRow[];
      const published = rows.length > 0 ? await publish(rows) : [];
      const mark: PipelineStatement = {
        text: MARK(this.schema),
        values: [published.map(({ org_id }) => org_id), published.map(({ id }) => id)],
        prepare: true,
        unread: true,
      };
      await runPipeline(client, published.length > 0 ? [mark, COMMIT] : [COMMIT]);
      return { found: rows.length, published: published.length };
    } catch (error) {
      broken = error as Error;
      throw error;
    } finally {
      // A connection with an open transaction is closed, which rolls it back.
      client.release(broken);
    }
  }

  /** Resolves when Postgres answers and lets the relay read; for readiness. */
  async ping(): Promise<void> {
    await this.pool.query(`select from ${this.schema}.outbox limit 0`);
  }

  /**
   * Which events were written after `mark`, oldest first, the youngest seconds left out.
   *
   * @returns at most `limit` heads, the mark to go on with, and whether that was all
   */
  async heads(mark: string | null, limit: number): Promise<{ mark: string; heads: OutboxHead[]; complete: boolean }> {
    const [transaction = '0', id = NO_ID] = (mark ?? '0').split('.');
    const { rows } = await this.pool.query<HeadRow>(HEADS(this.schema), [transaction, id, limit]);
    const found = rows.filter((row) => row.id !== null);
    const last = found.at(-1);
    const complete = found.length < limit;
    // All of the transactions before the horizon have been told.
    const next = complete || !last ? (rows[0]?.horizon ?? transaction) : `${last.written_in}.${last.id}`;
    return {
      mark: next,
      heads: found.map(({ org_id, entity, entity_id, entity_version }) => ({
        org_id,
        entity,
        entity_id,
        entity_version,
      })),
      complete,
    };
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
