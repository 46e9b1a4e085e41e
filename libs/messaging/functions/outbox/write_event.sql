create or replace function service_schema.write_event(
  told text,
  subject uuid,
  by_actor text,
  person uuid,
  request text,
  trace_parent text,
  payload text
)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter();
  of text := service_schema.entity_of_event(told);
begin
  by_actor := tenancy.acting(by_actor);
  if of is null then
    raise exception 'no such event: %', left(told, 100) using errcode = '22023';
  end if;
  payload := service_schema.payload_of_event(told, org, subject, payload);
  if octet_length(payload) > 2000
    or greatest(length(by_actor), length(request), length(trace_parent)) > 200
  then
    raise exception 'the event is too large' using errcode = '54000';
  end if;
  if request = ''
    or trace_parent = ''
    or request ~ '[\u0001-\u001f\u007f-\u009f]'
    or trace_parent ~ '[\u0001-\u001f\u007f-\u009f]'
    or payload ~ '[\u007f-\u009f]'
    or payload is not json object
  then
    raise exception 'no message can carry the event' using errcode = '22023';
  end if;
  insert into service_schema.outbox (
    org_id, id, type, entity, entity_id, entity_version, actor, person_id, request_id, trace, body,
    created_at, written_in
  )
  select
    org,
    uuidv7(),
    told,
    of,
    subject,
    coalesce(max(o.entity_version), 0) + 1,
    by_actor,
    person,
    request,
    trace_parent,
    payload,
    clock_timestamp(),
    pg_current_xact_id()::text::bigint
  from service_schema.outbox o
  where o.org_id = org and o.entity = of and o.entity_id = subject;
end
$$;

comment on function service_schema.write_event is
  'The only way of a runtime role to its service’s outbox, which one relay and one reconciler read for all '
  'organizations: what an organization may write there, with whatever SQL, can hold up nobody else. The type is '
  'one of the service’s contracts, the size is bounded, a message can carry the text, and id, version, time and '
  'transaction are the server’s own. Two changes of one entity follow each other by its row’s lock; where they '
  'do not, its versions’ key refuses one.';

revoke all on function service_schema.write_event from public;
grant execute on function service_schema.write_event to service_schema_app;
