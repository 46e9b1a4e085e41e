-- Every policy asks for the tenant's key before any condition of an asker's can be evaluated, and every index of a table that
-- a runtime role may touch begins with it. `prepareDatabase` makes what the policies compare with; run it before this.

-- Platform tables get a key too, the same in every row.

alter table "orgs"."platform_commands" add column "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f';
alter table "orgs"."platform_commands" drop constraint "platform_commands_pkey", add primary key ("realm", "id");
drop index "orgs"."platform_commands_created_at_index";
alter table "orgs"."platform_commands" drop constraint "platform_commands_actor_message_type_idempotency_key_unique";
create index "platform_commands_realm_created_at_index" on "orgs"."platform_commands" ("realm", "created_at");
alter table "orgs"."platform_commands" add constraint "platform_commands_realm_actor_message_type_idempo_cdae5_unique" unique ("realm", "actor", "message_type", "idempotency_key");

drop policy "tenancy_restrictive" on "orgs"."access_changes";
drop policy "tenancy_permissive" on "orgs"."access_changes";
create policy "tenancy_permissive_orgs_owner" on "orgs"."access_changes" to "orgs_owner" using (true) with check (true);

drop policy "tenancy_restrictive" on "orgs"."audit_entries";
drop policy "tenancy_permissive" on "orgs"."audit_entries";
create policy "tenancy_restrictive" on "orgs"."audit_entries" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."audit_entries" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));

drop policy "tenancy_restrictive" on "orgs"."audit_heads";
drop policy "tenancy_permissive" on "orgs"."audit_heads";
create policy "tenancy_restrictive" on "orgs"."audit_heads" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."audit_heads" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));

drop policy "tenancy_restrictive" on "orgs"."invitations";
drop policy "tenancy_permissive" on "orgs"."invitations";
create policy "tenancy_restrictive" on "orgs"."invitations" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."invitations" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));

drop policy "tenancy_restrictive" on "orgs"."invitation_links";
drop policy "tenancy_permissive" on "orgs"."invitation_links";
create policy "tenancy_permissive_orgs_owner" on "orgs"."invitation_links" to "orgs_owner" using (true) with check (true);

drop policy "tenancy_restrictive" on "orgs"."members";
drop policy "tenancy_permissive" on "orgs"."members";
create policy "tenancy_restrictive" on "orgs"."members" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."members" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));

drop policy "tenancy_restrictive" on "orgs"."organizations";
drop policy "tenancy_permissive" on "orgs"."organizations";
create policy "tenancy_restrictive" on "orgs"."organizations" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."organizations" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));

drop policy "tenancy_restrictive" on "orgs"."org_commands";
drop policy "tenancy_permissive" on "orgs"."org_commands";
create policy "tenancy_restrictive" on "orgs"."org_commands" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."org_commands" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()));

drop policy "tenancy_restrictive" on "orgs"."outbox";
drop policy "tenancy_permissive" on "orgs"."outbox";
create policy "tenancy_restrictive_orgs_owner" on "orgs"."outbox" as restrictive to "orgs_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_orgs_owner" on "orgs"."outbox" to "orgs_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_orgs_relay" on "orgs"."outbox" to "orgs_relay" using (true) with check (true);

drop policy "tenancy_restrictive" on "orgs"."person_commands";
drop policy "tenancy_permissive" on "orgs"."person_commands";
create policy "tenancy_restrictive" on "orgs"."person_commands" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "orgs"."person_commands" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id()));

drop policy "tenancy_restrictive" on "orgs"."platform_commands";
drop policy "tenancy_permissive" on "orgs"."platform_commands";
create policy "tenancy_restrictive" on "orgs"."platform_commands" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "orgs"."platform_commands" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm()));

drop policy "tenancy_restrictive" on "orgs"."seats";
drop policy "tenancy_permissive" on "orgs"."seats";
create policy "tenancy_permissive_orgs_owner" on "orgs"."seats" to "orgs_owner" using (true) with check (true);

drop policy "tenancy_restrictive" on "orgs"."slugs";
drop policy "tenancy_permissive" on "orgs"."slugs";
create policy "tenancy_permissive_orgs_owner" on "orgs"."slugs" to "orgs_owner" using (true) with check (true);

-- The runtime role reaches its outbox through functions only: what an organization writes there holds up nobody else.
alter table "orgs"."outbox" add column "refused" text null;
drop index orgs.outbox_unpublished;
create index outbox_unpublished on orgs.outbox (org_id, created_at, id) where published_at is null;
revoke all on orgs.outbox from orgs_app;
grant update (refused) on orgs.outbox to orgs_relay;

create or replace function orgs.write_event(told text, subject uuid, by_actor text, person uuid, request text, trace_parent text, payload text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
  of text := case told when 'orgs.member.changed.v1' then 'member' when 'orgs.member.gone.v1' then 'member' when 'orgs.member.joined.v1' then 'member' when 'orgs.org.changed.v1' then 'org' when 'orgs.org.created.v1' then 'org' when 'orgs.org.deleted.v1' then 'org' end;
begin
  by_actor := tenancy.acting(by_actor);
  if of is null then
    raise exception 'no such event: %', left(told, 100) using errcode = '22023';
  end if;
  if octet_length(payload) > 262144 or greatest(length(by_actor), length(request), length(trace_parent)) > 512 then
    raise exception 'the event is too large' using errcode = '54000';
  end if;
  insert into orgs.outbox (org_id, id, type, entity, entity_id, entity_version, actor, person_id, request_id, trace, body, created_at, written_in)
    select org, uuidv7(), told, of, subject, coalesce(max(o.entity_version), 0) + 1, by_actor, person, request, trace_parent, payload,
      clock_timestamp(), pg_current_xact_id()::text::bigint
    from orgs.outbox o where o.org_id = org and o.entity = of and o.entity_id = subject;
end
$$;
revoke all on function orgs.write_event from public;
grant execute on function orgs.write_event to orgs_app;

create or replace function orgs.events_of_entity(of text, subject uuid, after bigint, most int) returns table (event uuid, told text, event_version float8, request text, trace_parent text, payload text, at timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  return query select o.id, o.type, o.entity_version::float8, o.request_id, o.trace, o.body, o.created_at::timestamptz
    from orgs.outbox o where o.org_id = org and o.entity = of and o.entity_id = subject and o.entity_version > after
    order by o.entity_version limit most;
end
$$;
revoke all on function orgs.events_of_entity from public;
grant execute on function orgs.events_of_entity to orgs_app;

create or replace function orgs.events_since(after uuid, from_start boolean, most int) returns table (event uuid, told text, subject uuid, event_version float8, person uuid, payload text, at timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  return query select e.id, e.type, e.entity_id, e.entity_version::float8, e.person_id, e.body, e.created_at::timestamptz
    from (select o.written_in, o.id from orgs.outbox o where o.org_id = org and o.id = after
      union all select 0, after where from_start) p
    left join lateral (select * from orgs.outbox o where o.org_id = org and (o.written_in, o.id) > (p.written_in, p.id) and o.written_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
      order by o.written_in, o.id limit most) e on true;
end
$$;
revoke all on function orgs.events_since from public;
grant execute on function orgs.events_since to orgs_app;

create or replace function orgs.newest_event() returns table (event uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  return query select o.id from orgs.outbox o where o.org_id = org and o.written_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint order by o.written_in desc, o.id desc limit 1;
end
$$;
revoke all on function orgs.newest_event from public;
grant execute on function orgs.newest_event to orgs_app;
