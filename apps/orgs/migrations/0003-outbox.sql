create table "orgs"."outbox" ("org_id" uuid not null, "id" uuid not null, "type" text not null, "entity" text not null, "entity_id" uuid not null, "entity_version" bigint not null, "actor" text not null, "person_id" uuid null, "request_id" text not null, "trace" text null, "body" text not null, "created_at" timestamptz(3) not null, "written_in" bigint not null, "published_at" timestamptz(3) null, primary key ("org_id", "id"));
create index outbox_unpublished on orgs.outbox (created_at, id) where published_at is null;
create index outbox_committed on orgs.outbox (written_in, id);
create index outbox_of_org on orgs.outbox (org_id, written_in, id);
alter table "orgs"."outbox" add constraint "outbox_org_id_entity_entity_id_entity_version_unique" unique ("org_id", "entity", "entity_id", "entity_version");

alter table "orgs"."outbox" enable row level security;
alter table "orgs"."outbox" force row level security;
create policy "tenancy_restrictive" on "orgs"."outbox" as restrictive using (case when current_user = 'orgs_relay' then true else org_id = (select case when current_user in ('orgs_relay') then null else tenancy.org_id() end) end) with check (case when current_user = 'orgs_relay' then true else org_id = (select case when current_user in ('orgs_relay') then null else tenancy.org_id() end) end);
create policy "tenancy_permissive" on "orgs"."outbox" using (case when current_user = 'orgs_relay' then true else org_id = (select case when current_user in ('orgs_relay') then null else tenancy.org_id() end) end) with check (case when current_user = 'orgs_relay' then true else org_id = (select case when current_user in ('orgs_relay') then null else tenancy.org_id() end) end);

grant select, insert on orgs.outbox to orgs_app;
grant select, update (published_at) on orgs.outbox to orgs_relay;

-- What was before is told like what comes after. The owner steps over its own policies for this one statement; nobody else
-- can: the tables are locked until the migration commits.
alter table orgs.organizations no force row level security;
alter table orgs.members no force row level security;
alter table orgs.outbox no force row level security;
insert into orgs.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
select o.org_id, gen_random_uuid(), 'orgs.org.created.v1', 'org', o.org_id, 1, 'system:orgs', 'migration',
  json_build_object('slug', o.slug, 'time_zone', o.time_zone, 'currency', o.currency, 'status', case o.status when 'deleted' then 'suspended' else o.status end)::text,
  now(), pg_current_xact_id()::text::bigint
from orgs.organizations o;
insert into orgs.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
select o.org_id, gen_random_uuid(), 'orgs.org.deleted.v1', 'org', o.org_id, 2, 'system:orgs', 'migration',
  json_build_object('purge_after', to_char(o.purge_after at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text, now(), pg_current_xact_id()::text::bigint
from orgs.organizations o where o.status = 'deleted' and o.purge_after is not null;
insert into orgs.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
select m.org_id, gen_random_uuid(), 'orgs.member.joined.v1', 'member', m.id, 1, 'system:orgs', 'migration', json_build_object('role', m.role)::text, now(), pg_current_xact_id()::text::bigint
from orgs.members m;
alter table orgs.organizations force row level security;
alter table orgs.members force row level security;
alter table orgs.outbox force row level security;
