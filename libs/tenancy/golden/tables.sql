-- Tables, keys, policies, rules, bounds and rights, written by schema.write.js. Functions are the files of functions/
-- and of the libraries, applied behind it: none is needed by a generated column, an index, a check or a policy.

create table "every"."books" (
  "org_id" uuid not null,
  "id" uuid not null,
  "text" text not null,
  primary key ("org_id", "id")
);

create table "every"."heads" (
  "org_id" uuid not null,
  "id" uuid not null,
  "text" text not null,
  primary key ("org_id", "id")
);

create table "every"."leads" (
  "org_id" uuid not null,
  "id" uuid not null,
  "title" text not null,
  "note" text null,
  "data" jsonb not null,
  "list" text[] not null,
  "seen" boolean not null default false,
  "made_at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
create index "leads_org_id_made_at_title_index" on "every"."leads" ("org_id", "made_at", "title");
create index leads_seen on every.leads (org_id) where seen;
alter table "every"."leads" add constraint "leads_org_id_title_unique" unique ("org_id", "title");

create table "every"."mails" (
  "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f',
  "id" uuid not null,
  "title" text not null,
  "note" text null,
  "data" jsonb not null,
  "list" text[] not null,
  "seen" boolean not null default false,
  "made_at" timestamptz(3) not null,
  primary key ("realm", "id")
);

create table "every"."notes" (
  "org_id" uuid not null,
  "user_id" uuid not null,
  "id" uuid not null,
  "title" text not null,
  "note" text null,
  "data" jsonb not null,
  "list" text[] not null,
  "seen" boolean not null default false,
  "made_at" timestamptz(3) not null,
  primary key ("org_id", "user_id", "id")
);
alter table "every"."notes" add constraint "notes_org_id_user_id_title_unique" unique ("org_id", "user_id", "title");

create table "every"."outbox" (
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
create index outbox_unpublished on every.outbox (org_id, created_at, id) where published_at is null;
create index outbox_committed on every.outbox (written_in, id);
create index outbox_of_org on every.outbox (org_id, written_in, id);
alter table "every"."outbox" add constraint "outbox_org_id_entity_entity_id_entity_version_unique" unique ("org_id", "entity", "entity_id", "entity_version");

create table "every"."sessions" (
  "user_id" uuid not null,
  "id" uuid not null,
  "title" text not null,
  "note" text null,
  "data" jsonb not null,
  "list" text[] not null,
  "seen" boolean not null default false,
  "made_at" timestamptz(3) not null,
  primary key ("user_id", "id")
);
create index "sessions_user_id_made_at_index" on "every"."sessions" ("user_id", "made_at");

create table "every"."slugs" (
  "slug" text not null,
  "org_id" uuid not null,
  primary key ("slug")
);

create table "every"."traces" (
  "org_id" uuid not null,
  "id" uuid not null,
  "text" text not null,
  primary key ("org_id", "id")
);

create table "every"."wallets" (
  "org_id" uuid not null,
  "id" uuid not null,
  "stars" int not null,
  primary key ("org_id", "id")
);

alter table "every"."books" enable row level security;
alter table "every"."books" force row level security;
create policy "tenancy_restrictive" on "every"."books" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "every"."books" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "every"."heads" enable row level security;
alter table "every"."heads" force row level security;
create policy "tenancy_restrictive" on "every"."heads" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "every"."heads" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "every"."leads" enable row level security;
alter table "every"."leads" force row level security;
create policy "tenancy_restrictive" on "every"."leads" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "every"."leads" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "every"."mails" enable row level security;
alter table "every"."mails" force row level security;
create policy "tenancy_restrictive" on "every"."mails" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "every"."mails" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
alter table "every"."notes" enable row level security;
alter table "every"."notes" force row level security;
create policy "tenancy_restrictive" on "every"."notes" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()) and user_id operator(tenancy_hidden.===) (select tenancy.actor_id()) and user_id = (select tenancy.actor_id())) with check (org_id = (select tenancy.org_id()) and user_id = (select tenancy.actor_id()));
create policy "tenancy_permissive" on "every"."notes" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id()) and user_id operator(tenancy_hidden.===) (select tenancy.actor_id()) and user_id = (select tenancy.actor_id())) with check (org_id = (select tenancy.org_id()) and user_id = (select tenancy.actor_id()));
alter table "every"."outbox" enable row level security;
alter table "every"."outbox" force row level security;
create policy "tenancy_restrictive_every_owner" on "every"."outbox" as restrictive to "every_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_every_owner" on "every"."outbox" to "every_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_every_relay" on "every"."outbox" to "every_relay" using (true) with check (true);
alter table "every"."sessions" enable row level security;
alter table "every"."sessions" force row level security;
create policy "tenancy_restrictive" on "every"."sessions" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "every"."sessions" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
alter table "every"."slugs" enable row level security;
alter table "every"."slugs" force row level security;
create policy "tenancy_permissive_every_owner" on "every"."slugs" to "every_owner" using (true) with check (true);
alter table "every"."traces" enable row level security;
alter table "every"."traces" force row level security;
create policy "tenancy_restrictive" on "every"."traces" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "every"."traces" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "every"."wallets" enable row level security;
alter table "every"."wallets" force row level security;
create policy "tenancy_restrictive_every_app" on "every"."wallets" as restrictive to "every_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_every_app" on "every"."wallets" to "every_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_every_owner" on "every"."wallets" as restrictive to "every_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_every_owner" on "every"."wallets" to "every_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_every_checker" on "every"."wallets" for select to "every_checker" using (true);

alter table every.leads add constraint leads_sized check (octet_length(title) <= 10000 and octet_length(note) <= 40 and octet_length(data::text) <= 100000 and octet_length(list::text) <= 65536) not valid;

alter table every.traces add constraint traces_sized check (octet_length(text) <= 10000) not valid;

alter table every.books add constraint books_sized check (octet_length(text) <= 10000) not valid;

alter table every.heads add constraint heads_sized check (octet_length(text) <= 10000) not valid;

alter table every.notes add constraint notes_sized check (octet_length(title) <= 10000 and octet_length(note) <= 10000 and octet_length(data::text) <= 65536 and octet_length(list::text) <= 65536) not valid;

alter table every.sessions add constraint sessions_sized check (octet_length(title) <= 10000 and octet_length(note) <= 10000 and octet_length(data::text) <= 65536 and octet_length(list::text) <= 65536) not valid;

alter table every.mails add constraint mails_sized check (octet_length(title) <= 10000 and octet_length(note) <= 10000 and octet_length(data::text) <= 65536 and octet_length(list::text) <= 65536) not valid;

alter table every.slugs add constraint slugs_sized check (octet_length(slug) <= 10000) not valid;

alter table every.outbox add constraint outbox_sized check (octet_length(type) <= 10000 and octet_length(entity) <= 10000 and octet_length(actor) <= 10000 and octet_length(request_id) <= 10000 and octet_length(trace) <= 10000 and octet_length(body) <= 262144 and octet_length(refused) <= 10000) not valid;

grant select, insert (org_id, id, title, note, data, list, made_at), update (title, note, data, list) on every.leads to every_app;

grant select, insert on every.traces to every_app;

grant select on every.books to every_app;

grant select, insert, update (title, note, data, list, seen, made_at) on every.notes to every_app;

grant select, insert, update (title, note, data, list, seen, made_at) on every.sessions to every_app;

grant select, insert, update (title, note, data, list, seen, made_at) on every.mails to every_app;

grant select on every.wallets to every_app;

grant select on every.wallets to every_checker;

grant select, update (published_at, refused) on every.outbox to every_relay;
