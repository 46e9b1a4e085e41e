import { entityOf, type ServiceName } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import {
  call,
  deletion,
  lookup,
  roundOrganizations,
  type Statement,
  statement,
  type TenantDatabase,
} from '@apollo/tenancy/postgres';
import type { DurableEvent } from './event.envelope.js';
import { durableEventsBetween, durableRoutes } from './event.streams.js';
import type { EventOrigin } from './inbox.js';

/** An entity some of whose events could not be handled: ids only, so that it can be found before its organization is known. */
export interface BlockedEntity {
  readonly org_id: string;
  readonly source: ServiceName;
  readonly entity: string;
  readonly entity_id: string;
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

interface Burial extends Place {
  readonly id: string;
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
  private readonly burial: Statement<object, Burial>;
  private readonly note: Statement<object, Place>;
  private readonly read: Statement<DeadLetter, Place>;
  private readonly ask: Statement<{ known: boolean }, Place>;
  private readonly pass: Statement<GivenUp, Place & { id: string }>;
  private readonly dig: Statement<object, Place>;
  private readonly forget: Statement<object, Place>;

  /** @param schema the service's schema, which has the `inboxTables` and `inboxFunctions` */
  constructor(
    private readonly database: TenantDatabase,
    schema: string,
  ) {
    const here = 'org_id = :org and source = :source and entity = :entity and entity_id = :entity_id::uuid';
    const named = ':source, :entity, :entity_id::uuid';
    this.blocked = lookup('entities behind dead letters', `select * from ${schema}.blocked_entities()`);
    this.burial = statement(
      'bury event',
      `
      insert into ${schema}.dead_letters (org_id, id, type, source, entity, entity_id, entity_version, request_id, trace, body, reason, at)
      values (:org, :id::uuid, :type, ${named}, :entity_version::bigint, :request_id, :trace, :body, :reason, now())
      on conflict (org_id, source, entity, entity_id, entity_version) do nothing`,
    );
    this.note = statement(
      'note blocked entity',
      `select ${schema}.note_blocked(${named}) where :org::uuid is not null`,
    );
    this.read = statement(
      'dead letters',
      `
      select type, entity_version::float8 as entity_version, request_id, reason, at, body from ${schema}.dead_letters where ${here} order by entity_version limit 200`,
    );
    this.ask = statement(
      'ask for replay',
      `select ${schema}.ask_for_replay(${named}) as known where :org::uuid is not null`,
    );
    this.pass = statement(
      'pass over event',
      `
      with first as (select type, entity_version from ${schema}.dead_letters where ${here} order by entity_version limit 1),
        begun as (insert into ${schema}.inbox (org_id, id, source, entity, entity_id, version, at)
          select :org, :id::uuid, ${named}, 1, now() from first where entity_version = 1
          on conflict (org_id, source, entity, entity_id) do nothing returning version),
        moved as (update ${schema}.inbox set version = version + 1, at = now()
          where ${here} and version + 1 = (select entity_version from first) returning version)
      select type, entity_version::float8 as entity_version from first where entity_version in (select version from begun union all select version from moved)`,
    );
    this.dig = statement('dig up events', deletion(`${schema}.dead_letters`, here));
    this.forget = statement(
      'settle blocked entity',
      `select ${schema}.forget_blocked(${named}) where :org::uuid is not null`,
    );
  }

  /** Which entities wait, of every organization, two thousand at most and two hundred of each; only under the platform scope. */
  list(): Promise<BlockedEntity[]> {
    return this.database.query(this.blocked, {});
  }

  /** The waiting events of one entity of the acting organization, in order. */
  of(origin: EventOrigin, entityId: string): Promise<DeadLetter[]> {
    return this.database.query(this.read, { ...origin, entity_id: entityId });
  }

  /** Puts an event among the dead letters, where it waits, and every later one of its entity behind it. @param reason an error code, no content */
  async bury(origin: EventOrigin, event: DurableEvent, reason: string): Promise<void> {
    const { type, entityId, entityVersion, requestId, trace, body } = event;
    const place = { ...origin, entity_id: entityId };
    await this.database.batch([
      call(this.burial, {
        ...place,
        // Its own: who may write letters could have given the event's to another one.
        id: newId(),
        type,
        entity_version: entityVersion,
        request_id: requestId,
        trace: trace ?? null,
        body,
        reason,
      }),
      call(this.note, place),
    ]);
  }

  /** Has the service handle an entity's events anew, whichever of its processes comes first. @returns false when none of them waits */
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
    const [event] = await this.database.query(this.pass, { ...place, id: newId() });
    if (event) await this.database.query(this.ask, place);
    return event;
  }

  /** Takes an entity's events out, so that they are handled when they come again. Until `settle` it still counts as asked for. */
  async digUp(origin: EventOrigin, entityId: string): Promise<void> {
    await this.database.query(this.dig, { ...origin, entity_id: entityId });
  }

  /** A replay has come to its end: the entity is forgotten, or waits again for whoever asks next. */
  async settle(origin: EventOrigin, entityId: string): Promise<void> {
    await this.database.query(this.forget, { ...origin, entity_id: entityId });
  }
}

/** Blocked entities of one organization that a look gives at most, and those of all. */
const SHARE = 200;
const LOOK = 2_000;

/**
 * The directory beside `inboxTables`: written for the organization of the tag alone, and only of letters that are there;
 * read under the platform scope alone. A look goes round the organizations: none can fill it.
 *
 * @param service which takes the events
 */
export function inboxFunctions(schema: string, service: ServiceName): readonly string[] {
  const place = 'of_source text, of_entity text, of_id uuid';
  const here =
    'd.org_id = (select tenancy.org_id()) and d.source = of_source and d.entity = of_entity and d.entity_id = of_id';
  const taken = durableRoutes()
    .filter(({ consumer }) => consumer === service)
    .flatMap(({ producer }) =>
      durableEventsBetween(producer, service).map((contract) => `('${producer}', '${entityOf(contract)}')`),
    );
  const define = (signature: string, returns: string, body: string): string => {
    const name = `${schema}.${signature.slice(0, signature.indexOf('('))}`;
    return `create function ${schema}.${signature} returns ${returns} language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  ${body}
end $$;
revoke all on function ${name} from public;
grant execute on function ${name} to ${schema}_app;`;
  };
  return [
    `alter table ${schema}.inbox add constraint inbox_version check (version > 0);`,
    define(
      `note_blocked(${place})`,
      'void',
      `insert into ${schema}.blocked_entities (org_id, source, entity, entity_id, since, replay)
    select d.org_id, d.source, d.entity, d.entity_id, clock_timestamp(), false from ${schema}.dead_letters d
    where ${here} and (d.source, d.entity) in (${[...new Set(taken)].join(', ')}) limit 1
    on conflict do nothing;`,
    ),
    define(
      `ask_for_replay(${place})`,
      'boolean',
      `update ${schema}.blocked_entities d set replay = true where ${here};
  return found;`,
    ),
    define(
      `forget_blocked(${place})`,
      'void',
      `update ${schema}.blocked_entities d set replay = false where ${here};
  delete from ${schema}.blocked_entities d where ${here}
    and not exists (select from ${schema}.dead_letters l where l.org_id = d.org_id and l.source = d.source and l.entity = d.entity and l.entity_id = d.entity_id);`,
    ),
    define(
      'blocked_entities()',
      'table (org_id uuid, source text, entity text, entity_id uuid, since timestamptz, replay boolean)',
      `perform tenancy.is_platform();
  return query ${roundOrganizations({
    table: `${schema}.blocked_entities`,
    columns: ['org_id', 'source', 'entity', 'entity_id', 'since', 'replay'],
    order: 'r.replay desc, r.since',
    overall: 'd.replay desc, d.nth, d.since',
    share: SHARE,
    limit: LOOK,
  })};`,
    ),
  ];
}
