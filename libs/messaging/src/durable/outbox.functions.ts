import { entityOf, type ServiceName, typeOf } from '@apollo/contracts';
import type { ServiceSchema } from '@apollo/tenancy/postgres';
import { durableEventsOf } from './event.streams.js';

/** Bytes an event's payload may have: with its envelope it stays well below what one message may carry, and what `WrittenEvent` may. */
export const LARGEST_EVENT_BYTES = 200_000;
/** Characters of what an event is told with. */
const LONGEST_NOTE = 200;
/** What no header of a message can carry, and no text of an answer. */
const CONTROLS = '[\\u0001-\\u001f\\u007f-\\u009f]';

/** A function of the schema's owner that the runtime role may call, for the organization of the session's tag. */
function owned(schema: string, signature: string, returns: string, body: string): string {
  const name = `${schema}.${signature.slice(0, signature.indexOf('('))}`;
  return `create or replace function ${schema}.${signature} returns ${returns}
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
${body}
$$;
revoke all on function ${name} from public;
grant execute on function ${name} to ${schema}_app;`;
}

const WRITTEN =
  'event uuid, told text, event_version float8, request text, trace_parent text, payload text, at timestamptz';

/**
 * The only ways of a runtime role to its service's outbox, which one relay and one reconciler read for all organizations:
 * what an organization may write there, with whatever SQL, can hold up nobody else. The type is one of the service's
 * contracts, the size is bounded, a message can carry the text, and id, version, time and transaction are the server's own.
 *
 * @param service whose durable events the catalog lists
 * @param facts of types of events on which other services rely: a query for what is told of `org` and `subject`, a text of
 *   JSON, which locks the row that it reads: whatever the caller hands over, what the service's own tables say is told, in the
 *   order in which they came to say so
 */
export function outboxFunctions(
  schema: string,
  service: ServiceName,
  facts: Readonly<Record<string, string>> = {},
): ServiceSchema['functions'] {
  const cases = durableEventsOf(service)
    .map((contract) => `when '${typeOf(contract)}' then '${entityOf(contract)}'`)
    .join(' ');
  const asItIs = Object.entries(facts)
    .map(
      ([type, query]) => `  if told = '${type}' then
    payload := (${query});
    if payload is null then
      raise exception 'the event is not true' using errcode = '22023';
    end if;
  end if;
`,
    )
    .join('');
  // The oldest transaction of the whole server costs nothing to know; who has what is asked only where it keeps something back.
  const settle = `  settled bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
begin
  if exists (select from ${schema}.outbox o where o.org_id = org and o.written_in >= settled) then
    settled := tenancy.settled_before();
  end if;`;
  return [
    // Two changes of one entity follow each other by its row's lock; where they do not, its versions' key refuses one.
    owned(
      schema,
      'write_event(told text, subject uuid, by_actor text, person uuid, request text, trace_parent text, payload text)',
      'void',
      `declare
  org uuid := tenancy.enter();
  of text := case told ${cases} end;
begin
  by_actor := tenancy.acting(by_actor);
  if of is null then
    raise exception 'no such event: %', left(told, 100) using errcode = '22023';
  end if;
${asItIs}  if octet_length(payload) > ${LARGEST_EVENT_BYTES} or greatest(length(by_actor), length(request), length(trace_parent)) > ${LONGEST_NOTE} then
    raise exception 'the event is too large' using errcode = '54000';
  end if;
  if request = '' or trace_parent = '' or request ~ '${CONTROLS}' or trace_parent ~ '${CONTROLS}' or payload ~ '[\\u007f-\\u009f]' or payload is not json object then
    raise exception 'no message can carry the event' using errcode = '22023';
  end if;
  insert into ${schema}.outbox (org_id, id, type, entity, entity_id, entity_version, actor, person_id, request_id, trace, body, created_at, written_in)
    select org, uuidv7(), told, of, subject, coalesce(max(o.entity_version), 0) + 1, by_actor, person, request, trace_parent, payload,
      clock_timestamp(), pg_current_xact_id()::text::bigint
    from ${schema}.outbox o where o.org_id = org and o.entity = of and o.entity_id = subject;
end`,
    ),
    owned(
      schema,
      'events_of_entity(of text, subject uuid, after bigint, most int)',
      `table (${WRITTEN})`,
      `declare
  org uuid := tenancy.enter();
begin
  return query select o.id, o.type, o.entity_version::float8, o.request_id, o.trace, o.body, o.created_at::timestamptz
    from ${schema}.outbox o where o.org_id = org and o.entity = of and o.entity_id = subject and o.entity_version > after
    order by o.entity_version limit most;
end`,
    ),
    // What is written in a transaction of the service that is open, or in a later one, comes when all before it is known: nothing can slip
    // in behind. Gives one row of nulls where the organization's event is the newest, none where it is not the organization's.
    owned(
      schema,
      'events_since(after uuid, from_start boolean, most int)',
      'table (event uuid, told text, subject uuid, event_version float8, person uuid, payload text, at timestamptz)',
      `declare
  org uuid := tenancy.enter();
${settle}
  return query select e.id, e.type, e.entity_id, e.entity_version::float8, e.person_id, e.body, e.created_at::timestamptz
    from (select o.written_in, o.id from ${schema}.outbox o where o.org_id = org and o.id = after
      union all select 0, after where from_start) p
    left join lateral (select * from ${schema}.outbox o where o.org_id = org and (o.written_in, o.id) > (p.written_in, p.id) and o.written_in < settled
      order by o.written_in, o.id limit most) e on true;
end`,
    ),
    owned(
      schema,
      'newest_event()',
      'table (event uuid)',
      `declare
  org uuid := tenancy.enter();
${settle}
  return query select o.id from ${schema}.outbox o where o.org_id = org and o.written_in < settled order by o.written_in desc, o.id desc limit 1;
end`,
    ),
  ];
}
