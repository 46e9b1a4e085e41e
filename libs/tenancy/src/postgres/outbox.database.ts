import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { NIL_ID } from '../context/new.id.js';
import { BEGIN, COMMIT, type PipelineStatement, runPipeline } from './pipeline.query.js';
import { pinnedPool, RELAY_SETTINGS } from './session.settings.js';

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

/** For each event of a batch, how many organizations are passed by at most whose events other batches have locked. */
const FURTHER = 10;
/**
 * Round the organizations that wait, from a random one on: each gives its oldest events, at most its share of the
 * batch, so that one with very many does not keep the others waiting. Only what is given back is looked for, and
 * locked. What a later version has written waits for a relay that knows its type. Those to be left out are passed by.
 */
const CLAIM = (schema: string): string => {
  const first = (after: string): string =>
    `(select o.org_id from ${schema}.outbox o where o.published_at is null ${after} order by o.org_id limit 1)`;
  return `
  with recursive waiting (org_id, beginning, nth) as (
    select f.org_id, f.org_id, 1 from (select coalesce(${first('and o.org_id >= $3')}, ${first('')}) as org_id) f where f.org_id is not null
    union all
    select n.org_id, w.beginning, w.nth + 1 from waiting w
      cross join lateral (select coalesce(${first('and o.org_id > w.org_id')}, ${first('')}) as org_id) n
      where n.org_id <> w.beginning and w.nth < $1 * ${FURTHER})
  select e.org_id, e.id, e.type, e.entity, e.entity_id, e.entity_version::float8 as entity_version, e.request_id, e.trace, e.body, e.created_at
  from waiting w cross join lateral (select * from ${schema}.outbox o where o.org_id = w.org_id and o.published_at is null and o.type = any($4)
    order by o.created_at, o.id limit $2 for update skip locked) e where w.org_id <> all($5::uuid[]) limit $1`;
};
const MARK = (schema: string): string => `
  update ${schema}.outbox o set published_at = clock_timestamp(), refused = m.refused
  from unnest($1::uuid[], $2::uuid[], $3::text[]) as m (org_id, id, refused) where o.org_id = m.org_id and o.id = m.id`;

/** Which events are handed on. */
export interface Wanted {
  /** So many at most. */
  readonly limit: number;
  /** Of types that are known here; those of others wait for a relay that knows them. */
  readonly types: readonly string[];
  /** Of no organization of these; default none. */
  readonly without?: readonly string[];
}

/** What became of an event that was handed on. */
export interface HandedOn {
  readonly event: OutboxRow;
  /** Why it can never be published; it is not tried again. Absent when it is safe with the bus. */
  readonly refused?: string;
}

/** Of a batch, what one organization may fill while others wait: a tenth of it. */
const SHARES = 10;

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

/** An event younger than this may well be on its way. */
const SETTLED = "interval '2 seconds'";
/**
 * The horizon is the oldest transaction that may still write here: what is written in it or a later one is told again
 * next time. Materialized, so that it is asked for once and not for each row.
 */
const HEADS = (schema: string): string => `
  with s as materialized (select least(tenancy.settled_before(),
    (select min(y.written_in) from ${schema}.outbox y where y.created_at > now() - ${SETTLED} and y.written_in >= $1::bigint)) as horizon)
  select s.horizon::text, o.org_id, o.id, o.entity, o.entity_id, o.entity_version::float8 as entity_version, o.written_in::text
  from s
  left join lateral (
    select * from ${schema}.outbox x where (x.written_in, x.id) > ($1::bigint, $2::uuid) and x.written_in < s.horizon order by x.written_in, x.id limit $3) o on true`;

/** Two batches under way, and one that says whether the database serves. */
const CONNECTIONS = 3;
/** For those who ask what was written: however much they ask, they wait for each other alone. */
const ASKED_CONNECTIONS = 1;

/** The outbox of one service as its relay sees it: every organization's events, and nothing else. */
export class OutboxDatabase {
  private readonly pool: pg.Pool;
  private readonly asked: pg.Pool;
  /** Whether more may wait than fit into a batch. */
  private crowded = false;

  /** @param url connection of `<schema>_relay` */
  constructor(
    url: string,
    private readonly schema: string,
  ) {
    const pool = { url, name: 'apollo-relay', settings: RELAY_SETTINGS };
    this.pool = pinnedPool({ ...pool, max: CONNECTIONS });
    this.asked = pinnedPool({ ...pool, max: ASKED_CONNECTIONS });
  }

  /**
   * Gives the oldest unpublished events to `publish` and marks those that are done with. They stay locked meanwhile, so
   * that other relays take the ones after them; a relay that dies leaves them as they were. After a full batch the next
   * one is shared among the organizations that wait.
   *
   * @param publish is told whether there may be more; what it does not give back stays as it is
   * @returns how many there were, how many of them are done with now, and how many of these are published
   */
  async handOn(
    { limit, types, without = [] }: Wanted,
    publish: (events: readonly OutboxRow[], more: boolean) => Promise<readonly HandedOn[]>,
  ): Promise<{ found: number; done: number; published: number }> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    const shared = this.crowded;
    try {
      const claim: PipelineStatement = {
        text: CLAIM(this.schema),
        values: [limit, shared ? Math.ceil(limit / SHARES) : limit, randomUUID(), types, without],
        prepare: true,
      };
      const [, claimed] = await runPipeline(client, [BEGIN, claim], 'T');
      const rows = (claimed?.rows ?? []) as unknown as OutboxRow[];
      // A shared one leaves what exceeds the shares.
      const more = rows.length === limit || shared;
      this.crowded = rows.length === limit && !shared;
      const done = rows.length > 0 ? await publish(rows, more) : [];
      const mark: PipelineStatement = {
        text: MARK(this.schema),
        values: [
          done.map(({ event }) => event.org_id),
          done.map(({ event }) => event.id),
          done.map(({ refused }) => refused ?? null),
        ],
        prepare: true,
        unread: true,
      };
      await runPipeline(client, done.length > 0 ? [mark, COMMIT] : [COMMIT], 'I');
      return {
        found: rows.length,
        done: done.length,
        published: done.filter(({ refused }) => refused === undefined).length,
      };
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
   * @param entities kinds of entity that are told of; null for all
   * @param limit events that are looked at, whatever they are of: a look takes no longer for what nobody asks for
   * @returns at most `limit` heads, the mark to go on with, and whether that was all
   */
  async heads(
    mark: string | null,
    entities: readonly string[] | null,
    limit: number,
  ): Promise<{ mark: string; heads: OutboxHead[]; complete: boolean }> {
    const [transaction = '0', id = NIL_ID] = (mark ?? '0').split('.');
    const { rows } = await this.asked.query<HeadRow>(HEADS(this.schema), [transaction, id, limit]);
    const found = rows.filter((row) => row.id !== null);
    const last = found.at(-1);
    const complete = found.length < limit;
    const told = entities ? found.filter(({ entity }) => entities.includes(entity)) : found;
    // All of the transactions before the horizon have been told.
    const next = complete || !last ? (rows[0]?.horizon ?? transaction) : `${last.written_in}.${last.id}`;
    return {
      mark: next,
      heads: told.map(({ org_id, entity, entity_id, entity_version }) => ({
        org_id,
        entity,
        entity_id,
        entity_version,
      })),
      complete,
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.end(), this.asked.end()]);
  }
}
