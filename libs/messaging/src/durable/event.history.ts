import type { historyMessages } from '@apollo/contracts';
import { type OutboxDatabase, type Statement, statement, type TenantDatabase } from '@apollo/tenancy/postgres';

/** Heads of one answer; see `EventHeads`. */
const HEADS = 1_000;
/** Events of one answer; see `EntityEvents`. */
const EVENTS = 20;

interface WrittenRow { id: string; type: string; entity_version: number; request_id: string; trace: string | null; body: string; created_at: Date }

/** Answers, from a service's outbox, what it has told: for consumers that want to know whether they missed something. */
export class EventHistory {
  private readonly read: Statement<WrittenRow, historyMessages.EntityEventsRequest & { limit: number }>;

  constructor(
    private readonly outbox: OutboxDatabase,
    private readonly database: TenantDatabase,
    schema: string,
  ) {
    this.read = statement('events of entity', `
      select id, type, entity_version::float8 as entity_version, request_id, trace, body, created_at from ${schema}.outbox
      where org_id = :org and entity = :entity and entity_id = :entity_id::uuid and entity_version > :after::bigint order by entity_version limit :limit::int`);
  }

  /** Which events were written since a mark, of every organization; under scope `platform`. */
  async heads({ mark }: historyMessages.EventHeadsRequest): Promise<historyMessages.EventHeads> {
    const found = await this.outbox.heads(mark ?? null, HEADS);
    return { mark: found.mark, items: found.heads.map((head) => ({ ...head })), complete: found.complete };
  }

  /** The events of one entity of the acting organization after a version. */
  async events(request: historyMessages.EntityEventsRequest): Promise<historyMessages.EntityEvents> {
    const rows = await this.database.query(this.read, { ...request, limit: EVENTS });
    return { items: rows.map((row) => ({ ...row, created_at: row.created_at.toISOString() })) };
  }
}
