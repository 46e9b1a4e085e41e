-- Tables, keys, policies, rules, bounds and rights, written by schema.write.js. Functions are the files of functions/
-- and of the libraries, applied behind it: none is needed by a generated column, an index, a check or a policy.

create table "agents"."audit_entries" (
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
create index "audit_entries_org_id_actor_seq_index" on "agents"."audit_entries" ("org_id", "actor", "seq");
alter table "agents"."audit_entries" add constraint "audit_entries_org_id_seq_unique" unique ("org_id", "seq");

create table "agents"."audit_heads" (
  "org_id" uuid not null,
  "id" uuid not null,
  "seq" bigint not null,
  "hash" text not null,
  primary key ("org_id", "id")
);

create table "agents"."blocked_entities" (
  "org_id" uuid not null,
  "source" text not null,
  "entity" text not null,
  "entity_id" uuid not null,
  "since" timestamptz(3) not null,
  "replay" boolean not null,
  primary key ("org_id", "source", "entity", "entity_id")
);
create index blocked_entities_in_turn on agents.blocked_entities (org_id, replay desc, since);

create table "agents"."conversations" (
  "org_id" uuid not null,
  "id" uuid not null,
  "title" text null,
  "created_by" uuid not null,
  "archived" boolean not null,
  "created_at" timestamptz(3) not null,
  "version" int not null,
  primary key ("org_id", "id")
);

create table "agents"."dead_letters" (
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
alter table "agents"."dead_letters" add constraint "dead_letters_org_id_source_entity_entity_id_entit_d8767_unique" unique ("org_id", "source", "entity", "entity_id", "entity_version");

create table "agents"."documents" (
  "org_id" uuid not null,
  "id" uuid not null,
  "title" text not null,
  "language" text not null,
  "upload" int not null,
  "ready_upload" int null,
  "passages" int not null,
  "created_by" uuid not null,
  "created_at" timestamptz(3) not null,
  "version" int not null,
  primary key ("org_id", "id")
);

create table "agents"."document_passages" (
  "org_id" uuid not null,
  "id" uuid not null,
  "document_id" uuid not null,
  "page" int not null,
  "nth" int not null,
  "body" text not null,
  primary key ("org_id", "id")
);
alter table "agents"."document_passages" add constraint "document_passages_org_id_document_id_page_nth_unique" unique ("org_id", "document_id", "page", "nth");

create table "agents"."document_pieces" (
  "org_id" uuid not null,
  "id" uuid not null,
  "document_id" uuid not null,
  "seq" int not null,
  "sha256" text not null,
  "data" bytea not null,
  primary key ("org_id", "id")
);
alter table "agents"."document_pieces" add constraint "document_pieces_org_id_document_id_seq_unique" unique ("org_id", "document_id", "seq");

create table "agents"."document_uploads" (
  "org_id" uuid not null,
  "id" uuid not null,
  "document_id" uuid not null,
  "upload" int not null,
  "file_name" text not null,
  "media_type" text not null,
  "bytes" int not null,
  "sha256" text null,
  "state" text not null,
  "failure" text null,
  "failure_detail" text null,
  "pages" int null,
  "uploaded_by" uuid not null,
  "created_at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "agents"."document_uploads" add constraint "document_uploads_org_id_document_id_upload_unique" unique ("org_id", "document_id", "upload");

create table "agents"."document_words" (
  "org_id" uuid not null,
  "id" uuid not null,
  "document_id" uuid not null,
  "language" text not null,
  "words" tsvector not null,
  primary key ("org_id", "id")
);
create index "document_words_org_id_document_id_index" on "agents"."document_words" ("org_id", "document_id");

create table "agents"."due_jobs" (
  "org_id" uuid not null,
  "job_id" uuid not null,
  "started_by" text not null,
  "due_at" timestamptz(3) not null,
  "dead" boolean not null,
  primary key ("org_id", "job_id")
);
create index due_jobs_in_turn on agents.due_jobs (org_id, dead, due_at);

create table "agents"."event_positions" (
  "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f',
  "id" uuid not null,
  "source" text not null,
  "mark" text not null,
  primary key ("realm", "id")
);
alter table "agents"."event_positions" add constraint "event_positions_realm_source_unique" unique ("realm", "source");

create table "agents"."facts" (
  "org_id" uuid not null,
  "id" uuid not null,
  "persona_id" uuid not null,
  "text" text not null,
  "source" text not null,
  "noted_by" text not null,
  "noted_at" timestamptz(3) not null,
  "version" int not null,
  primary key ("org_id", "id")
);
create index "facts_org_id_persona_id_id_index" on "agents"."facts" ("org_id", "persona_id", "id");

create table "agents"."inbox" (
  "org_id" uuid not null,
  "id" uuid not null,
  "source" text not null,
  "entity" text not null,
  "entity_id" uuid not null,
  "version" bigint not null,
  "at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "agents"."inbox" add constraint "inbox_org_id_source_entity_entity_id_unique" unique ("org_id", "source", "entity", "entity_id");

create table "agents"."jobs" (
  "org_id" uuid not null,
  "id" uuid not null,
  "kind" text not null,
  "payload" jsonb not null,
  "started_by" text not null,
  "delegation" text null,
  "state" text not null,
  "lease" uuid null,
  "place" smallint null,
  "heartbeat_at" timestamptz(3) null,
  "attempts" int not null,
  "progress" jsonb null,
  "error_code" text null,
  "error_detail" text null,
  "created_at" timestamptz(3) not null,
  "finished_at" timestamptz(3) null,
  primary key ("org_id", "id")
);
create unique index jobs_at_work on agents.jobs (org_id, kind, place) where lease is not null;
create index jobs_open on agents.jobs (org_id, kind) where state = 'open';

create table "agents"."org_commands" (
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
create index "org_commands_org_id_created_at_index" on "agents"."org_commands" ("org_id", "created_at");
alter table "agents"."org_commands" add constraint "org_commands_org_id_actor_message_type_idempotency_key_unique" unique ("org_id", "actor", "message_type", "idempotency_key");

create table "agents"."outbox" (
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
create index outbox_unpublished on agents.outbox (org_id, created_at, id) where published_at is null;
create index outbox_committed on agents.outbox (written_in, id);
create index outbox_of_org on agents.outbox (org_id, written_in, id);
alter table "agents"."outbox" add constraint "outbox_org_id_entity_entity_id_entity_version_unique" unique ("org_id", "entity", "entity_id", "entity_version");

create table "agents"."personas" (
  "org_id" uuid not null,
  "id" uuid not null,
  "name" text not null,
  "description" text null,
  "instructions" text not null,
  "tools" text[] not null,
  "model" text not null,
  "daily_cap" int null,
  "archived" boolean not null,
  "version" int not null,
  "is_chief_of_staff" boolean not null,
  "created_at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
create unique index personas_one_chief_of_staff on agents.personas (org_id) where is_chief_of_staff;
create unique index personas_name on agents.personas (org_id, lower(name)) where not archived;

create table "agents"."persona_versions" (
  "org_id" uuid not null,
  "id" uuid not null,
  "persona_id" uuid not null,
  "name" text not null,
  "description" text null,
  "instructions" text not null,
  "tools" text[] not null,
  "model" text not null,
  "daily_cap" int null,
  "archived" boolean not null,
  "version" int not null,
  "changed_by" text not null,
  "changed_at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "agents"."persona_versions" add constraint "persona_versions_org_id_persona_id_version_unique" unique ("org_id", "persona_id", "version");

create table "agents"."person_commands" (
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
create index "person_commands_user_id_created_at_index" on "agents"."person_commands" ("user_id", "created_at");
alter table "agents"."person_commands" add constraint "person_commands_user_id_actor_message_type_idempo_868c2_unique" unique ("user_id", "actor", "message_type", "idempotency_key");

create table "agents"."platform_commands" (
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
create index "platform_commands_realm_created_at_index" on "agents"."platform_commands" ("realm", "created_at");
alter table "agents"."platform_commands" add constraint "platform_commands_realm_actor_message_type_idempo_cdae5_unique" unique ("realm", "actor", "message_type", "idempotency_key");

create table "agents"."purge_receipts" (
  "org_id" uuid not null,
  "id" uuid not null,
  "table_name" text not null,
  "outcome" text not null,
  "row_count" bigint not null,
  "noted_at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "agents"."purge_receipts" add constraint "purge_receipts_org_id_table_name_outcome_unique" unique ("org_id", "table_name", "outcome");

create table "agents"."runs" (
  "org_id" uuid not null,
  "id" uuid not null,
  "conversation_id" uuid not null,
  "persona_id" uuid not null,
  "persona_version" int not null,
  "asked_by" uuid not null,
  "text" text not null,
  "state" text not null,
  "answer" text null,
  "failure" text null,
  "failure_detail" text null,
  "refused_by" text null,
  "stars" int not null,
  "created_at" timestamptz(3) not null,
  "started_at" timestamptz(3) null,
  "finished_at" timestamptz(3) null,
  primary key ("org_id", "id")
);
create index "runs_org_id_conversation_id_id_index" on "agents"."runs" ("org_id", "conversation_id", "id");
create unique index runs_one_at_a_time on agents.runs (org_id, conversation_id) where state in ('queued', 'running');

create table "agents"."run_entries" (
  "org_id" uuid not null,
  "id" uuid not null,
  "run_id" uuid not null,
  "seq" int not null,
  "kind" text not null,
  "payload" jsonb not null,
  "at" timestamptz(3) not null,
  "mark" text null,
  primary key ("org_id", "id")
);
alter table "agents"."run_entries" add constraint "run_entries_org_id_run_id_seq_unique" unique ("org_id", "run_id", "seq");

create table "agents"."stopped_jobs" (
  "org_id" uuid not null,
  "job_id" uuid not null,
  "code" text not null,
  "detail" text not null,
  "due_at" timestamptz(3) not null,
  primary key ("org_id", "job_id")
);
create index stopped_jobs_in_turn on agents.stopped_jobs (org_id, due_at);

alter table agents.persona_versions add constraint persona_versions_persona foreign key (org_id, persona_id) references agents.personas (org_id, id);

alter table agents.facts add constraint facts_persona foreign key (org_id, persona_id) references agents.personas (org_id, id);

alter table agents.runs add constraint runs_conversation foreign key (org_id, conversation_id) references agents.conversations (org_id, id);

alter table agents.runs add constraint runs_persona foreign key (org_id, persona_id) references agents.personas (org_id, id);

alter table agents.run_entries add constraint run_entries_run foreign key (org_id, run_id) references agents.runs (org_id, id);

alter table agents.document_uploads add constraint document_uploads_document foreign key (org_id, document_id) references agents.documents (org_id, id) on delete cascade;

alter table agents.document_pieces add constraint document_pieces_document foreign key (org_id, document_id) references agents.documents (org_id, id) on delete cascade;

alter table agents.document_passages add constraint document_passages_document foreign key (org_id, document_id) references agents.documents (org_id, id) on delete cascade;

alter table agents.document_words add constraint document_words_document foreign key (org_id, document_id) references agents.documents (org_id, id) on delete cascade;

alter table "agents"."audit_entries" enable row level security;
alter table "agents"."audit_entries" force row level security;
create policy "tenancy_restrictive" on "agents"."audit_entries" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."audit_entries" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."audit_heads" enable row level security;
alter table "agents"."audit_heads" force row level security;
create policy "tenancy_restrictive" on "agents"."audit_heads" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."audit_heads" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."blocked_entities" enable row level security;
alter table "agents"."blocked_entities" force row level security;
create policy "tenancy_permissive_agents_owner" on "agents"."blocked_entities" to "agents_owner" using (true) with check (true);
alter table "agents"."conversations" enable row level security;
alter table "agents"."conversations" force row level security;
create policy "tenancy_restrictive" on "agents"."conversations" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."conversations" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."dead_letters" enable row level security;
alter table "agents"."dead_letters" force row level security;
create policy "tenancy_restrictive" on "agents"."dead_letters" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."dead_letters" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."documents" enable row level security;
alter table "agents"."documents" force row level security;
create policy "tenancy_restrictive" on "agents"."documents" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."documents" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."document_passages" enable row level security;
alter table "agents"."document_passages" force row level security;
create policy "tenancy_restrictive" on "agents"."document_passages" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."document_passages" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."document_pieces" enable row level security;
alter table "agents"."document_pieces" force row level security;
create policy "tenancy_restrictive" on "agents"."document_pieces" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."document_pieces" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."document_uploads" enable row level security;
alter table "agents"."document_uploads" force row level security;
create policy "tenancy_restrictive" on "agents"."document_uploads" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."document_uploads" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."document_words" enable row level security;
alter table "agents"."document_words" force row level security;
create policy "tenancy_restrictive" on "agents"."document_words" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."document_words" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."due_jobs" enable row level security;
alter table "agents"."due_jobs" force row level security;
create policy "tenancy_permissive_agents_owner" on "agents"."due_jobs" to "agents_owner" using (true) with check (true);
alter table "agents"."event_positions" enable row level security;
alter table "agents"."event_positions" force row level security;
create policy "tenancy_restrictive" on "agents"."event_positions" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "agents"."event_positions" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
alter table "agents"."facts" enable row level security;
alter table "agents"."facts" force row level security;
create policy "tenancy_restrictive" on "agents"."facts" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."facts" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."inbox" enable row level security;
alter table "agents"."inbox" force row level security;
create policy "tenancy_restrictive" on "agents"."inbox" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."inbox" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."jobs" enable row level security;
alter table "agents"."jobs" force row level security;
create policy "tenancy_restrictive" on "agents"."jobs" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."jobs" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."org_commands" enable row level security;
alter table "agents"."org_commands" force row level security;
create policy "tenancy_restrictive" on "agents"."org_commands" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."org_commands" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."outbox" enable row level security;
alter table "agents"."outbox" force row level security;
create policy "tenancy_restrictive_agents_owner" on "agents"."outbox" as restrictive to "agents_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_agents_owner" on "agents"."outbox" to "agents_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_agents_relay" on "agents"."outbox" to "agents_relay" using (true) with check (true);
alter table "agents"."personas" enable row level security;
alter table "agents"."personas" force row level security;
create policy "tenancy_restrictive" on "agents"."personas" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."personas" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."persona_versions" enable row level security;
alter table "agents"."persona_versions" force row level security;
create policy "tenancy_restrictive" on "agents"."persona_versions" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."persona_versions" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."person_commands" enable row level security;
alter table "agents"."person_commands" force row level security;
create policy "tenancy_restrictive" on "agents"."person_commands" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "agents"."person_commands" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
alter table "agents"."platform_commands" enable row level security;
alter table "agents"."platform_commands" force row level security;
create policy "tenancy_restrictive" on "agents"."platform_commands" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "agents"."platform_commands" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
alter table "agents"."purge_receipts" enable row level security;
alter table "agents"."purge_receipts" force row level security;
create policy "tenancy_restrictive" on "agents"."purge_receipts" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."purge_receipts" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."runs" enable row level security;
alter table "agents"."runs" force row level security;
create policy "tenancy_restrictive" on "agents"."runs" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."runs" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."run_entries" enable row level security;
alter table "agents"."run_entries" force row level security;
create policy "tenancy_restrictive" on "agents"."run_entries" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."run_entries" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."stopped_jobs" enable row level security;
alter table "agents"."stopped_jobs" force row level security;
create policy "tenancy_permissive_agents_owner" on "agents"."stopped_jobs" to "agents_owner" using (true) with check (true);

alter table agents.personas add constraint personas_bounded check (length(name) <= 100 and length(description) <= 300 and length(instructions) <= 20000 and cardinality(tools) <= 50 and length(model) <= 100 and daily_cap between 0 and 1000000000 and version between 1 and 2000000000 and not (is_chief_of_staff and archived));

alter table agents.persona_versions add constraint persona_versions_bounded check (length(name) <= 100 and length(description) <= 300 and length(instructions) <= 20000 and cardinality(tools) <= 50 and length(model) <= 100 and daily_cap between 0 and 1000000000 and version between 1 and 2000000000);

alter table agents.facts add constraint facts_bounded check (length(text) <= 1000 and source in ('person', 'run') and length(noted_by) <= 60 and version between 1 and 2000000000);

alter table agents.conversations add constraint conversations_bounded check (length(title) <= 200 and version between 1 and 2000000000);

alter table agents.runs add constraint runs_bounded check (state in ('queued', 'running', 'done', 'failed', 'cancelled') and length(text) <= 20000 and length(answer) <= 65536 and length(failure) <= 60 and length(failure_detail) <= 500 and length(refused_by) <= 20 and stars between 0 and 2000000000 and persona_version between 1 and 2000000000);

alter table agents.run_entries add constraint run_entries_bounded check (kind in ('asked', 'reserved', 'refused', 'answered', 'settled', 'called', 'returned') and seq between 1 and 1360);

alter table agents.documents add constraint documents_bounded check (length(title) between 1 and 200 and language in ('en', 'pt', 'es') and upload between 1 and 2000000000 and ready_upload between 1 and 2000000000 and passages between 0 and 2000000000 and version between 1 and 2000000000);

alter table agents.document_uploads add constraint document_uploads_bounded check (upload between 1 and 2000000000 and length(file_name) between 1 and 200 and media_type in ('text/plain', 'text/markdown', 'text/csv', 'application/pdf', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document') and bytes between 0 and 2000000000 and length(sha256) = 64 and state in ('uploading', 'reading', 'ready', 'failed') and length(failure) <= 60 and length(failure_detail) <= 500 and pages between 0 and 2000000000);

alter table agents.document_pieces add constraint document_pieces_bounded check (seq between 0 and 10000 and length(sha256) = 64);

alter table agents.document_passages add constraint document_passages_bounded check (page between 1 and 1000000 and nth between 1 and 1000000 and length(body) between 1 and 1500);

alter table agents.document_words add constraint document_words_bounded check (language in ('en', 'pt', 'es') and octet_length(words::text) <= 32768);

alter table agents.document_words alter column words set storage plain;

alter table agents.inbox add constraint inbox_version check (version > 0);

alter table agents.personas add constraint personas_sized check (octet_length(name) <= 10000 and octet_length(description) <= 10000 and octet_length(instructions) <= 60000 and octet_length(tools::text) <= 65536 and octet_length(model) <= 10000) not valid;

alter table agents.persona_versions add constraint persona_versions_sized check (octet_length(name) <= 10000 and octet_length(description) <= 10000 and octet_length(instructions) <= 60000 and octet_length(tools::text) <= 65536 and octet_length(model) <= 10000 and octet_length(changed_by) <= 10000) not valid;

alter table agents.facts add constraint facts_sized check (octet_length(text) <= 10000 and octet_length(source) <= 10000 and octet_length(noted_by) <= 10000) not valid;

alter table agents.conversations add constraint conversations_sized check (octet_length(title) <= 10000) not valid;

alter table agents.runs add constraint runs_sized check (octet_length(text) <= 60000 and octet_length(state) <= 10000 and octet_length(answer) <= 196608 and octet_length(failure) <= 10000 and octet_length(failure_detail) <= 10000 and octet_length(refused_by) <= 10000) not valid;

alter table agents.run_entries add constraint run_entries_sized check (octet_length(kind) <= 10000 and octet_length(payload::text) <= 524288 and octet_length(mark) <= 10000) not valid;

alter table agents.documents add constraint documents_sized check (octet_length(title) <= 10000 and octet_length(language) <= 10000) not valid;

alter table agents.document_uploads add constraint document_uploads_sized check (octet_length(file_name) <= 10000 and octet_length(media_type) <= 10000 and octet_length(sha256) <= 10000 and octet_length(state) <= 10000 and octet_length(failure) <= 10000 and octet_length(failure_detail) <= 10000) not valid;

alter table agents.document_pieces add constraint document_pieces_sized check (octet_length(sha256) <= 10000 and octet_length(data) <= 524288) not valid;

alter table agents.document_passages add constraint document_passages_sized check (octet_length(body) <= 3000) not valid;

alter table agents.document_words add constraint document_words_sized check (octet_length(language) <= 10000) not valid;

alter table agents.audit_entries add constraint audit_entries_sized check (octet_length(actor) <= 10000 and octet_length(action) <= 10000 and octet_length(outcome) <= 10000 and octet_length(subject) <= 10000 and octet_length(detail::text) <= 16384 and octet_length(request_id) <= 10000 and octet_length(hash) <= 10000) not valid;

alter table agents.audit_heads add constraint audit_heads_sized check (octet_length(hash) <= 10000) not valid;

alter table agents.org_commands add constraint org_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table agents.person_commands add constraint person_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table agents.platform_commands add constraint platform_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table agents.inbox add constraint inbox_sized check (octet_length(source) <= 10000 and octet_length(entity) <= 10000) not valid;

alter table agents.dead_letters add constraint dead_letters_sized check (octet_length(type) <= 10000 and octet_length(source) <= 10000 and octet_length(entity) <= 10000 and octet_length(request_id) <= 10000 and octet_length(trace) <= 10000 and octet_length(body) <= 1048576 and octet_length(reason) <= 10000) not valid;

alter table agents.blocked_entities add constraint blocked_entities_sized check (octet_length(source) <= 10000 and octet_length(entity) <= 10000) not valid;

alter table agents.event_positions add constraint event_positions_sized check (octet_length(source) <= 10000 and octet_length(mark) <= 10000) not valid;

alter table agents.outbox add constraint outbox_sized check (octet_length(type) <= 10000 and octet_length(entity) <= 10000 and octet_length(actor) <= 10000 and octet_length(request_id) <= 10000 and octet_length(trace) <= 10000 and octet_length(body) <= 262144 and octet_length(refused) <= 10000) not valid;

alter table agents.jobs add constraint jobs_sized check (octet_length(kind) <= 40 and octet_length(payload::text) <= 4096 and octet_length(started_by) <= 64 and octet_length(delegation) <= 4096 and octet_length(state) <= 10 and octet_length(progress::text) <= 4096 and octet_length(error_code) <= 100 and octet_length(error_detail) <= 4000) not valid;

alter table agents.due_jobs add constraint due_jobs_sized check (octet_length(started_by) <= 64) not valid;

alter table agents.stopped_jobs add constraint stopped_jobs_sized check (octet_length(code) <= 400 and octet_length(detail) <= 4000) not valid;

alter table agents.purge_receipts add constraint purge_receipts_sized check (octet_length(table_name) <= 63 and octet_length(outcome) <= 20) not valid;

grant select, insert, update (name, description, instructions, tools, model, daily_cap, archived, version) on agents.personas to agents_app;

grant select, insert on agents.persona_versions to agents_app;

grant select, insert, update (text, source, noted_by, noted_at, version) on agents.facts to agents_app;

grant select, insert, update (title, archived, version) on agents.conversations to agents_app;

grant select, insert, update (state, answer, failure, failure_detail, refused_by, stars, started_at, finished_at) on agents.runs to agents_app;

grant select, insert on agents.run_entries to agents_app;

grant select, insert, update (title, language, upload, ready_upload, passages, version) on agents.documents to agents_app;

grant select, insert, update (bytes, sha256, state, failure, failure_detail, pages) on agents.document_uploads to agents_app;

grant select, insert, update (document_id, seq, sha256, data) on agents.document_pieces to agents_app;

grant select, insert, update (document_id, page, nth, body) on agents.document_passages to agents_app;

grant select, insert, update (document_id, language, words) on agents.document_words to agents_app;

grant select on agents.audit_entries to agents_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on agents.org_commands to agents_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on agents.person_commands to agents_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on agents.platform_commands to agents_app;

grant select on agents.inbox to agents_app;

grant select on agents.dead_letters to agents_app;

grant select, insert, update (source, mark) on agents.event_positions to agents_app;

grant select, update (published_at, refused) on agents.outbox to agents_relay;

grant select on agents.jobs to agents_app;

grant select on agents.purge_receipts to agents_app;
