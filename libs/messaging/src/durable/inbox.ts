import type { ServiceName } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { call, type Statement, statement, type TenantDatabase } from '@apollo/tenancy/postgres';
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

/**
 * Remembers, in the transaction of an event's effect, how far the service has come with each entity. So an event takes
 * effect once however often it is delivered, and the events of one entity take effect in the order of their versions.
 */
export class Inbox {
  private readonly enter: Statement<object, Place & { id: string }>;
  private readonly look: Statement<{ version: number }, Place>;
  private readonly lock: Statement<{ version: number }, Place>;
  private readonly advance: Statement<object, Place & { version: number }>;
  private readonly blocked: Statement<{ blocked: boolean }, Place>;

  /** @param schema the service's schema, which has the `inboxTables` */
  constructor(
    private readonly database: TenantDatabase,
    schema: string,
  ) {
    const here = 'org_id = :org and source = :source and entity = :entity and entity_id = :entity_id::uuid';
    this.enter = statement('enter inbox', `
      insert into ${schema}.inbox (org_id, id, source, entity, entity_id, version, at) values (:org, :id::uuid, :source, :entity, :entity_id::uuid, 0, now())
      on conflict (org_id, source, entity, entity_id) do nothing`);
    this.look = statement('look into inbox', `select version::float8 as version from ${schema}.inbox where ${here}`);
    this.lock = statement('lock inbox', `select version::float8 as version from ${schema}.inbox where ${here} for update`);
    this.advance = statement('advance inbox', `update ${schema}.inbox set version = :version::bigint, at = now() where ${here}`);
    this.blocked = statement('dead letter of entity', `select exists (select from ${schema}.dead_letters where ${here}) as blocked`);
  }

  /** Runs `effect` if it is the event's turn. What `effect` throws undoes everything. */
  async once(origin: EventOrigin, event: DurableEvent, effect: () => Promise<void>): Promise<EventOutcome> {
    const place: Place = { ...origin, entity_id: event.entityId };
    return this.database.transaction(async (transaction) => {
      const [, [row], [letters]] = (await transaction.batch([
        call(this.enter, { ...place, id: newId() }), call(this.lock, place), call(this.blocked, place),
      ])) as unknown as [unknown[], { version: number }[], { blocked: boolean }[]];
      const version = row?.version ?? 0;
      if (event.entityVersion <= version) return 'known';
      if (letters?.blocked) return 'behind-dead-letter';
      if (event.entityVersion > version + 1) return 'early';
      await effect();
      transaction.defer(this.advance, { ...place, version: event.entityVersion });
      return 'handled';
    });
  }

  /** How far the service has come with an entity, and whether one of its events lies among the dead letters. */
  async versionOf(origin: EventOrigin, entityId: string): Promise<{ version: number; blocked: boolean }> {
    const place: Place = { ...origin, entity_id: entityId };
    const [[row], [letters]] = (await this.database.batch([call(this.look, place), call(this.blocked, place)])) as unknown as [{ version: number }[], { blocked: boolean }[]];
    return { version: row?.version ?? 0, blocked: letters?.blocked ?? false };
  }
}
