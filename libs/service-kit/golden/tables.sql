-- Tables, keys, policies, rules, bounds and rights, written by schema.write.js. Functions are the files of functions/
-- and of the libraries, applied behind it: none is needed by a generated column, an index, a check or a policy.

create table "sample"."audit_entries" (
  "org_id" uuid not null,
  "id" uuid not null,
  "seq" bigint not null,
  "at" timestamptz not null,
  "actor" text not null,
  "action" text not null,
  "outcome" text not null,
  "subject" text null,
  "detail" jsonb not null,
  "request_id" text not null,
  "hash" text not null,
  primary key ("org_id", "id")
);
create index "audit_entries_org_id_actor_seq_index" on "sample"."audit_entries" ("org_id", "actor", "seq");
alter table "sample"."audit_entries" add constraint "audit_entries_org_id_seq_unique" unique ("org_id", "seq");

create table "sample"."audit_heads" (
  "org_id" uuid not null,
  "id" uuid not null,
  "seq" bigint not null,
  "hash" text not null,
  primary key ("org_id", "id")
);

create table "sample"."org_commands" (
  "org_id" uuid not null,
  "id" uuid not null,
  "actor" text not null,
  "message_type" text not null,
  "idempotency_key" text not null,
  "request_hash" text not null,
  "reply" text not null,
  "created_at" timestamptz not null default now(),
  primary key ("org_id", "id")
);
create index "org_commands_org_id_created_at_index" on "sample"."org_commands" ("org_id", "created_at");
alter table "sample"."org_commands" add constraint "org_commands_org_id_actor_message_type_idempotency_key_unique" unique ("org_id", "actor", "message_type", "idempotency_key");

create table "sample"."person_commands" (
  "user_id" uuid not null,
  "id" uuid not null,
  "actor" text not null,
  "message_type" text not null,
  "idempotency_key" text not null,
  "request_hash" text not null,
  "reply" text not null,
  "created_at" timestamptz not null default now(),
  primary key ("user_id", "id")
);
create index "person_commands_user_id_created_at_index" on "sample"."person_commands" ("user_id", "created_at");
alter table "sample"."person_commands" add constraint "person_commands_user_id_actor_message_type_idempo_868c2_unique" unique ("user_id", "actor", "message_type", "idempotency_key");

create table "sample"."platform_commands" (
  "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f',
  "id" uuid not null,
  "actor" text not null,
  "message_type" text not null,
  "idempotency_key" text not null,
  "request_hash" text not null,
  "reply" text not null,
  "created_at" timestamptz not null default now(),
  primary key ("realm", "id")
);
create index "platform_commands_realm_created_at_index" on "sample"."platform_commands" ("realm", "created_at");
alter table "sample"."platform_commands" add constraint "platform_commands_realm_actor_message_type_idempo_cdae5_unique" unique ("realm", "actor", "message_type", "idempotency_key");

create table "sample"."purge_receipts" (
  "org_id" uuid not null,
  "id" uuid not null,
  "table_name" text not null,
  "outcome" text not null,
  "row_count" bigint not null,
  "noted_at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "sample"."purge_receipts" add constraint "purge_receipts_org_id_table_name_outcome_unique" unique ("org_id", "table_name", "outcome");

create table "sample"."mails" (
  "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f',
  "id" uuid not null,
  "turn" uuid not null,
  "sealed" text not null,
  "attempts" int not null default 0,
  "due_at" timestamptz(3) not null,
  "until" timestamptz(3) not null,
  primary key ("realm", "id")
);
create index "mails_realm_turn_due_at_index" on "sample"."mails" ("realm", "turn", "due_at");

alter table "sample"."audit_entries" enable row level security;
alter table "sample"."audit_entries" force row level security;
create policy "tenancy_restrictive" on "sample"."audit_entries" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "sample"."audit_entries" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "sample"."audit_heads" enable row level security;
alter table "sample"."audit_heads" force row level security;
create policy "tenancy_restrictive" on "sample"."audit_heads" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "sample"."audit_heads" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "sample"."org_commands" enable row level security;
alter table "sample"."org_commands" force row level security;
create policy "tenancy_restrictive" on "sample"."org_commands" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "sample"."org_commands" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "sample"."person_commands" enable row level security;
alter table "sample"."person_commands" force row level security;
create policy "tenancy_restrictive" on "sample"."person_commands" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "sample"."person_commands" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
alter table "sample"."platform_commands" enable row level security;
alter table "sample"."platform_commands" force row level security;
create policy "tenancy_restrictive" on "sample"."platform_commands" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "sample"."platform_commands" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
alter table "sample"."purge_receipts" enable row level security;
alter table "sample"."purge_receipts" force row level security;
create policy "tenancy_restrictive" on "sample"."purge_receipts" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "sample"."purge_receipts" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "sample"."mails" enable row level security;
alter table "sample"."mails" force row level security;
create policy "tenancy_restrictive" on "sample"."mails" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "sample"."mails" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));

alter table sample.audit_entries add constraint audit_entries_sized check (octet_length(actor) <= 10000 and octet_length(action) <= 10000 and octet_length(outcome) <= 10000 and octet_length(subject) <= 10000 and octet_length(detail::text) <= 16384 and octet_length(request_id) <= 10000 and octet_length(hash) <= 10000) not valid;

alter table sample.audit_heads add constraint audit_heads_sized check (octet_length(hash) <= 10000) not valid;

alter table sample.org_commands add constraint org_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table sample.person_commands add constraint person_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table sample.platform_commands add constraint platform_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table sample.mails add constraint mails_sized check (octet_length(sealed) <= 10000) not valid;

alter table sample.purge_receipts add constraint purge_receipts_sized check (octet_length(table_name) <= 63 and octet_length(outcome) <= 20) not valid;

grant select on sample.audit_entries to sample_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on sample.org_commands to sample_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on sample.person_commands to sample_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on sample.platform_commands to sample_app;

grant select, insert, update (turn, sealed, attempts, due_at, until) on sample.mails to sample_app;

grant select on sample.purge_receipts to sample_app;
