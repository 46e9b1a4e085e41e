-- What is written into the outbox can be carried by a message and told by an answer, or is refused: one relay publishes the
-- events of all organizations.

create or replace function billing_stars.write_event(told text, subject uuid, by_actor text, person uuid, request text, trace_parent text, payload text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
  of text := case told when 'billing-stars.wallet.warned.v1' then 'wallet' end;
begin
  by_actor := tenancy.acting(by_actor);
  if of is null then
    raise exception 'no such event: %', left(told, 100) using errcode = '22023';
  end if;
  if octet_length(payload) > 200000 or greatest(length(by_actor), length(request), length(trace_parent)) > 200 then
    raise exception 'the event is too large' using errcode = '54000';
  end if;
  if request = '' or trace_parent = '' or request ~ '[\u0001-\u001f\u007f-\u009f]' or trace_parent ~ '[\u0001-\u001f\u007f-\u009f]' or payload ~ '[\u007f-\u009f]' or payload is not json object then
    raise exception 'no message can carry the event' using errcode = '22023';
  end if;
  insert into billing_stars.outbox (org_id, id, type, entity, entity_id, entity_version, actor, person_id, request_id, trace, body, created_at, written_in)
    select org, uuidv7(), told, of, subject, coalesce(max(o.entity_version), 0) + 1, by_actor, person, request, trace_parent, payload,
      clock_timestamp(), pg_current_xact_id()::text::bigint
    from billing_stars.outbox o where o.org_id = org and o.entity = of and o.entity_id = subject;
end
$$;
