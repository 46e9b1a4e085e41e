import pg from 'pg';

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

const CLAIM = (schema: string): string => `
  select org_id, id, type, entity, entity_id, entity_version::float8 as entity_version, request_id, trace, body, created_at
  from ${schema}.outbox where published_at is null order by created_at, id limit $1 for update skip locked`;
const MARK = (schema: string): string => `
  update ${schema}.outbox set published_at = clock_timestamp()
  where (org_id, id) in (select * from unnest($1::uuid[], $2::uuid[]))`;

/** The outbox of one service as its relay sees it: every organization's events, and nothing else. */
export class OutboxDatabase {
  private readonly pool: pg.Pool;

  /** @param url connection of `<schema>_relay` */
  constructor(
    url: string,
    private readonly schema: string,
  ) {
    this.pool = new pg.Pool({ connectionString: url, max: 1, application_name: 'apollo-relay', connectionTimeoutMillis: 5_000, options: '-c search_path=pg_catalog' });
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /**
   * Gives the oldest unpublished events to `publish` and marks those it says are safe. They stay locked meanwhile, so
   * that other relays take the ones after them; a relay that dies leaves them as they were.
   *
   * @returns how many there were, and how many of them are published now
   */
  async handOn(limit: number, publish: (events: readonly OutboxRow[]) => Promise<readonly OutboxRow[]>): Promise<{ found: number; published: number }> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('begin');
      const { rows } = await client.query<OutboxRow>(CLAIM(this.schema), [limit]);
      const published = rows.length > 0 ? await publish(rows) : [];
      if (published.length > 0) await client.query(MARK(this.schema), [published.map(({ org_id }) => org_id), published.map(({ id }) => id)]);
      await client.query('commit');
      return { found: rows.length, published: published.length };
    } catch (error) {
      broken = error as Error;
      throw error;
    } finally {
      // A connection with an open transaction is closed, which rolls it back.
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
