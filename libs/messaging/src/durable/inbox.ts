import type { ServiceName } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { type Statement, statement, type TenantDatabase } from '@apollo/tenancy/postgres';
import type { DurableEvent } from './event.envelope.js';

/** Whose history an event belongs to. */
export interface EventOrigin {
  readonly source: ServiceName;
  readonly entity: string;
}

/**
 * What became of an event: its effect is committed now, was committed before, has to wait for an earlier event of its
 * entity, or has to wait because an earlier one lies among the dead letters.
 */
export type EventOutcome = 'handled' | 'known' | 'early' | 'behind-dead-letter';

interface Place extends EventOrigin { readonly entity_id: string }
interface Turn extends Place { readonly version: number }

/**
 * Remembers, in the transaction of an event's effect, how far the service has come with each entity. So an event takes
 * effect once however often it is delivered, and the events of one entity take effect in the order of their versions.
 */
export class Inbox {
  private readonly begin: Statement<object, Turn & { id: string }>;
  private readonly advance: Statement<object, Turn>;
  private readonly look: Statement<{ version: number; blocked: boolean }, Place>;

  /** @param schema the service's schema, which has the `inboxTables` */
  constructor(
    private readonly database: TenantDatabase,
    schema: string,
  ) {
    const here = 'org_id = :org and source = :source and entity = :entity and entity_id = :entity_id::uuid';
    const free = `not exists (select from ${schema}.dead_letters where ${here})`;
    // Each gives a row, locked until the commit, if and only if it is the event's turn.
    this.begin = statement('begin in inbox', `
      insert into ${schema}.inbox (org_id, id, source, entity, entity_id, version, at)
      select :org, :id::uuid, :source, :entity, :entity_id::uuid, :version::bigint, now() where ${free}
      on conflict (org_id, source, entity, entity_id) do nothing returning id`);
    this.advance = statement('advance in inbox', `
      update ${schema}.inbox set version = :version::bigint, at = now() where ${here} and version = :version::bigint - 1 and ${free} returning id`);
    this.look = statement('look into inbox', `
      select coalesce((select version from ${schema}.inbox where ${here}), 0)::float8 as version, exists (select from ${schema}.dead_letters where ${here}) as blocked
      where :org::uuid is not null`);
  }

  /** Runs `effect` if it is the event's turn. What `effect` throws undoes everything. */
  async once(origin: EventOrigin, event: DurableEvent, effect: () => Promise<void>): Promise<EventOutcome> {
    const turn: Turn = { ...origin, entity_id: event.entityId, version: event.entityVersion };
    return this.database.transaction(async (transaction) => {
      const taken = await (turn.version === 1 ? transaction.query(this.begin, { ...turn, id: newId() }) : transaction.query(this.advance, turn));
      if (taken.length === 0) return this.whyNot(origin, event);
      await effect();
      return 'handled';
    });
  }

  /** How far the service has come with an entity, and whether one of its events lies among the dead letters. */
  async versionOf(origin: EventOrigin, entityId: string): Promise<{ version: number; blocked: boolean }> {
    const [row] = await this.database.query(this.look, { ...origin, entity_id: entityId });
    return row ?? { version: 0, blocked: false };
  }

  private async whyNot(origin: EventOrigin, event: DurableEvent): Promise<EventOutcome> {
    const { version, blocked } = await this.versionOf(origin, event.entityId);
    if (event.entityVersion <= version) return 'known';
    return blocked ? 'behind-dead-letter' : 'early';
  }
}
