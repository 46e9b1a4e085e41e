import { entityOf, type ServiceName } from '@apollo/contracts';
import { definerFunctions, roundOrganizations, type ServiceSchema } from '@apollo/tenancy/postgres';
import { durableEventsBetween, durableRoutes } from './event.streams.js';

/** Blocked entities of one organization that a look gives at most, and those of all. */
const SHARE = 200;
const LOOK = 2_000;

const PLACE = 'of_source text, of_entity text, of_id uuid';
const HERE = 'd.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id';

/** Whether the session acts as who tells of the event, as it does while one is handled and nowhere else. */
const AS_TOLD = "perform tenancy.acting('system:' || of_source);";

/**
 * The only ways of a runtime role to write the tables of `inboxTables`: for the organization of the tag, and as whoever
 * handles an event or, for an operator, the service itself. No statement under a tag of the organization's people has the
 * service take an event for known, or for one that waits. The directory is read under the platform scope alone; a look
 * goes round the organizations: none can fill it.
 *
 * @param service which takes the events
 */
export function inboxFunctions(schema: string, service: ServiceName): ServiceSchema['functions'] {
  const taken = durableRoutes()
    .filter(({ consumer }) => consumer === service)
    .flatMap(({ producer }) =>
      durableEventsBetween(producer, service).map((contract) => `('${producer}', '${entityOf(contract)}')`),
    );
  const asItself = `perform tenancy.acting('system:${service}');`;
  const letters = `${schema}.dead_letters d where ${HERE}`;
  const { define, ofOwn } = definerFunctions(schema);
  return [
    `alter table ${schema}.inbox add constraint inbox_version check (version > 0);`,
    // The row stays locked until the commit. Fails where it is not the event's turn.
    ofOwn(
      `take_turn(${PLACE}, of_version bigint)`,
      'void',
      `${AS_TOLD}
  if not exists (select from ${letters}) then
    if of_version = 1 then
      insert into ${schema}.inbox (org_id, id, source, entity, entity_id, version, at)
        values (org, uuidv7(), of_source, of_entity, of_id, 1, now())
        on conflict (org_id, source, entity, entity_id) do nothing;
    else
      update ${schema}.inbox d set version = of_version, at = now() where ${HERE} and d.version = of_version - 1;
    end if;
    if found then
      return;
    end if;
  end if;
  raise exception 'it is not the turn of the event' using errcode = '55000';`,
    ),
    ofOwn(
      `bury_event(${PLACE}, of_type text, of_version bigint, request text, trace_parent text, payload text, why text)`,
      'void',
      `${AS_TOLD}
  insert into ${schema}.dead_letters (org_id, id, type, source, entity, entity_id, entity_version, request_id, trace, body, reason, at)
    values (org, uuidv7(), of_type, of_source, of_entity, of_id, of_version, request, trace_parent, payload, why, now())
    on conflict (org_id, source, entity, entity_id, entity_version) do nothing;
  if (of_source, of_entity) in (${[...new Set(taken)].join(', ')}) then
    insert into ${schema}.blocked_entities (org_id, source, entity, entity_id, since, replay)
      values (org, of_source, of_entity, of_id, clock_timestamp(), false)
      on conflict do nothing;
  end if;`,
    ),
    ofOwn(
      `ask_for_replay(${PLACE})`,
      'boolean',
      `${asItself}
  update ${schema}.blocked_entities d set replay = true where ${HERE};
  return found;`,
    ),
    // The first of those that wait counts as handled, if it is its turn.
    ofOwn(
      `pass_over_event(${PLACE})`,
      'table (type text, entity_version bigint)',
      `${asItself}
  select d.type, d.entity_version into pass_over_event.type, pass_over_event.entity_version from ${letters} order by d.entity_version limit 1;
  if pass_over_event.entity_version = 1 then
    insert into ${schema}.inbox (org_id, id, source, entity, entity_id, version, at)
      values (org, uuidv7(), of_source, of_entity, of_id, 1, now())
      on conflict (org_id, source, entity, entity_id) do nothing;
  else
    update ${schema}.inbox d set version = d.version + 1, at = now() where ${HERE} and d.version + 1 = pass_over_event.entity_version;
  end if;
  if found then
    return next;
  end if;`,
    ),
    ofOwn(`dig_up_events(${PLACE})`, 'void', `${asItself}\n  delete from ${letters};`),
    ofOwn(
      `forget_blocked(${PLACE})`,
      'void',
      `${asItself}
  update ${schema}.blocked_entities d set replay = false where ${HERE};
  delete from ${schema}.blocked_entities d where ${HERE}
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
