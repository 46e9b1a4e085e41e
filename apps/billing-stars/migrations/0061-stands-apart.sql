-- How an organization stands is told by events of their own; what else changes about it changes nothing of that.

drop function billing_stars.follow_org(text, text);
create function billing_stars.follow_org(zone text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
declare
  w billing_stars.wallets;
begin
  perform tenancy.acting('system:orgs');
  if exists (select from billing_stars.wallets x where x.org_id = org and x.id = org and x.time_zone <> zone) then
    if billing_stars.knows_zone(zone) then
      w := billing_stars.enter_wallet(org);
      update billing_stars.wallets x set time_zone = zone, moment = w.moment where x.org_id = w.org_id and x.id = w.org_id returning x.* into strict w;
      perform billing_stars.watch_wallet(w);
    end if;
  end if;
end;
end
$$;
revoke all on function billing_stars.follow_org from public;
grant execute on function billing_stars.follow_org to billing_stars_app;

create or replace function billing_stars.bury_event(of_source text, of_entity text, of_id uuid, of_type text, of_version bigint, request text, trace_parent text, payload text, why text) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:' || of_source);
  insert into billing_stars.dead_letters (org_id, id, type, source, entity, entity_id, entity_version, request_id, trace, body, reason, at)
    values (org, uuidv7(), of_type, of_source, of_entity, of_id, of_version, request, trace_parent, payload, why, now())
    on conflict (org_id, source, entity, entity_id, entity_version) do nothing;
  if (of_source, of_entity) in (('orgs', 'org'), ('orgs', 'standing')) then
    insert into billing_stars.blocked_entities (org_id, source, entity, entity_id, since, replay)
      values (org, of_source, of_entity, of_id, clock_timestamp(), false)
      on conflict do nothing;
  end if;
end $$;
revoke all on function billing_stars.bury_event from public;
grant execute on function billing_stars.bury_event to billing_stars_app;
