import { CATALOG, DomainError, historyMessages } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { functionCall, type OutboxDatabase, type Statement, type TenantDatabase } from '@apollo/tenancy/postgres';
import { mayNow } from '../envelope/acting.rights.js';
import { fitting, jsonBytes, PAGE_BYTES, pageOf } from '../nats/answer.budget.js';

/** Heads of one answer; see `EventHeads`. */
const HEADS = 1_000;
/** Events of one answer, fewer where they are large; see `EntityEvents`. */
const EVENTS = 20;

interface WrittenRow {
  event: string;
  told: string;
  event_version: number;
  request: string;
  trace_parent: string | null;
  payload: string;
  at: Date;
}
interface StreamedRow {
  event: string | null;
  told: string;
  subject: string;
  event_version: number;
  person: string | null;
  payload: string;
  at: Date;
}

/**
 * Answers from a service's outbox which events it has emitted: to consumers that may have missed some, and to people
 * who watch.
 */
export class EventHistory {
  private readonly read: Statement<WrittenRow, historyMessages.EntityEventsRequest & { limit: number }>;
  private readonly since: Statement<StreamedRow, { after: string; from_start: boolean; limit: number }>;
  private readonly newest: Statement<{ event: string }, object>;

  constructor(
    private readonly outbox: OutboxDatabase,
    private readonly database: TenantDatabase,
    schema: string,
  ) {
    this.read = functionCall(
      'events of entity',
      `select * from ${schema}.events_of_entity(:entity, :entity_id::uuid, :after::bigint, :limit::int)`,
    );
    this.since = functionCall(
      'events since',
      `select * from ${schema}.events_since(:after::uuid, :from_start, :limit::int)`,
    );
    this.newest = functionCall('newest event', `select * from ${schema}.newest_event()`);
  }

  /**
   * Which events were written since a mark, of every organization; under scope `platform`.
   *
   * @param taken the kinds of entity of which the asker takes events: it is told of no other
   */
  async heads(
    { mark, entities }: historyMessages.EventHeadsRequest,
    taken: readonly string[],
  ): Promise<historyMessages.EventHeads> {
    const told = entities ? entities.filter((entity) => taken.includes(entity)) : taken;
    const found = await this.outbox.heads(mark ?? null, told, HEADS);
    return { mark: found.mark, items: found.heads.map((head) => ({ ...head })), complete: found.complete };
  }

  /**
   * The events of one entity of the acting organization after a version.
   *
   * @param taken as of `heads`
   * @throws DomainError `forbidden` for an entity of another kind
   */
  async events(
    request: historyMessages.EntityEventsRequest,
    taken: readonly string[],
  ): Promise<historyMessages.EntityEvents> {
    if (!taken.includes(request.entity))
      throw new DomainError('forbidden', `Events of ${request.entity} are not told to whoever asks.`);
    const rows = await this.database.query(this.read, { ...request, limit: EVENTS });
    const items = rows.map((row) => ({
      id: row.event,
      type: row.told,
      entity_version: row.event_version,
      request_id: row.request,
      trace: row.trace_parent,
      body: row.payload,
      created_at: row.at.toISOString(),
    }));
    return { items: pageOf(items, EVENTS).items };
  }

  /**
   * The acting organization's events after one of them, as far as the acting person may see them.
   *
   * @throws DomainError `invalid_cursor` for an id that is none of the organization's
   */
  async stream({ after, limit }: historyMessages.OrgEventsRequest): Promise<historyMessages.OrgEvents> {
    const { role } = currentTenant();
    if (after === undefined) {
      const [newest] = await this.database.query(this.newest, {});
      return { items: [], last: newest?.event ?? historyMessages.NO_EVENT, complete: true, role };
    }
    const rows = await this.database.query(this.since, {
      after,
      from_start: after === historyMessages.NO_EVENT,
      limit,
    });
    if (rows.length === 0) throw new DomainError('invalid_cursor');
    const told = rows
      .filter((row): row is StreamedRow & { event: string } => row.event !== null)
      .map((row) => ({ event: row.event, shown: isShown(row) ? streamed(row, row.event) : undefined }));
    const page = told.slice(
      0,
      fitting(told, limit, PAGE_BYTES, ({ shown }) => (shown ? jsonBytes(shown) : 0)),
    );
    return {
      items: page.flatMap(({ shown }) => shown ?? []),
      last: page.at(-1)?.event ?? after,
      complete: page.length === told.length && told.length < limit,
      role,
    };
  }
}

function streamed(row: StreamedRow, id: string): historyMessages.StreamedEvent {
  return {
    id,
    type: row.told,
    entity_id: row.subject,
    entity_version: row.event_version,
    body: row.payload,
    created_at: row.at.toISOString(),
  };
}

function isShown({ told, person }: StreamedRow): boolean {
  const { actor } = currentTenant();
  const contract = CATALOG.get(told);
  if (contract?.kind !== 'event' || !contract.permission || !mayNow(contract.permission)) return false;
  return person === null || person === actor;
}
