create table "leads"."outbox" ("org_id" uuid not null, "id" uuid not null, "type" text not null, "entity" text not null, "entity_id" uuid not null, "entity_version" bigint not null, "actor" text not null, "person_id" uuid null, "request_id" text not null, "trace" text null, "body" text not null, "created_at" timestamptz(3) not null, "written_in" bigint not null, "published_at" timestamptz(3) null, primary key ("org_id", "id"));
create index outbox_unpublished on leads.outbox (created_at, id) where published_at is null;
create index outbox_committed on leads.outbox (written_in, id);
create index outbox_of_org on leads.outbox (org_id, written_in, id);
alter table "leads"."outbox" add constraint "outbox_org_id_entity_entity_id_entity_version_unique" unique ("org_id", "entity", "entity_id", "entity_version");

alter table "leads"."outbox" enable row level security;
alter table "leads"."outbox" force row level security;
create policy "tenancy_restrictive" on "leads"."outbox" as restrictive using (case when current_user = 'leads_relay' then true else org_id = (select case when current_user in ('leads_relay') then null else tenancy.org_id() end) end) with check (case when current_user = 'leads_relay' then true else org_id = (select case when current_user in ('leads_relay') then null else tenancy.org_id() end) end);
create policy "tenancy_permissive" on "leads"."outbox" using (case when current_user = 'leads_relay' then true else org_id = (select case when current_user in ('leads_relay') then null else tenancy.org_id() end) end) with check (case when current_user = 'leads_relay' then true else org_id = (select case when current_user in ('leads_relay') then null else tenancy.org_id() end) end);

grant select, insert on leads.outbox to leads_app;
grant select, update (published_at) on leads.outbox to leads_relay;
