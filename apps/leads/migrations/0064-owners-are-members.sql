-- An owner of a lead is a member of the organization: leads follows what orgs tells of members, from the first event on, which
-- the reconciler brings. Owners that are there already keep their leads until somebody changes them, or they leave.

create table "leads"."blocked_entities" ("org_id" uuid not null, "source" text not null, "entity" text not null, "entity_id" uuid not null, "since" timestamptz(3) not null, "replay" boolean not null, primary key ("org_id", "source", "entity", "entity_id"));
create index blocked_entities_in_turn on leads.blocked_entities (org_id, replay desc, since);

create table "leads"."dead_letters" ("org_id" uuid not null, "id" uuid not null, "type" text not null, "source" text not null, "entity" text not null, "entity_id" uuid not null, "entity_version" bigint not null, "request_id" text not null, "trace" text null, "body" text not null, "reason" text not null, "at" timestamptz(3) not null, primary key ("org_id", "id"));
alter table "leads"."dead_letters" add constraint "dead_letters_org_id_source_entity_entity_id_entit_d8767_unique" unique ("org_id", "source", "entity", "entity_id", "entity_version");

create table "leads"."event_positions" ("realm" uuid not null default '00000000-0000-4000-8000-706c6174666f', "id" uuid not null, "source" text not null, "mark" text not null, primary key ("realm", "id"));
alter table "leads"."event_positions" add constraint "event_positions_realm_source_unique" unique ("realm", "source");

create table "leads"."inbox" ("org_id" uuid not null, "id" uuid not null, "source" text not null, "entity" text not null, "entity_id" uuid not null, "version" bigint not null, "at" timestamptz(3) not null, primary key ("org_id", "id"));
alter table "leads"."inbox" add constraint "inbox_org_id_source_entity_entity_id_unique" unique ("org_id", "source", "entity", "entity_id");

create table "leads"."members" ("org_id" uuid not null, "id" uuid not null, "heard_at" timestamptz(3) not null, primary key ("org_id", "id"));

alter table leads.leads add constraint leads_owner foreign key (org_id, owner_id) references leads.members (org_id, id) not valid;

alter table "leads"."blocked_entities" enable row level security;
alter table "leads"."blocked_entities" force row level security;
create policy "tenancy_permissive_leads_owner" on "leads"."blocked_entities" to "leads_owner" using (true) with check (true);
alter table "leads"."dead_letters" enable row level security;
alter table "leads"."dead_letters" force row level security;
create policy "tenancy_restrictive" on "leads"."dead_letters" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."dead_letters" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."event_positions" enable row level security;
alter table "leads"."event_positions" force row level security;
create policy "tenancy_restrictive" on "leads"."event_positions" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "leads"."event_positions" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
alter table "leads"."inbox" enable row level security;
alter table "leads"."inbox" force row level security;
create policy "tenancy_restrictive" on "leads"."inbox" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."inbox" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."members" enable row level security;
alter table "leads"."members" force row level security;
create policy "tenancy_restrictive" on "leads"."members" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."members" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table leads.inbox add constraint inbox_version check (version > 0);

create function leads.take_turn(of_source text, of_entity text, of_id uuid, of_version bigint) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:' || of_source);
  if not exists (select from leads.dead_letters d where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id) then
    if of_version = 1 then
      insert into leads.inbox (org_id, id, source, entity, entity_id, version, at)
        values (org, uuidv7(), of_source, of_entity, of_id, 1, now())
        on conflict (org_id, source, entity, entity_id) do nothing;
    else
      update leads.inbox d set version = of_version, at = now() where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id and d.version = of_version - 1;
    end if;
    if found then
      return;
    end if;
  end if;
  raise exception 'it is not the turn of the event' using errcode = '55000';
end $$;
revoke all on function leads.take_turn from public;
grant execute on function leads.take_turn to leads_app;

create function leads.bury_event(of_source text, of_entity text, of_id uuid, of_type text, of_version bigint, request text, trace_parent text, payload text, why text) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:' || of_source);
  insert into leads.dead_letters (org_id, id, type, source, entity, entity_id, entity_version, request_id, trace, body, reason, at)
    values (org, uuidv7(), of_type, of_source, of_entity, of_id, of_version, request, trace_parent, payload, why, now())
    on conflict (org_id, source, entity, entity_id, entity_version) do nothing;
  if (of_source, of_entity) in (('orgs', 'member')) then
    insert into leads.blocked_entities (org_id, source, entity, entity_id, since, replay)
      values (org, of_source, of_entity, of_id, clock_timestamp(), false)
      on conflict do nothing;
  end if;
end $$;
revoke all on function leads.bury_event from public;
grant execute on function leads.bury_event to leads_app;

create function leads.ask_for_replay(of_source text, of_entity text, of_id uuid) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:leads');
  update leads.blocked_entities d set replay = true where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id;
  return found;
end $$;
revoke all on function leads.ask_for_replay from public;
grant execute on function leads.ask_for_replay to leads_app;

create function leads.pass_over_event(of_source text, of_entity text, of_id uuid) returns table (type text, entity_version bigint) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:leads');
  select d.type, d.entity_version into pass_over_event.type, pass_over_event.entity_version from leads.dead_letters d where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id order by d.entity_version limit 1;
  if pass_over_event.entity_version = 1 then
    insert into leads.inbox (org_id, id, source, entity, entity_id, version, at)
      values (org, uuidv7(), of_source, of_entity, of_id, 1, now())
      on conflict (org_id, source, entity, entity_id) do nothing;
  else
    update leads.inbox d set version = d.version + 1, at = now() where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id and d.version + 1 = pass_over_event.entity_version;
  end if;
  if found then
    return next;
  end if;
end $$;
revoke all on function leads.pass_over_event from public;
grant execute on function leads.pass_over_event to leads_app;

create function leads.dig_up_events(of_source text, of_entity text, of_id uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:leads');
  delete from leads.dead_letters d where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id;
end $$;
revoke all on function leads.dig_up_events from public;
grant execute on function leads.dig_up_events to leads_app;

create function leads.forget_blocked(of_source text, of_entity text, of_id uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:leads');
  update leads.blocked_entities d set replay = false where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id;
  delete from leads.blocked_entities d where d.org_id = org and d.source = of_source and d.entity = of_entity and d.entity_id = of_id
    and not exists (select from leads.dead_letters l where l.org_id = d.org_id and l.source = d.source and l.entity = d.entity and l.entity_id = d.entity_id);
end $$;
revoke all on function leads.forget_blocked from public;
grant execute on function leads.forget_blocked to leads_app;

create function leads.blocked_entities() returns table (org_id uuid, source text, entity text, entity_id uuid, since timestamptz, replay boolean) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query with recursive present (id) as (
    (select r.org_id from leads.blocked_entities r order by r.org_id limit 1)
    union all
    select (select r.org_id from leads.blocked_entities r where r.org_id > o.id order by r.org_id limit 1) from present o where o.id is not null)
  select d.org_id, d.source, d.entity, d.entity_id, d.since, d.replay from present o cross join lateral (
    select r.*, row_number() over (order by r.replay desc, r.since) as nth from leads.blocked_entities r
    where r.org_id = o.id order by r.replay desc, r.since limit 200) d
  order by d.replay desc, d.nth, d.since limit 2000;
end $$;
revoke all on function leads.blocked_entities from public;
grant execute on function leads.blocked_entities to leads_app;

create function leads.delete_members(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from leads.members d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function leads.delete_members from public;
grant execute on function leads.delete_members to leads_app;

grant select, insert, update (heard_at) on leads.members to leads_app;

grant select on leads.inbox to leads_app;

grant select on leads.dead_letters to leads_app;

grant select, insert, update (source, mark) on leads.event_positions to leads_app;
