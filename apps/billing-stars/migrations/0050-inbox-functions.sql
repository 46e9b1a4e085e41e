-- How far the service has come with events, and which of them wait, is written while an event is handled or by the service
-- itself: no statement under a tag of the organization's people has an event taken for known.

drop function billing_stars.note_blocked(text, text, uuid);
drop function billing_stars.ask_for_replay(text, text, uuid);
drop function billing_stars.forget_blocked(text, text, uuid);
drop function billing_stars.delete_dead_letters(uuid[]);
revoke insert, update on billing_stars.inbox, billing_stars.dead_letters from billing_stars_app;

create function billing_stars.take_turn(of_source text, of_entity text, of_id uuid, of_version bigint) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:' || of_source);
  if not exists (select from billing_stars.dead_letters d where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id) then
    if of_version = 1 then
      insert into billing_stars.inbox (org_id, id, source, entity, entity_id, version, at)
        values (org, uuidv7(), of_source, of_entity, of_id, 1, now())
        on conflict (org_id, source, entity, entity_id) do nothing;
    else
      update billing_stars.inbox d set version = of_version, at = now() where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id and d.version = of_version - 1;
    end if;
    if found then
      return;
    end if;
  end if;
  raise exception 'it is not the turn of the event' using errcode = '55000';
end $$;
revoke all on function billing_stars.take_turn from public;
grant execute on function billing_stars.take_turn to billing_stars_app;

create function billing_stars.bury_event(of_source text, of_entity text, of_id uuid, of_type text, of_version bigint, request text, trace_parent text, payload text, why text) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:' || of_source);
  insert into billing_stars.dead_letters (org_id, id, type, source, entity, entity_id, entity_version, request_id, trace, body, reason, at)
    values (org, uuidv7(), of_type, of_source, of_entity, of_id, of_version, request, trace_parent, payload, why, now())
    on conflict (org_id, source, entity, entity_id, entity_version) do nothing;
  if (of_source, of_entity) in (('orgs', 'org')) then
    insert into billing_stars.blocked_entities (org_id, source, entity, entity_id, since, replay)
      values (org, of_source, of_entity, of_id, clock_timestamp(), false)
      on conflict do nothing;
  end if;
end $$;
revoke all on function billing_stars.bury_event from public;
grant execute on function billing_stars.bury_event to billing_stars_app;

create function billing_stars.ask_for_replay(of_source text, of_entity text, of_id uuid) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:billing-stars');
  update billing_stars.blocked_entities d set replay = true where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id;
  return found;
end $$;
revoke all on function billing_stars.ask_for_replay from public;
grant execute on function billing_stars.ask_for_replay to billing_stars_app;

create function billing_stars.pass_over_event(of_source text, of_entity text, of_id uuid) returns table (type text, entity_version bigint) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:billing-stars');
  select d.type, d.entity_version into pass_over_event.type, pass_over_event.entity_version from billing_stars.dead_letters d where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id order by d.entity_version limit 1;
  if pass_over_event.entity_version = 1 then
    insert into billing_stars.inbox (org_id, id, source, entity, entity_id, version, at)
      values (org, uuidv7(), of_source, of_entity, of_id, 1, now())
      on conflict (org_id, source, entity, entity_id) do nothing;
  else
    update billing_stars.inbox d set version = d.version + 1, at = now() where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id and d.version + 1 = pass_over_event.entity_version;
  end if;
  if found then
    return next;
  end if;
end $$;
revoke all on function billing_stars.pass_over_event from public;
grant execute on function billing_stars.pass_over_event to billing_stars_app;

create function billing_stars.dig_up_events(of_source text, of_entity text, of_id uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:billing-stars');
  delete from billing_stars.dead_letters d where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id;
end $$;
revoke all on function billing_stars.dig_up_events from public;
grant execute on function billing_stars.dig_up_events to billing_stars_app;

create function billing_stars.forget_blocked(of_source text, of_entity text, of_id uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:billing-stars');
  update billing_stars.blocked_entities d set replay = false where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id;
  delete from billing_stars.blocked_entities d where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id
    and not exists (select from billing_stars.dead_letters l where l.org_id = d.org_id and l.source = d.source and l.entity = d.entity and l.entity_id = d.entity_id);
end $$;
revoke all on function billing_stars.forget_blocked from public;
grant execute on function billing_stars.forget_blocked to billing_stars_app;
