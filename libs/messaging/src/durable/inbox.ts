import type { ServiceName } from '@apollo/contracts';
import { functionCall, statement, type Statement, type TenantDatabase } from '@apollo/tenancy/postgres';
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

interface Place extends EventOrigin {
  readonly entity_id: string;
}
interface Turn extends Place {
  readonly version: number;
}

/**
 * Remembers, in the transaction of an event's effect, how far the service has come with each entity. So an event takes
 * effect once however often it is delivered, and the events of one entity take effect in the order of their versions.
 */
export class Inbox {
  private readonly turn: Statement<object, Turn>;
  private readonly look: Statement<{ version: number; blocked: boolean }, Place>;

  /** @param schema the service's schema, which has the `inboxTables` and `inboxFunctions` */
  constructor(
    private readonly database: TenantDatabase,
    schema: string,
  ) {
    const here = 'org_id = :org and source = :source and entity = :entity and entity_id = :entity_id::uuid';
    this.turn = functionCall(
      'take turn in inbox',
      `select ${schema}.take_turn(:source, :entity, :entity_id::uuid, :version::bigint)`,
    );
    this.look = statement(
      'look into inbox',
      `
      select coalesce((select version from ${schema}.inbox where ${here}), 0)::float8 as version, exists (select from ${schema}.dead_letters where ${here}) as blocked`,
    );
  }

  /**
   * Commits `effect` if it is the event's turn. What `effect` throws undoes everything. It begins before the turn is
   * known, but the turn is taken ahead of its first statement: nothing is read or written out of turn.
   *
   * @param alone not together with other events, as what is likely to be refused
   */
  async once(
    origin: EventOrigin,
    event: DurableEvent,
    effect: () => Promise<void>,
    alone = false,
  ): Promise<EventOutcome> {
    const turn: Turn = { ...origin, entity_id: event.entityId, version: event.entityVersion };
    try {
      await this.database.transaction(
        async (transaction) => {
          transaction.precede(this.turn, turn);
          await effect();
        },
        { grouped: !alone },
      );
      return 'handled';
    } catch (error) {
      const outcome = await this.whyNot(origin, event);
      if (outcome) return outcome;
      throw error;
    }
  }

  /** How far the service has come with an entity, and whether one of its events lies among the dead letters. */
  async versionOf(origin: EventOrigin, entityId: string): Promise<{ version: number; blocked: boolean }> {
    const [row] = await this.database.query(this.look, { ...origin, entity_id: entityId });
    return row ?? { version: 0, blocked: false };
  }

  /** Why it is not the event's turn; nothing when it is, and something else went wrong. */
  private async whyNot(origin: EventOrigin, event: DurableEvent): Promise<EventOutcome | undefined> {
    const { version, blocked } = await this.versionOf(origin, event.entityId);
    if (event.entityVersion <= version) return 'known';
    if (blocked) return 'behind-dead-letter';
    return event.entityVersion > version + 1 ? 'early' : undefined;
  }
}
