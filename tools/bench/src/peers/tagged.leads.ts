import { newId, type TenantContext } from '@apollo/tenancy';
import { TagSigner } from '@apollo/tenancy/postgres';
import pg from 'pg';
import type { PeerConfig } from './config.js';

/** As many connections as a service of ours has. */
const POOL_SIZE = 10;

const COLUMNS = `id, pipeline_id, stage_id, contact_name, company, email, phone, site, city, state, country, owner_id, value_minor, tags,
  custom_fields, external_id, created_at, updated_at, version`;

const SQL = {
  begin: { name: 'begin', text: 'begin' },
  tag: { name: 'tag', text: 'select tenancy.carry($1)' },
  newest: {
    name: 'newest',
    text: `select ${COLUMNS} from leads.leads where org_id = $1 order by created_at desc, id desc limit 20`,
  },
  entry: {
    name: 'entry',
    text: `select p.id as pipeline_id, s.id as stage_id from leads.pipelines p
      join leads.stages s on s.org_id = $1 and s.pipeline_id = p.id and s.is_default where p.org_id = $1 and p.is_default`,
  },
  lead: {
    name: 'lead',
    text: `insert into leads.leads (org_id, id, pipeline_id, stage_id, contact_name, company, email, value_minor, tags, created_at, updated_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) returning ${COLUMNS}`,
  },
  activity: {
    name: 'activity',
    text: `insert into leads.activities (org_id, id, lead_id, kind, actor, at, detail) values ($1, $2, $3, 'created', $4, $5, '{}')`,
  },
  audit: { name: 'audit', text: `select leads.append_audit($1, $2, 'leads.create-lead.v1', 'done', $3, '{}', $4)` },
  command: {
    name: 'command',
    text: `insert into leads.org_commands (org_id, id, actor, message_type, idempotency_key, request_hash, reply) values ($1, $2, $3, 'leads.create-lead.v1', $4, $5, $6)`,
  },
  commit: { name: 'commit', text: 'commit' },
} as const;

/** What the load generator sends for a new lead. */
export interface NewLead {
  readonly contact_name: string;
  readonly company: string;
  readonly email: string;
  readonly value_minor: number;
  readonly tags: string[];
}

pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * The leads of an organization as one would write them by hand with pg: a pool, prepared statements, one tagged
 * transaction per request. Each statement is awaited before the next is sent, as pg's documentation shows it.
 */
export class TaggedLeads {
  private readonly signer: TagSigner;
  private readonly pool: pg.Pool;

  constructor(config: PeerConfig) {
    this.signer = new TagSigner(config.tagKey);
    this.pool = new pg.Pool({
      connectionString: config.databaseUrl,
      max: POOL_SIZE,
      options: '-c search_path=pg_catalog',
    });
  }

  /** The 20 newest leads. */
  async newest(org: string): Promise<object> {
    return this.transaction(org, org, async (client) => ({
      items: (await client.query(SQL.newest, [org])).rows as object[],
      next_cursor: null,
    }));
  }

  /** A new lead with its activity, audit entry and idempotency row. */
  async create(org: string, actor: string, idempotencyKey: string, lead: NewLead): Promise<object> {
    return this.transaction(org, actor, async (client) => {
      const {
        rows: [entry],
      } = await client.query<{ pipeline_id: string; stage_id: string }>(SQL.entry, [org]);
      const [id, now] = [newId(), new Date()];
      const {
        rows: [created],
      } = await client.query(SQL.lead, [
        org,
        id,
        entry?.pipeline_id,
        entry?.stage_id,
        lead.contact_name,
        lead.company,
        lead.email,
        lead.value_minor,
        lead.tags,
        now,
      ]);
      await client.query(SQL.activity, [org, newId(), id, actor, now]);
      await client.query(SQL.audit, [newId(), actor, id, idempotencyKey]);
      await client.query(SQL.command, [org, newId(), actor, idempotencyKey, 'hash', JSON.stringify(created)]);
      return created as object;
    });
  }

  private async transaction<T>(org: string, actor: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      await client.query(SQL.begin);
      await client.query(SQL.tag, [this.signer.sign(contextOf(org, actor), Date.now())]);
      const result = await work(client);
      await client.query(SQL.commit);
      client.release();
      return result;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}

/** What a tag is made of. */
export function contextOf(org: string, actor: string): TenantContext {
  return { scope: 'org', orgId: org, actor, role: 'member', requestId: '-' };
}
