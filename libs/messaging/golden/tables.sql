-- Tables, keys, policies, rules, bounds and rights, written by schema.write.js. Functions are the files of functions/
-- and of the libraries, applied behind it: none is needed by a generated column, an index, a check or a policy.

create table "sample"."blocked_entities" (
  "org_id" uuid not null,
  "source" text not null,
  "entity" text not null,
  "entity_id" uuid not null,
  "since" timestamptz(3) not null,
  "replay" boolean not null,
  primary key ("org_id", "source", "entity", "entity_id")
);
create index blocked_entities_in_turn on sample.blocked_entities (org_id, replay desc, since);

create table "sample"."dead_letters" (
  "org_id" uuid not null,
  "id" uuid not null,
  "type" text not null,
  "source" text not null,
  "entity" text not null,
  "entity_id" uuid not null,
  "entity_version" bigint not null,
  "request_id" text not null,
  "trace" text null,
  "body" text not null,
  "reason" text not null,
  "at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "sample"."dead_letters" add constraint "dead_letters_org_id_source_entity_entity_id_entit_d8767_unique" unique ("org_id", "source", "entity", "entity_id", "entity_version");

create table "sample"."event_positions" (
  "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f',
  "id" uuid not null,
  "source" text not null,
  "mark" text not null,
  primary key ("realm", "id")
);
alter table "sample"."event_positions" add constraint "event_positions_realm_source_unique" unique ("realm", "source");

create table "sample"."inbox" (
  "org_id" uuid not null,
  "id" uuid not null,
  "source" text not null,
  "entity" text not null,
  "entity_id" uuid not null,
  "version" bigint not null,
  "at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "sample"."inbox" add constraint "inbox_org_id_source_entity_entity_id_unique" unique ("org_id", "source", "entity", "entity_id");

create table "sample"."outbox" (
  "org_id" uuid not null,
  "id" uuid not null,
  "type" text not null,
  "entity" text not null,
  "entity_id" uuid not null,
  "entity_version" bigint not null,
  "actor" text not null,
  "person_id" uuid null,
  "request_id" text not null,
  "trace" text null,
  "body" text not null,
  "created_at" timestamptz(3) not null,
  "written_in" bigint not null,
  "published_at" timestamptz(3) null,
  "refused" text null,
  primary key ("org_id", "id")
);
create index outbox_unpublished on sample.outbox (org_id, created_at, id) where published_at is null;
create index outbox_committed on sample.outbox (written_in, id);
create index outbox_of_org on sample.outbox (org_id, written_in, id);
alter table "sample"."outbox" add constraint "outbox_org_id_entity_entity_id_entity_version_unique" unique ("org_id", "entity", "entity_id", "entity_version");

alter table "sample"."blocked_entities" enable row level security;
alter table "sample"."blocked_entities" force row level security;
create policy "tenancy_permissive_sample_owner" on "sample"."blocked_entities" to "sample_owner" using (true) with check (true);
alter table "sample"."dead_letters" enable row level security;
alter table "sample"."dead_letters" force row level security;
create policy "tenancy_restrictive" on "sample"."dead_letters" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "sample"."dead_letters" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "sample"."event_positions" enable row level security;
alter table "sample"."event_positions" force row level security;
create policy "tenancy_restrictive" on "sample"."event_positions" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "sample"."event_positions" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
alter table "sample"."inbox" enable row level security;
alter table "sample"."inbox" force row level security;
create policy "tenancy_restrictive" on "sample"."inbox" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "sample"."inbox" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "sample"."outbox" enable row level security;
alter table "sample"."outbox" force row level security;
create policy "tenancy_restrictive_sample_owner" on "sample"."outbox" as restrictive to "sample_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_sample_owner" on "sample"."outbox" to "sample_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_sample_relay" on "sample"."outbox" to "sample_relay" using (true) with check (true);

alter table sample.inbox add constraint inbox_version check (version > 0);

alter table sample.outbox add constraint outbox_sized check (octet_length(type) <= 10000 and octet_length(entity) <= 10000 and octet_length(actor) <= 10000 and octet_length(request_id) <= 10000 and octet_length(trace) <= 10000 and octet_length(body) <= 262144 and octet_length(refused) <= 10000) not valid;

alter table sample.inbox add constraint inbox_sized check (octet_length(source) <= 10000 and octet_length(entity) <= 10000) not valid;

alter table sample.dead_letters add constraint dead_letters_sized check (octet_length(type) <= 10000 and octet_length(source) <= 10000 and octet_length(entity) <= 10000 and octet_length(request_id) <= 10000 and octet_length(trace) <= 10000 and octet_length(body) <= 1048576 and octet_length(reason) <= 10000) not valid;

alter table sample.blocked_entities add constraint blocked_entities_sized check (octet_length(source) <= 10000 and octet_length(entity) <= 10000) not valid;

alter table sample.event_positions add constraint event_positions_sized check (octet_length(source) <= 10000 and octet_length(mark) <= 10000) not valid;

grant select, update (published_at, refused) on sample.outbox to sample_relay;

grant select on sample.inbox to sample_app;

grant select on sample.dead_letters to sample_app;

grant select, insert, update (source, mark) on sample.event_positions to sample_app;
