import { functionCall, type Statement, statement, type TenantDatabase } from '@apollo/tenancy/postgres';
import type { DurableEvent } from './event.envelope.js';
import type { EventOrigin } from './inbox.js';

/** An entity of an organization for which events wait. */
export interface WaitingEntity extends EventOrigin {
  readonly org_id: string;
  readonly entity_id: string;
}

/**
 * An entity some of whose events could not be handled: ids only, so that it can be found before its organization is
 * known.
 */
export interface BlockedEntity extends WaitingEntity {
  readonly since: Date;
  /** Whether somebody asked for its events to be handled anew. */
  readonly replay: boolean;
}

/** An event that waits: the one that failed, or one behind it. */
export interface DeadLetter {
  readonly type: string;
  readonly entity_version: number;
  readonly request_id: string;
  /** The code of the error it ended with, or `behind-dead-letter`. */
  readonly reason: string;
  readonly at: Date;
  /** The payload, JSON. */
  readonly body: string;
}

interface Place extends EventOrigin {
  readonly entity_id: string;
}
/** An event that was given up. */
export interface GivenUp {
  readonly type: string;
  readonly entity_version: number;
}

interface NewDeadLetter extends Place {
  readonly type: string;
  readonly entity_version: number;
  readonly request_id: string;
  readonly trace: string | null;
  readonly body: string;
  readonly reason: string;
}

/** The events a service could not handle, under row-level security like everything else of their organizations. */
export class DeadLetters {
  private readonly blocked: Statement<BlockedEntity, object>;
  private readonly adding: Statement<object, NewDeadLetter>;
  private readonly read: Statement<DeadLetter, Place>;
  private readonly origins: Statement<EventOrigin, { entity_id: string }>;
  private readonly ask: Statement<{ known: boolean }, Place>;
  private readonly skipping: Statement<GivenUp, Place>;
  private readonly clearing: Statement<object, Place>;
  private readonly forget: Statement<object, Place>;

  /** @param schema the service's schema, which has the `inboxTables` and `inboxFunctions` */
  constructor(
    private readonly database: TenantDatabase,
    schema: string,
  ) {
    const here = 'org_id = :org and source = :source and entity = :entity and entity_id = :entity_id::uuid';
    const named = ':source, :entity, :entity_id::uuid';
    this.blocked = functionCall('entities behind dead letters', `select * from ${schema}.blocked_entities()`);
    this.adding = functionCall(
      'dead-letter event',
      `select ${schema}.dead_letter_event(${named}, :type, :entity_version::bigint, :request_id, :trace, :body, :reason)`,
    );
    this.read = statement(
      'dead letters',
      `
      select type, entity_version::float8 as entity_version, request_id, reason, at, body from ${schema}.dead_letters where ${here} order by entity_version limit 200`,
    );
    this.origins = statement(
      'entities of an id behind dead letters',
      `
      select distinct source, entity from ${schema}.dead_letters where org_id = :org and entity_id = :entity_id::uuid order by source, entity limit 200`,
    );
    this.ask = functionCall('ask for replay', `select ${schema}.ask_for_replay(${named}) as known`);
    this.skipping = functionCall(
      'skip event',
      `select type, entity_version::float8 as entity_version from ${schema}.skip_event(${named})`,
    );
    this.clearing = functionCall('clear dead letters', `select ${schema}.clear_dead_letters(${named})`);
    this.forget = functionCall('settle blocked entity', `select ${schema}.forget_blocked(${named})`);
  }

  /**
   * Which entities wait, of every organization, two thousand at most and two hundred of each; only under the platform
   * scope.
   */
  list(): Promise<BlockedEntity[]> {
    return this.database.query(this.blocked, {});
  }

  /** What entities of the acting organization have this id and events that wait: several kinds of them may. */
  named(entityId: string): Promise<EventOrigin[]> {
    return this.database.query(this.origins, { entity_id: entityId });
  }

  /** The waiting events of one entity of the acting organization, in order. */
  of(origin: EventOrigin, entityId: string): Promise<DeadLetter[]> {
    return this.database.query(this.read, { ...origin, entity_id: entityId });
  }

  /**
   * Puts an event among the dead letters, where it waits, and every later one of its entity behind it.
   *
   * @param reason an error code, no content
   */
  async add(origin: EventOrigin, event: DurableEvent, reason: string): Promise<void> {
    const { type, entityId, entityVersion, requestId, trace, body } = event;
    const place = { ...origin, entity_id: entityId };
    await this.database.query(this.adding, {
      ...place,
      type,
      entity_version: entityVersion,
      request_id: requestId,
      trace: trace ?? null,
      body,
      reason,
    });
  }

  /**
   * Has the service handle an entity's events anew, whichever of its processes comes first.
   *
   * @returns false when none of them waits
   */
  async askForReplay(origin: EventOrigin, entityId: string): Promise<boolean> {
    const [row] = await this.database.query(this.ask, { ...origin, entity_id: entityId });
    return row?.known === true;
  }

  /**
   * Gives up the first of an entity's waiting events: it counts as handled and has no effect here, those behind it are
   * handled anew. Call inside the transaction that says who did so, and why.
   *
   * @returns which it was; nothing when none of them waits, or somebody else has just done so
   */
  async giveUp(origin: EventOrigin, entityId: string): Promise<GivenUp | undefined> {
    const place = { ...origin, entity_id: entityId };
    const [event] = await this.database.query(this.skipping, place);
    if (event) await this.database.query(this.ask, place);
    return event;
  }

  /**
   * Takes an entity's events out, so that they are handled when they come again. Until `settle` it still counts as
   * asked for.
   */
  async clear(origin: EventOrigin, entityId: string): Promise<void> {
    await this.database.query(this.clearing, { ...origin, entity_id: entityId });
  }

  /** A replay has come to its end: the entity is forgotten, or waits again for whoever asks next. */
  async settle(origin: EventOrigin, entityId: string): Promise<void> {
    await this.database.query(this.forget, { ...origin, entity_id: entityId });
  }
}
