-- Tables, keys, policies, rules, bounds and rights, written by schema.write.js. Functions are the files of functions/
-- and of the libraries, applied behind it: none is needed by a generated column, an index, a check or a policy.

create table "orgs"."access_changes" (
  "id" uuid not null,
  "org_id" uuid not null,
  "user_id" uuid null,
  "changed_in" bigint not null,
  "at" timestamptz not null,
  primary key ("id")
);
create index "access_changes_changed_in_index" on "orgs"."access_changes" ("changed_in");
create index "access_changes_at_index" on "orgs"."access_changes" ("at");

create table "orgs"."audit_entries" (
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
create index "audit_entries_org_id_actor_seq_index" on "orgs"."audit_entries" ("org_id", "actor", "seq");
alter table "orgs"."audit_entries" add constraint "audit_entries_org_id_seq_unique" unique ("org_id", "seq");

create table "orgs"."audit_heads" (
  "org_id" uuid not null,
  "id" uuid not null,
  "seq" bigint not null,
  "hash" text not null,
  primary key ("org_id", "id")
);

create table "orgs"."creations" (
  "user_id" uuid not null,
  "place" int not null,
  "org_id" uuid not null,
  primary key ("user_id", "place")
);
alter table "orgs"."creations" add constraint "creations_org_id_unique" unique ("org_id");

create table "orgs"."invitations" (
  "org_id" uuid not null,
  "id" uuid not null,
  "email" text not null,
  "role" text not null,
  "status" text not null,
  "mail" text null,
  "invited_by" uuid not null,
  "accepted_by" uuid null,
  "created_at" timestamptz(3) not null,
  "expires_at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
create index "invitations_org_id_created_at_index" on "orgs"."invitations" ("org_id", "created_at");
create unique index invitations_one_pending on orgs.invitations (org_id, email) where status = 'pending';
create index invitations_of_address on orgs.invitations (org_id, left(email, 254), created_at);
alter table "orgs"."invitations" add constraint "invitations_role_check" check ("role" in ('owner', 'admin', 'member', 'viewer'));
alter table "orgs"."invitations" add constraint "invitations_status_check" check ("status" in ('pending', 'accepted', 'revoked', 'superseded'));
alter table "orgs"."invitations" add constraint "invitations_mail_check" check ("mail" in ('waiting', 'sent', 'failed'));

create table "orgs"."invitation_links" (
  "token_hash" text not null,
  "org_id" uuid not null,
  "invitation_id" uuid not null,
  "opened_at" timestamptz(6) not null,
  "closed" boolean not null default false,
  "of_before" boolean not null default false,
  primary key ("token_hash", "org_id")
);
create index "invitation_links_org_id_invitation_id_index" on "orgs"."invitation_links" ("org_id", "invitation_id");

create table "orgs"."members" (
  "org_id" uuid not null,
  "id" uuid not null,
  "email" text not null,
  "name" text not null,
  "role" text not null,
  "joined_at" timestamptz(3) not null,
  "version" int not null default 1,
  primary key ("org_id", "id")
);
create index "members_org_id_email_index" on "orgs"."members" ("org_id", "email");
create index "members_org_id_joined_at_id_index" on "orgs"."members" ("org_id", "joined_at", "id");
alter table "orgs"."members" add constraint "members_role_check" check ("role" in ('owner', 'admin', 'member', 'viewer'));

create table "orgs"."organizations" (
  "org_id" uuid not null,
  "id" uuid not null,
  "slug" text not null,
  "name" text not null,
  "description" text null,
  "country" text null,
  "time_zone" text not null,
  "language" text not null,
  "currency" text not null,
  "mfa_required" boolean not null default false,
  "status" text not null default 'active',
  "created_at" timestamptz(3) not null,
  "deleted_at" timestamptz(3) null,
  "purge_after" timestamptz(3) null,
  "version" int not null default 1,
  primary key ("org_id", "id")
);
alter table "orgs"."organizations" add constraint "organizations_status_check" check ("status" in ('active', 'deleted'));

create table "orgs"."org_commands" (
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
create index "org_commands_org_id_created_at_index" on "orgs"."org_commands" ("org_id", "created_at");
alter table "orgs"."org_commands" add constraint "org_commands_org_id_actor_message_type_idempotency_key_unique" unique ("org_id", "actor", "message_type", "idempotency_key");

create table "orgs"."outbox" (
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
create index outbox_unpublished on orgs.outbox (org_id, created_at, id) where published_at is null;
create index outbox_committed on orgs.outbox (written_in, id);
create index outbox_of_org on orgs.outbox (org_id, written_in, id);
alter table "orgs"."outbox" add constraint "outbox_org_id_entity_entity_id_entity_version_unique" unique ("org_id", "entity", "entity_id", "entity_version");

create table "orgs"."person_commands" (
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
create index "person_commands_user_id_created_at_index" on "orgs"."person_commands" ("user_id", "created_at");
alter table "orgs"."person_commands" add constraint "person_commands_user_id_actor_message_type_idempo_868c2_unique" unique ("user_id", "actor", "message_type", "idempotency_key");

create table "orgs"."platform_commands" (
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
create index "platform_commands_realm_created_at_index" on "orgs"."platform_commands" ("realm", "created_at");
alter table "orgs"."platform_commands" add constraint "platform_commands_realm_actor_message_type_idempo_cdae5_unique" unique ("realm", "actor", "message_type", "idempotency_key");

create table "orgs"."purges" (
  "org_id" uuid not null,
  "due_at" timestamptz(3) not null,
  "look_at" timestamptz(3) not null,
  "parts" jsonb not null,
  "purged_at" timestamptz(3) null,
  primary key ("org_id")
);
create index purges_due on orgs.purges (look_at) where purged_at is null;

create table "orgs"."purge_receipts" (
  "org_id" uuid not null,
  "id" uuid not null,
  "table_name" text not null,
  "outcome" text not null,
  "row_count" bigint not null,
  "noted_at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "orgs"."purge_receipts" add constraint "purge_receipts_org_id_table_name_outcome_unique" unique ("org_id", "table_name", "outcome");

create table "orgs"."seats" (
  "user_id" uuid not null,
  "slug" text not null,
  "org_id" uuid not null,
  "role" text not null,
  "version" int not null,
  primary key ("user_id", "slug")
);
create index "seats_org_id_user_id_index" on "orgs"."seats" ("org_id", "user_id");

create table "orgs"."slugs" (
  "slug" text not null,
  "org_id" uuid not null,
  "status" text not null,
  "mfa_required" boolean not null,
  primary key ("slug")
);
alter table "orgs"."slugs" add constraint "slugs_org_id_unique" unique ("org_id");
alter table "orgs"."slugs" add constraint "slugs_status_check" check ("status" in ('active', 'deleted'));

create table "orgs"."standings" (
  "org_id" uuid not null,
  "decision" int not null,
  "status" text not null,
  "reason" text null,
  "decided_by" text not null,
  "decided_at" timestamptz(3) not null,
  "request_id" text not null,
  "logged" boolean not null,
  primary key ("org_id", "decision")
);
create index standings_to_log on orgs.standings (org_id, decision) where not logged;
alter table "orgs"."standings" add constraint "standings_status_check" check ("status" in ('active', 'suspended'));

create table "orgs"."mails" (
  "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f',
  "id" uuid not null,
  "turn" uuid not null,
  "sealed" text not null,
  "attempts" int not null default 0,
  "due_at" timestamptz(3) not null,
  "until" timestamptz(3) not null,
  primary key ("realm", "id")
);
create index "mails_realm_turn_due_at_index" on "orgs"."mails" ("realm", "turn", "due_at");

alter table "orgs"."access_changes" enable row level security;
alter table "orgs"."access_changes" force row level security;
create policy "tenancy_permissive_orgs_owner" on "orgs"."access_changes" to "orgs_owner" using (true) with check (true);
alter table "orgs"."audit_entries" enable row level security;
alter table "orgs"."audit_entries" force row level security;
create policy "tenancy_restrictive" on "orgs"."audit_entries" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."audit_entries" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "orgs"."audit_heads" enable row level security;
alter table "orgs"."audit_heads" force row level security;
create policy "tenancy_restrictive" on "orgs"."audit_heads" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."audit_heads" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "orgs"."creations" enable row level security;
alter table "orgs"."creations" force row level security;
create policy "tenancy_permissive_orgs_owner" on "orgs"."creations" to "orgs_owner" using (true) with check (true);
alter table "orgs"."invitations" enable row level security;
alter table "orgs"."invitations" force row level security;
create policy "tenancy_restrictive" on "orgs"."invitations" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."invitations" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "orgs"."invitation_links" enable row level security;
alter table "orgs"."invitation_links" force row level security;
create policy "tenancy_permissive_orgs_owner" on "orgs"."invitation_links" to "orgs_owner" using (true) with check (true);
alter table "orgs"."members" enable row level security;
alter table "orgs"."members" force row level security;
create policy "tenancy_restrictive" on "orgs"."members" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."members" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "orgs"."organizations" enable row level security;
alter table "orgs"."organizations" force row level security;
create policy "tenancy_restrictive" on "orgs"."organizations" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."organizations" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "orgs"."org_commands" enable row level security;
alter table "orgs"."org_commands" force row level security;
create policy "tenancy_restrictive" on "orgs"."org_commands" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."org_commands" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "orgs"."outbox" enable row level security;
alter table "orgs"."outbox" force row level security;
create policy "tenancy_restrictive_orgs_owner" on "orgs"."outbox" as restrictive to "orgs_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_orgs_owner" on "orgs"."outbox" to "orgs_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_orgs_relay" on "orgs"."outbox" to "orgs_relay" using (true) with check (true);
alter table "orgs"."person_commands" enable row level security;
alter table "orgs"."person_commands" force row level security;
create policy "tenancy_restrictive" on "orgs"."person_commands" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "orgs"."person_commands" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
alter table "orgs"."platform_commands" enable row level security;
alter table "orgs"."platform_commands" force row level security;
create policy "tenancy_restrictive" on "orgs"."platform_commands" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "orgs"."platform_commands" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
alter table "orgs"."purges" enable row level security;
alter table "orgs"."purges" force row level security;
create policy "tenancy_permissive_orgs_owner" on "orgs"."purges" to "orgs_owner" using (true) with check (true);
alter table "orgs"."purge_receipts" enable row level security;
alter table "orgs"."purge_receipts" force row level security;
create policy "tenancy_restrictive" on "orgs"."purge_receipts" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."purge_receipts" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "orgs"."seats" enable row level security;
alter table "orgs"."seats" force row level security;
create policy "tenancy_permissive_orgs_owner" on "orgs"."seats" to "orgs_owner" using (true) with check (true);
alter table "orgs"."slugs" enable row level security;
alter table "orgs"."slugs" force row level security;
create policy "tenancy_permissive_orgs_owner" on "orgs"."slugs" to "orgs_owner" using (true) with check (true);
alter table "orgs"."standings" enable row level security;
alter table "orgs"."standings" force row level security;
create policy "tenancy_permissive_orgs_owner" on "orgs"."standings" to "orgs_owner" using (true) with check (true);
alter table "orgs"."mails" enable row level security;
alter table "orgs"."mails" force row level security;
create policy "tenancy_restrictive" on "orgs"."mails" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "orgs"."mails" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));

alter table orgs.organizations add constraint organizations_told check (length(name) between 1 and 200 and name !~ '[\u0001-\u001f\u007f-\u009f]' and slug ~ '^[a-z0-9-]{1,40}$' and id = org_id
  and time_zone ~ '^[A-Za-z0-9_+/-]{1,60}$' and length(language) between 1 and 35 and currency ~ '^[A-Z]{3}$' and version between 1 and 2000000000);

alter table orgs.organizations add constraint organizations_sized check (octet_length(slug) <= 10000 and octet_length(name) <= 10000 and octet_length(description) <= 10000 and octet_length(country) <= 10000 and octet_length(time_zone) <= 10000 and octet_length(language) <= 10000 and octet_length(currency) <= 10000 and octet_length(status) <= 10000) not valid;

alter table orgs.members add constraint members_sized check (octet_length(email) <= 10000 and octet_length(name) <= 10000 and octet_length(role) <= 10000) not valid;

alter table orgs.invitations add constraint invitations_sized check (octet_length(email) <= 10000 and octet_length(role) <= 10000 and octet_length(status) <= 10000 and octet_length(mail) <= 10000) not valid;

alter table orgs.slugs add constraint slugs_sized check (octet_length(slug) <= 10000 and octet_length(status) <= 10000) not valid;

alter table orgs.standings add constraint standings_sized check (octet_length(status) <= 10000 and octet_length(reason) <= 10000 and octet_length(decided_by) <= 10000 and octet_length(request_id) <= 10000) not valid;

alter table orgs.seats add constraint seats_sized check (octet_length(slug) <= 10000 and octet_length(role) <= 10000) not valid;

alter table orgs.invitation_links add constraint invitation_links_sized check (octet_length(token_hash) <= 200) not valid;

alter table orgs.purges add constraint purges_sized check (octet_length(parts::text) <= 65536) not valid;

alter table orgs.audit_entries add constraint audit_entries_sized check (octet_length(actor) <= 10000 and octet_length(action) <= 10000 and octet_length(outcome) <= 10000 and octet_length(subject) <= 10000 and octet_length(detail::text) <= 16384 and octet_length(request_id) <= 10000 and octet_length(hash) <= 10000) not valid;

alter table orgs.audit_heads add constraint audit_heads_sized check (octet_length(hash) <= 10000) not valid;

alter table orgs.org_commands add constraint org_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table orgs.person_commands add constraint person_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table orgs.platform_commands add constraint platform_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table orgs.mails add constraint mails_sized check (octet_length(sealed) <= 10000) not valid;

alter table orgs.outbox add constraint outbox_sized check (octet_length(type) <= 10000 and octet_length(entity) <= 10000 and octet_length(actor) <= 10000 and octet_length(request_id) <= 10000 and octet_length(trace) <= 10000 and octet_length(body) <= 262144 and octet_length(refused) <= 10000) not valid;

alter table orgs.purge_receipts add constraint purge_receipts_sized check (octet_length(table_name) <= 63 and octet_length(outcome) <= 20) not valid;

grant select, insert (org_id, id, slug, name, description, country, time_zone, language, currency, mfa_required, created_at, version), update (slug, name, description, country, time_zone, language, currency, mfa_required, created_at, version) on orgs.organizations to orgs_app;

grant select, insert, update (email, name, role, joined_at, version) on orgs.members to orgs_app;

grant select, insert, update (role, status, mail, invited_by, accepted_by, expires_at) on orgs.invitations to orgs_app;

grant select on orgs.audit_entries to orgs_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on orgs.org_commands to orgs_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on orgs.person_commands to orgs_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on orgs.platform_commands to orgs_app;

grant select, insert, update (turn, sealed, attempts, due_at, until) on orgs.mails to orgs_app;

grant select, update (published_at, refused) on orgs.outbox to orgs_relay;

grant select on orgs.purge_receipts to orgs_app;
