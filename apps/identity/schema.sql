-- Tables, keys, policies, rules, bounds and rights, written by schema.write.js. Functions are the files of functions/
-- and of the libraries, applied behind it: none is needed by a generated column, an index, a check or a policy.

create table "identity"."access_grants" (
  "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f',
  "id" uuid not null,
  "email" text not null,
  "email_key" text not null,
  "token_hash" text null,
  "state" text not null,
  "issued_by" uuid not null,
  "created_at" timestamptz(3) not null,
  "expires_at" timestamptz(3) not null,
  "activated_at" timestamptz(3) null,
  primary key ("realm", "id")
);
create unique index access_grants_one_pending on identity.access_grants (realm, email_key) where state = 'pending';
alter table "identity"."access_grants" add constraint "access_grants_realm_token_hash_unique" unique ("realm", "token_hash");

create table "identity"."accounts" (
  "user_id" uuid not null,
  "email" text not null,
  "email_key" text not null,
  "operator" boolean not null,
  "may_create_orgs" boolean not null,
  "created_at" timestamptz(3) not null,
  "sign_outs" int not null default 0,
  "second_factor" boolean not null default false,
  "factor_id" uuid null,
  "factor_step" bigint null,
  "pending_factor_id" uuid null,
  "pending_factor_until" timestamptz(3) null,
  "pending_factor_tries" int not null default 0,
  "pending_factor_try" uuid null,
  "pending_factor_session" uuid null,
  "recovery_codes" text[] not null default '{}',
  "password_digest" text null,
  "reset_hash" text null,
  "reset_until" timestamptz(3) null,
  primary key ("user_id")
);
alter table "identity"."accounts" add constraint "accounts_email_key_unique" unique ("email_key");

create table "identity"."audit_entries" (
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
create index "audit_entries_org_id_actor_seq_index" on "identity"."audit_entries" ("org_id", "actor", "seq");
alter table "identity"."audit_entries" add constraint "audit_entries_org_id_seq_unique" unique ("org_id", "seq");

create table "identity"."audit_heads" (
  "org_id" uuid not null,
  "id" uuid not null,
  "seq" bigint not null,
  "hash" text not null,
  primary key ("org_id", "id")
);

create table "identity"."credentials" (
  "user_id" uuid not null,
  "id" uuid not null,
  "password_hash" text not null,
  "changed_at" timestamptz(3) not null,
  primary key ("user_id", "id")
);

create table "identity"."open_sessions" (
  "user_id" uuid not null,
  "session_id" uuid not null,
  "token_hash" text not null,
  "rotated_at" timestamptz(3) not null,
  "expires_at" timestamptz(3) not null,
  "sign_outs" int not null default 0,
  primary key ("user_id", "session_id")
);
create index "open_sessions_expires_at_index" on "identity"."open_sessions" ("expires_at");

create table "identity"."org_commands" (
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
create index "org_commands_org_id_created_at_index" on "identity"."org_commands" ("org_id", "created_at");
alter table "identity"."org_commands" add constraint "org_commands_org_id_actor_message_type_idempotency_key_unique" unique ("org_id", "actor", "message_type", "idempotency_key");

create table "identity"."person_commands" (
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
create index "person_commands_user_id_created_at_index" on "identity"."person_commands" ("user_id", "created_at");
alter table "identity"."person_commands" add constraint "person_commands_user_id_actor_message_type_idempo_868c2_unique" unique ("user_id", "actor", "message_type", "idempotency_key");

create table "identity"."people" (
  "user_id" uuid not null,
  "id" uuid not null,
  "name" text not null,
  "created_at" timestamptz(3) not null,
  primary key ("user_id", "id")
);

create table "identity"."platform_commands" (
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
create index "platform_commands_realm_created_at_index" on "identity"."platform_commands" ("realm", "created_at");
alter table "identity"."platform_commands" add constraint "platform_commands_realm_actor_message_type_idempo_cdae5_unique" unique ("realm", "actor", "message_type", "idempotency_key");

create table "identity"."purge_receipts" (
  "org_id" uuid not null,
  "id" uuid not null,
  "table_name" text not null,
  "outcome" text not null,
  "row_count" bigint not null,
  "noted_at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "identity"."purge_receipts" add constraint "purge_receipts_org_id_table_name_outcome_unique" unique ("org_id", "table_name", "outcome");

create table "identity"."refresh_tokens" (
  "user_id" uuid not null,
  "id" uuid not null,
  "session_id" uuid not null,
  "token_hash" text not null,
  "created_at" timestamptz(3) not null,
  "expires_at" timestamptz(3) not null,
  "used_at" timestamptz(3) null,
  "used_by" uuid null,
  primary key ("user_id", "id")
);
create index "refresh_tokens_user_id_session_id_expires_at_index" on "identity"."refresh_tokens" ("user_id", "session_id", "expires_at");
alter table "identity"."refresh_tokens" add constraint "refresh_tokens_user_id_token_hash_unique" unique ("user_id", "token_hash");

create table "identity"."security_events" (
  "user_id" uuid not null,
  "id" uuid not null,
  "at" timestamptz(3) not null,
  "kind" text not null,
  "session_id" uuid null,
  "address" text null,
  "request_id" text not null,
  primary key ("user_id", "id")
);
create index "security_events_user_id_at_index" on "identity"."security_events" ("user_id", "at");

create table "identity"."signing_keys" (
  "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f',
  "id" uuid not null,
  "generation" int not null,
  "public_x" text not null,
  "sealed_private" text not null,
  "signs_from" timestamptz(3) not null,
  "created_at" timestamptz(3) not null,
  primary key ("realm", "id")
);
alter table "identity"."signing_keys" add constraint "signing_keys_realm_generation_unique" unique ("realm", "generation");

create table "identity"."sessions" (
  "user_id" uuid not null,
  "id" uuid not null,
  "created_at" timestamptz(3) not null,
  "last_used_at" timestamptz(3) not null,
  "expires_at" timestamptz(3) not null,
  "address" text not null,
  "user_agent" text null,
  "factor_mark" uuid null,
  "ended_at" timestamptz(3) null,
  "end_reason" text null,
  primary key ("user_id", "id")
);
create index "sessions_user_id_last_used_at_index" on "identity"."sessions" ("user_id", "last_used_at");

create table "identity"."throttles" (
  "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f',
  "id" uuid not null,
  "failures" int not null,
  "last_at" timestamptz(3) not null,
  "blocked_until" timestamptz(3) null,
  "proved_at" timestamptz(3) null,
  primary key ("realm", "id")
);
create index "throttles_realm_last_at_index" on "identity"."throttles" ("realm", "last_at");

create table "identity"."totp_factors" (
  "user_id" uuid not null,
  "id" uuid not null,
  "state" text not null,
  "sealed_secret" text not null,
  "created_at" timestamptz(3) not null,
  primary key ("user_id", "id")
);
alter table "identity"."totp_factors" add constraint "totp_factors_user_id_state_unique" unique ("user_id", "state");

create table "identity"."mails" (
  "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f',
  "id" uuid not null,
  "turn" uuid not null,
  "sealed" text not null,
  "attempts" int not null default 0,
  "due_at" timestamptz(3) not null,
  "until" timestamptz(3) not null,
  primary key ("realm", "id")
);
create index "mails_realm_turn_due_at_index" on "identity"."mails" ("realm", "turn", "due_at");

alter table identity.refresh_tokens add constraint refresh_tokens_session foreign key (user_id, session_id) references identity.sessions (user_id, id) on delete cascade;

alter table "identity"."access_grants" enable row level security;
alter table "identity"."access_grants" force row level security;
create policy "tenancy_restrictive" on "identity"."access_grants" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "identity"."access_grants" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
alter table "identity"."accounts" enable row level security;
alter table "identity"."accounts" force row level security;
create policy "tenancy_permissive_identity_owner" on "identity"."accounts" to "identity_owner" using (true) with check (true);
alter table "identity"."audit_entries" enable row level security;
alter table "identity"."audit_entries" force row level security;
create policy "tenancy_restrictive" on "identity"."audit_entries" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "identity"."audit_entries" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "identity"."audit_heads" enable row level security;
alter table "identity"."audit_heads" force row level security;
create policy "tenancy_restrictive" on "identity"."audit_heads" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "identity"."audit_heads" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "identity"."credentials" enable row level security;
alter table "identity"."credentials" force row level security;
create policy "tenancy_restrictive" on "identity"."credentials" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "identity"."credentials" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
alter table "identity"."open_sessions" enable row level security;
alter table "identity"."open_sessions" force row level security;
create policy "tenancy_permissive_identity_owner" on "identity"."open_sessions" to "identity_owner" using (true) with check (true);
alter table "identity"."org_commands" enable row level security;
alter table "identity"."org_commands" force row level security;
create policy "tenancy_restrictive" on "identity"."org_commands" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "identity"."org_commands" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "identity"."person_commands" enable row level security;
alter table "identity"."person_commands" force row level security;
create policy "tenancy_restrictive" on "identity"."person_commands" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "identity"."person_commands" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
alter table "identity"."people" enable row level security;
alter table "identity"."people" force row level security;
create policy "tenancy_restrictive" on "identity"."people" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "identity"."people" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
alter table "identity"."platform_commands" enable row level security;
alter table "identity"."platform_commands" force row level security;
create policy "tenancy_restrictive" on "identity"."platform_commands" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "identity"."platform_commands" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
alter table "identity"."purge_receipts" enable row level security;
alter table "identity"."purge_receipts" force row level security;
create policy "tenancy_restrictive" on "identity"."purge_receipts" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "identity"."purge_receipts" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "identity"."refresh_tokens" enable row level security;
alter table "identity"."refresh_tokens" force row level security;
create policy "tenancy_restrictive" on "identity"."refresh_tokens" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "identity"."refresh_tokens" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
alter table "identity"."security_events" enable row level security;
alter table "identity"."security_events" force row level security;
create policy "tenancy_restrictive" on "identity"."security_events" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "identity"."security_events" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
alter table "identity"."signing_keys" enable row level security;
alter table "identity"."signing_keys" force row level security;
create policy "tenancy_restrictive" on "identity"."signing_keys" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "identity"."signing_keys" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
alter table "identity"."sessions" enable row level security;
alter table "identity"."sessions" force row level security;
create policy "tenancy_restrictive" on "identity"."sessions" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "identity"."sessions" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
alter table "identity"."throttles" enable row level security;
alter table "identity"."throttles" force row level security;
create policy "tenancy_restrictive" on "identity"."throttles" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "identity"."throttles" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
alter table "identity"."totp_factors" enable row level security;
alter table "identity"."totp_factors" force row level security;
create policy "tenancy_restrictive" on "identity"."totp_factors" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "identity"."totp_factors" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
alter table "identity"."mails" enable row level security;
alter table "identity"."mails" force row level security;
create policy "tenancy_restrictive" on "identity"."mails" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "identity"."mails" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));

alter table identity.people add constraint people_bounds check (length(name) <= 200 and isfinite(created_at));

alter table identity.credentials add constraint credentials_bounds check (password_hash ~ '^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$' and isfinite(changed_at));

alter table identity.totp_factors add constraint totp_factors_bounds check (length(state) <= 16 and sealed_secret ~ '^v1(\.[A-Za-z0-9_-]{1,200}){3}$' and isfinite(created_at));

alter table identity.sessions add constraint sessions_bounds check (isfinite(created_at) and isfinite(last_used_at) and isfinite(expires_at) and isfinite(ended_at) and length(address) <= 64 and length(user_agent) <= 300 and length(end_reason) <= 32);

alter table identity.refresh_tokens add constraint refresh_tokens_bounds check (length(token_hash) <= 64 and isfinite(created_at) and isfinite(expires_at) and isfinite(used_at));

alter table identity.security_events add constraint security_events_bounds check (isfinite(at) and length(kind) <= 64 and length(address) <= 64 and length(request_id) <= 64);

alter table identity.person_commands add constraint person_commands_bounds check (length(actor) <= 200 and length(message_type) <= 200 and length(idempotency_key) <= 200 and length(request_hash) <= 64 and length(reply) <= 65536);

alter table identity.accounts add constraint accounts_sized check (octet_length(email) <= 10000 and octet_length(email_key) <= 10000 and octet_length(recovery_codes::text) <= 65536 and octet_length(password_digest) <= 10000 and octet_length(reset_hash) <= 10000) not valid;

alter table identity.people add constraint people_sized check (octet_length(name) <= 10000) not valid;

alter table identity.credentials add constraint credentials_sized check (octet_length(password_hash) <= 10000) not valid;

alter table identity.totp_factors add constraint totp_factors_sized check (octet_length(state) <= 10000 and octet_length(sealed_secret) <= 10000) not valid;

alter table identity.sessions add constraint sessions_sized check (octet_length(address) <= 10000 and octet_length(user_agent) <= 10000 and octet_length(end_reason) <= 10000) not valid;

alter table identity.refresh_tokens add constraint refresh_tokens_sized check (octet_length(token_hash) <= 10000) not valid;

alter table identity.open_sessions add constraint open_sessions_sized check (octet_length(token_hash) <= 10000) not valid;

alter table identity.security_events add constraint security_events_sized check (octet_length(kind) <= 10000 and octet_length(address) <= 10000 and octet_length(request_id) <= 10000) not valid;

alter table identity.access_grants add constraint access_grants_sized check (octet_length(email) <= 10000 and octet_length(email_key) <= 10000 and octet_length(token_hash) <= 10000 and octet_length(state) <= 10000) not valid;

alter table identity.signing_keys add constraint signing_keys_sized check (octet_length(public_x) <= 10000 and octet_length(sealed_private) <= 10000) not valid;

alter table identity.audit_entries add constraint audit_entries_sized check (octet_length(actor) <= 10000 and octet_length(action) <= 10000 and octet_length(outcome) <= 10000 and octet_length(subject) <= 10000 and octet_length(detail::text) <= 16384 and octet_length(request_id) <= 10000 and octet_length(hash) <= 10000) not valid;

alter table identity.audit_heads add constraint audit_heads_sized check (octet_length(hash) <= 10000) not valid;

alter table identity.org_commands add constraint org_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table identity.person_commands add constraint person_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table identity.platform_commands add constraint platform_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table identity.mails add constraint mails_sized check (octet_length(sealed) <= 10000) not valid;

alter table identity.purge_receipts add constraint purge_receipts_sized check (octet_length(table_name) <= 63 and octet_length(outcome) <= 20) not valid;

grant select, insert, update (name, created_at) on identity.people to identity_app;

grant select, insert, update (password_hash, changed_at) on identity.credentials to identity_app;

grant select, insert, update (state, sealed_secret, created_at) on identity.totp_factors to identity_app;

grant select, insert, update (created_at, last_used_at, expires_at, address, user_agent, factor_mark, ended_at, end_reason) on identity.sessions to identity_app;

grant select, insert, update (session_id, token_hash, created_at, expires_at, used_at, used_by) on identity.refresh_tokens to identity_app;

grant select, insert on identity.security_events to identity_app;

grant select, insert, update (email, email_key, token_hash, state, issued_by, created_at, expires_at, activated_at) on identity.access_grants to identity_app;

grant select, insert, update (generation, public_x, sealed_private, signs_from, created_at) on identity.signing_keys to identity_app;

grant select, insert, update (failures, last_at, blocked_until, proved_at) on identity.throttles to identity_app;

grant select on identity.audit_entries to identity_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on identity.org_commands to identity_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on identity.person_commands to identity_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on identity.platform_commands to identity_app;

grant select, insert, update (turn, sealed, attempts, due_at, until) on identity.mails to identity_app;

grant select on identity.purge_receipts to identity_app;
