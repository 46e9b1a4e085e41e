import { CATALOG, DomainError, historyMessages, may } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { type OutboxDatabase, type Statement, statement, type TenantDatabase } from '@apollo/tenancy/postgres';

/** Heads of one answer; see `EventHeads`. */
const HEADS = 1_000;
/** Events of one answer; see `EntityEvents`. */
const EVENTS = 20;

interface WrittenRow {
  id: string;
  type: string;
  entity_version: number;
  request_id: string;
  trace: string | null;
  body: string;
  created_at: Date;
}
interface StreamedRow {
  id: string | null;
  type: string;
  entity_id: string;
  entity_version: number;
  person_id: string | null;
  body: string;
  created_at: Date;
}

/** Answers, from a service's outbox, what it has told: to consumers that may have missed something, and to people who watch. */
export class EventHistory {
  private readonly read: Statement<WrittenRow, historyMessages.EntityEventsRequest & { limit: number }>;
  private readonly since: Statement<StreamedRow, { after: string; limit: number }>;
  private readonly newest: Statement<{ id: string }, object>;

  constructor(
    private readonly outbox: OutboxDatabase,
    private readonly database: TenantDatabase,
    schema: string,
  ) {
    this.read = statement(
      'events of entity',
      `
      select id, type, entity_version::float8 as entity_version, request_id, trace, body, created_at from ${schema}.outbox
      where org_id = :org and entity = :entity and entity_id = :entity_id::uuid and entity_version > :after::bigint order by entity_version limit :limit::int`,
    );
    // What is written in a transaction that is open, or in a later one, comes when all before it is known: nothing can slip in behind.
    const settled = 'x.written_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint';
    this.since = statement(
      'events since',
      `
      select e.* from (
        select written_in, id from ${schema}.outbox where org_id = :org and id = :after::uuid
        union all select 0, :after::uuid where :after::uuid = '${historyMessages.NO_EVENT}') p
      left join lateral (
        select x.id, x.type, x.entity_id, x.entity_version::float8 as entity_version, x.person_id, x.body, x.created_at from ${schema}.outbox x
        where x.org_id = :org and (x.written_in, x.id) > (p.written_in, p.id) and ${settled} order by x.written_in, x.id limit :limit::int) e on true`,
    );
    this.newest = statement(
      'newest event',
      `
      select x.id from ${schema}.outbox x where x.org_id = :org and ${settled} order by x.written_in desc, x.id desc limit 1`,
    );
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

  /** What the acting person may see of what the acting organization's events told after one of them. @throws DomainError `invalid_cursor` for an id that is none of the organization's */
  async stream({ after, limit }: historyMessages.OrgEventsRequest): Promise<historyMessages.OrgEvents> {
    if (after === undefined) {
      const [newest] = await this.database.query(this.newest, {});
      return { items: [], last: newest?.id ?? historyMessages.NO_EVENT, complete: true };
    }
    const rows = await this.database.query(this.since, { after, limit });
    if (rows.length === 0) throw new DomainError('invalid_cursor');
    const told = rows.filter((row): row is StreamedRow & { id: string } => row.id !== null);
    const items = told
      .filter(isShown)
      .map(({ person_id: _person, ...row }) => ({ ...row, created_at: row.created_at.toISOString() }));
    return { items, last: told.at(-1)?.id ?? after, complete: told.length < limit };
  }
}

function isShown({ type, person_id }: StreamedRow): boolean {
  const { actor, role } = currentTenant();
  const contract = CATALOG.get(type);
  if (contract?.kind !== 'event' || !contract.permission || !may(role, contract.permission)) return false;
  return person_id === null || person_id === actor;
}
