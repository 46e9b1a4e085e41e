create table "leads"."activities" ("org_id" uuid not null, "id" uuid not null, "lead_id" uuid not null, "kind" text not null, "actor" text not null, "at" timestamptz(3) not null, "detail" jsonb not null, primary key ("org_id", "id"));
create index "activities_org_id_lead_id_id_index" on "leads"."activities" ("org_id", "lead_id", "id");

create table "leads"."audit_entries" ("org_id" uuid not null, "id" uuid not null, "seq" bigint not null, "at" timestamptz not null, "actor" text not null, "action" text not null, "outcome" text not null, "subject" text null, "detail" jsonb not null, "request_id" text not null, "hash" text not null, primary key ("org_id", "id"));
create index "audit_entries_org_id_actor_seq_index" on "leads"."audit_entries" ("org_id", "actor", "seq");
alter table "leads"."audit_entries" add constraint "audit_entries_org_id_seq_unique" unique ("org_id", "seq");

create table "leads"."audit_heads" ("org_id" uuid not null, "id" uuid not null, "seq" bigint not null, "hash" text not null, primary key ("org_id", "id"));

create table "leads"."blocked_entities" ("org_id" uuid not null, "source" text not null, "entity" text not null, "entity_id" uuid not null, "since" timestamptz(3) not null, "replay" boolean not null, primary key ("org_id", "source", "entity", "entity_id"));
create index blocked_entities_in_turn on leads.blocked_entities (org_id, replay desc, since);

create table "leads"."dead_letters" ("org_id" uuid not null, "id" uuid not null, "type" text not null, "source" text not null, "entity" text not null, "entity_id" uuid not null, "entity_version" bigint not null, "request_id" text not null, "trace" text null, "body" text not null, "reason" text not null, "at" timestamptz(3) not null, primary key ("org_id", "id"));
alter table "leads"."dead_letters" add constraint "dead_letters_org_id_source_entity_entity_id_entit_d8767_unique" unique ("org_id", "source", "entity", "entity_id", "entity_version");

create table "leads"."due_jobs" ("org_id" uuid not null, "job_id" uuid not null, "started_by" text not null, "due_at" timestamptz(3) not null, "dead" boolean not null, primary key ("org_id", "job_id"));
create index due_jobs_in_turn on leads.due_jobs (org_id, dead, due_at);

create table "leads"."event_positions" ("realm" uuid not null default '00000000-0000-4000-8000-706c6174666f', "id" uuid not null, "source" text not null, "mark" text not null, primary key ("realm", "id"));
alter table "leads"."event_positions" add constraint "event_positions_realm_source_unique" unique ("realm", "source");

create table "leads"."import_changes" ("org_id" uuid not null, "id" uuid not null, "import_id" uuid not null, "lead_id" uuid not null, "version" int not null, "before" jsonb not null, "after" jsonb null, primary key ("org_id", "id"));
create index "import_changes_org_id_lead_id_index" on "leads"."import_changes" ("org_id", "lead_id");
alter table "leads"."import_changes" add constraint "import_changes_org_id_import_id_lead_id_unique" unique ("org_id", "import_id", "lead_id");

create table "leads"."import_chunks" ("org_id" uuid not null, "id" uuid not null, "import_id" uuid not null, "seq" int not null, "sha256" text not null, "data" bytea not null, primary key ("org_id", "id"));
alter table "leads"."import_chunks" add constraint "import_chunks_org_id_import_id_seq_unique" unique ("org_id", "import_id", "seq");

create table "leads"."import_errors" ("org_id" uuid not null, "id" uuid not null, "import_id" uuid not null, "position" int not null, "line" int not null, "column_name" text null, "problem" text not null, "refused" boolean not null default true, primary key ("org_id", "id"));
alter table "leads"."import_errors" add constraint "import_errors_org_id_import_id_position_unique" unique ("org_id", "import_id", "position");

create table "leads"."import_mappings" ("org_id" uuid not null, "id" uuid not null, "name" text not null, "settings" jsonb not null, "saved_at" timestamptz(3) not null, primary key ("org_id", "id"));
create unique index import_mappings_name on leads.import_mappings (org_id, lower(name));

create table "leads"."inbox" ("org_id" uuid not null, "id" uuid not null, "source" text not null, "entity" text not null, "entity_id" uuid not null, "version" bigint not null, "at" timestamptz(3) not null, primary key ("org_id", "id"));
alter table "leads"."inbox" add constraint "inbox_org_id_source_entity_entity_id_unique" unique ("org_id", "source", "entity", "entity_id");

create table "leads"."jobs" ("org_id" uuid not null, "id" uuid not null, "kind" text not null, "payload" jsonb not null, "started_by" text not null, "delegation" text null, "state" text not null, "lease" uuid null, "heartbeat_at" timestamptz(3) null, "attempts" int not null, "progress" jsonb null, "error_code" text null, "error_detail" text null, "created_at" timestamptz(3) not null, "finished_at" timestamptz(3) null, primary key ("org_id", "id"));
create unique index jobs_one_at_work on leads.jobs (org_id, kind) where lease is not null;
create index jobs_open on leads.jobs (org_id, kind) where state = 'open';

create table "leads"."leads" ("org_id" uuid not null, "id" uuid not null, "pipeline_id" uuid not null, "stage_id" uuid not null, "contact_name" text not null, "company" text null, "email" text null, "phone" text null, "site" text null, "city" text null, "state" text null, "country" text null, "owner_id" uuid null, "value_minor" bigint null, "tags" text[] not null default '{}', "custom_fields" jsonb not null default '{}', "external_id" text null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, "version" int not null default 1, "search_text" text generated always as (replace(replace(replace(translate(regexp_replace(lower(normalize(translate(contact_name || chr(10) || coalesce(company, '') || chr(10) || coalesce(email, '') || chr(10) || coalesce(phone, '') || chr(10) || jsonb_path_query_array(custom_fields, '$.*')::text, '´', ''''), nfkd) collate "pg_c_utf8"), '[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]', '', 'g'), 'ςøłđıħŧ’‘‛ʼʻ′`“”„‐‒–—−', 'σoldiht''''''''''''''"""-----'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe')) stored collate "pg_c_utf8" not null, "email_key" text generated always as (left(lower(email), 254)) stored null, "phone_key" text generated always as (left(phone, 254)) stored null, primary key ("org_id", "id"));
create index "leads_org_id_created_at_id_index" on "leads"."leads" ("org_id", "created_at", "id");
create index "leads_org_id_updated_at_id_index" on "leads"."leads" ("org_id", "updated_at", "id");
create index "leads_org_id_pipeline_id_created_at_id_index" on "leads"."leads" ("org_id", "pipeline_id", "created_at", "id");
create index "leads_org_id_stage_id_created_at_id_index" on "leads"."leads" ("org_id", "stage_id", "created_at", "id");
create index "leads_org_id_owner_id_created_at_id_index" on "leads"."leads" ("org_id", "owner_id", "created_at", "id");
create index leads_email on leads.leads (org_id, email_key);
create index leads_phone on leads.leads (org_id, phone_key);
create index leads_name on leads.leads (org_id, left(contact_name, 200) collate pg_catalog."und-x-icu", id);
alter table "leads"."leads" add constraint "leads_org_id_external_id_unique" unique ("org_id", "external_id");

create table "leads"."lead_fields" ("org_id" uuid not null, "id" uuid not null, "key" text not null, "label" text not null, "kind" text not null, "options" text[] not null, "archived" boolean not null, primary key ("org_id", "id"));
alter table "leads"."lead_fields" add constraint "lead_fields_org_id_key_unique" unique ("org_id", "key");

create table "leads"."imports" ("org_id" uuid not null, "id" uuid not null, "file_name" text not null, "status" text not null, "pipeline_id" uuid not null, "mapping" jsonb not null, "delimiter" text null, "default_contact_name" text null, "value_decimals" int not null, "settings" jsonb not null default '{}', "reading" jsonb not null default '{}', "undo" jsonb null, "rows_undone" int not null default 0, "started_by" uuid not null, "received_bytes" int not null, "rows_total" int null, "rows_read" int not null default 0, "created" int not null default 0, "updated" int not null default 0, "unchanged" int not null default 0, "refused" int not null default 0, "errors_noted" int not null default 0, "cells_left_out" int not null default 0, "error_code" text null, "error_detail" text null, "lease" uuid null, "heartbeat_at" timestamptz(3) null, "attempts" int not null default 0, "created_at" timestamptz(3) not null, "finished_at" timestamptz(3) null, primary key ("org_id", "id"));
create unique index imports_one_at_work on leads.imports (org_id) where lease is not null;

create table "leads"."members" ("org_id" uuid not null, "id" uuid not null, "heard_at" timestamptz(3) not null, "left_at" timestamptz(3) null, "released" int not null default 0, "is_back" boolean not null default false, primary key ("org_id", "id"));
create index members_leaving on leads.members (org_id, left_at) where left_at is not null;

create table "leads"."org_commands" ("org_id" uuid not null, "id" uuid not null, "actor" text not null, "message_type" text not null, "idempotency_key" text not null, "request_hash" text not null, "reply" text not null, "created_at" timestamptz not null default now(), primary key ("org_id", "id"));
create index "org_commands_org_id_created_at_index" on "leads"."org_commands" ("org_id", "created_at");
alter table "leads"."org_commands" add constraint "org_commands_org_id_actor_message_type_idempotency_key_unique" unique ("org_id", "actor", "message_type", "idempotency_key");

create table "leads"."outbox" ("org_id" uuid not null, "id" uuid not null, "type" text not null, "entity" text not null, "entity_id" uuid not null, "entity_version" bigint not null, "actor" text not null, "person_id" uuid null, "request_id" text not null, "trace" text null, "body" text not null, "created_at" timestamptz(3) not null, "written_in" bigint not null, "published_at" timestamptz(3) null, "refused" text null, primary key ("org_id", "id"));
create index outbox_unpublished on leads.outbox (org_id, created_at, id) where published_at is null;
create index outbox_committed on leads.outbox (written_in, id);
create index outbox_of_org on leads.outbox (org_id, written_in, id);
alter table "leads"."outbox" add constraint "outbox_org_id_entity_entity_id_entity_version_unique" unique ("org_id", "entity", "entity_id", "entity_version");

create table "leads"."person_commands" ("user_id" uuid not null, "id" uuid not null, "actor" text not null, "message_type" text not null, "idempotency_key" text not null, "request_hash" text not null, "reply" text not null, "created_at" timestamptz not null default now(), primary key ("user_id", "id"));
create index "person_commands_user_id_created_at_index" on "leads"."person_commands" ("user_id", "created_at");
alter table "leads"."person_commands" add constraint "person_commands_user_id_actor_message_type_idempo_868c2_unique" unique ("user_id", "actor", "message_type", "idempotency_key");

create table "leads"."pipelines" ("org_id" uuid not null, "id" uuid not null, "name" text not null, "is_default" boolean not null, "archived" boolean not null, "created_at" timestamptz(3) not null, "version" int not null, primary key ("org_id", "id"));
create unique index pipelines_one_default on leads.pipelines (org_id) where is_default;
create unique index pipelines_name on leads.pipelines (org_id, lower(name)) where not archived;

create table "leads"."platform_commands" ("realm" uuid not null default '00000000-0000-4000-8000-706c6174666f', "id" uuid not null, "actor" text not null, "message_type" text not null, "idempotency_key" text not null, "request_hash" text not null, "reply" text not null, "created_at" timestamptz not null default now(), primary key ("realm", "id"));
create index "platform_commands_realm_created_at_index" on "leads"."platform_commands" ("realm", "created_at");
alter table "leads"."platform_commands" add constraint "platform_commands_realm_actor_message_type_idempo_cdae5_unique" unique ("realm", "actor", "message_type", "idempotency_key");

create table "leads"."stages" ("org_id" uuid not null, "id" uuid not null, "pipeline_id" uuid not null, "name" text not null, "position" int not null, "kind" text not null, "is_default" boolean not null, "archived" boolean not null, primary key ("org_id", "id"));
create unique index stages_one_default on leads.stages (org_id, pipeline_id) where is_default;
create unique index stages_name on leads.stages (org_id, pipeline_id, lower(name)) where not archived;
alter table "leads"."stages" add constraint "stages_org_id_pipeline_id_id_unique" unique ("org_id", "pipeline_id", "id");

create table "leads"."stopped_jobs" ("org_id" uuid not null, "job_id" uuid not null, "code" text not null, "detail" text not null, "due_at" timestamptz(3) not null, primary key ("org_id", "job_id"));
create index stopped_jobs_in_turn on leads.stopped_jobs (org_id, due_at);

alter table leads.stages add constraint stages_pipeline foreign key (org_id, pipeline_id) references leads.pipelines (org_id, id);

alter table leads.leads add constraint leads_stage foreign key (org_id, pipeline_id, stage_id) references leads.stages (org_id, pipeline_id, id);

alter table leads.leads add constraint leads_owner foreign key (org_id, owner_id) references leads.members (org_id, id) not valid;

alter table leads.activities add constraint activities_lead foreign key (org_id, lead_id) references leads.leads (org_id, id) on delete cascade;

alter table leads.imports add constraint imports_pipeline foreign key (org_id, pipeline_id) references leads.pipelines (org_id, id);

alter table leads.import_chunks add constraint import_chunks_import foreign key (org_id, import_id) references leads.imports (org_id, id) on delete cascade;

alter table leads.import_changes add constraint import_changes_import foreign key (org_id, import_id) references leads.imports (org_id, id) on delete cascade;

alter table leads.import_changes add constraint import_changes_lead foreign key (org_id, lead_id) references leads.leads (org_id, id) on delete cascade not valid;

alter table leads.import_errors add constraint import_errors_import foreign key (org_id, import_id) references leads.imports (org_id, id) on delete cascade;

alter table "leads"."activities" enable row level security;
alter table "leads"."activities" force row level security;
create policy "tenancy_restrictive" on "leads"."activities" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."activities" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."audit_entries" enable row level security;
alter table "leads"."audit_entries" force row level security;
create policy "tenancy_restrictive" on "leads"."audit_entries" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."audit_entries" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."audit_heads" enable row level security;
alter table "leads"."audit_heads" force row level security;
create policy "tenancy_restrictive" on "leads"."audit_heads" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."audit_heads" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."blocked_entities" enable row level security;
alter table "leads"."blocked_entities" force row level security;
create policy "tenancy_permissive_leads_owner" on "leads"."blocked_entities" to "leads_owner" using (true) with check (true);
alter table "leads"."dead_letters" enable row level security;
alter table "leads"."dead_letters" force row level security;
create policy "tenancy_restrictive" on "leads"."dead_letters" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."dead_letters" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."due_jobs" enable row level security;
alter table "leads"."due_jobs" force row level security;
create policy "tenancy_permissive_leads_owner" on "leads"."due_jobs" to "leads_owner" using (true) with check (true);
alter table "leads"."event_positions" enable row level security;
alter table "leads"."event_positions" force row level security;
create policy "tenancy_restrictive" on "leads"."event_positions" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "leads"."event_positions" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
alter table "leads"."import_changes" enable row level security;
alter table "leads"."import_changes" force row level security;
create policy "tenancy_restrictive" on "leads"."import_changes" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."import_changes" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."import_chunks" enable row level security;
alter table "leads"."import_chunks" force row level security;
create policy "tenancy_restrictive" on "leads"."import_chunks" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."import_chunks" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."import_errors" enable row level security;
alter table "leads"."import_errors" force row level security;
create policy "tenancy_restrictive" on "leads"."import_errors" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."import_errors" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."import_mappings" enable row level security;
alter table "leads"."import_mappings" force row level security;
create policy "tenancy_restrictive" on "leads"."import_mappings" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."import_mappings" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."inbox" enable row level security;
alter table "leads"."inbox" force row level security;
create policy "tenancy_restrictive" on "leads"."inbox" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."inbox" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."jobs" enable row level security;
alter table "leads"."jobs" force row level security;
create policy "tenancy_restrictive" on "leads"."jobs" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."jobs" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."leads" enable row level security;
alter table "leads"."leads" force row level security;
create policy "tenancy_restrictive" on "leads"."leads" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."leads" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."lead_fields" enable row level security;
alter table "leads"."lead_fields" force row level security;
create policy "tenancy_restrictive" on "leads"."lead_fields" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."lead_fields" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."imports" enable row level security;
alter table "leads"."imports" force row level security;
create policy "tenancy_restrictive" on "leads"."imports" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."imports" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."members" enable row level security;
alter table "leads"."members" force row level security;
create policy "tenancy_restrictive" on "leads"."members" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."members" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."org_commands" enable row level security;
alter table "leads"."org_commands" force row level security;
create policy "tenancy_restrictive" on "leads"."org_commands" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."org_commands" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."outbox" enable row level security;
alter table "leads"."outbox" force row level security;
create policy "tenancy_restrictive_leads_owner" on "leads"."outbox" as restrictive to "leads_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_leads_owner" on "leads"."outbox" to "leads_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_leads_relay" on "leads"."outbox" to "leads_relay" using (true) with check (true);
alter table "leads"."person_commands" enable row level security;
alter table "leads"."person_commands" force row level security;
create policy "tenancy_restrictive" on "leads"."person_commands" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "leads"."person_commands" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
alter table "leads"."pipelines" enable row level security;
alter table "leads"."pipelines" force row level security;
create policy "tenancy_restrictive" on "leads"."pipelines" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."pipelines" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."platform_commands" enable row level security;
alter table "leads"."platform_commands" force row level security;
create policy "tenancy_restrictive" on "leads"."platform_commands" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "leads"."platform_commands" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
alter table "leads"."stages" enable row level security;
alter table "leads"."stages" force row level security;
create policy "tenancy_restrictive" on "leads"."stages" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."stages" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "leads"."stopped_jobs" enable row level security;
alter table "leads"."stopped_jobs" force row level security;
create policy "tenancy_permissive_leads_owner" on "leads"."stopped_jobs" to "leads_owner" using (true) with check (true);

alter table leads.pipelines add constraint pipelines_bounded check (length(name) <= 100 and version between 1 and 2000000000) not valid;

alter table leads.stages add constraint stages_bounded check (length(name) <= 100 and position between 0 and 1000000 and kind in ('open', 'won', 'lost')) not valid;

alter table leads.lead_fields add constraint lead_fields_bounded check (key ~ '^[a-z][a-z0-9_]{0,59}$' and length(label) <= 100
  and kind in ('text', 'number', 'date', 'select', 'multi_select', 'money') and cardinality(options) <= 100) not valid;

alter table leads.leads add constraint leads_bounded check (cardinality(tags) <= 50 and version between 1 and 2000000000) not valid;

create function leads.owner_stays() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.owner_id is not distinct from old.owner_id then
    return new;
  end if;
  if exists (select from leads.members m where m.org_id = new.org_id and m.id = new.owner_id and m.left_at is not null) then
    raise exception 'whoever left owns nothing new' using errcode = '23503', constraint = 'leads_owner';
  end if;
  return new;
end $$;
revoke all on function leads.owner_stays from public;
create trigger leads_owner_stays before insert or update of owner_id on leads.leads for each row when (new.owner_id is not null) execute function leads.owner_stays();

alter table leads.imports add constraint imports_bounded check (length(file_name) <= 200 and length(delimiter) <= 1 and length(default_contact_name) <= 200 and value_decimals between 0 and 4 and status in ('receiving', 'running', 'finished', 'failed', 'undoing', 'undone', 'stopped') and rows_total between 0 and 1000000 and rows_read between 0 and 1000000 and created between 0 and 1000000 and updated between 0 and 1000000 and unchanged between 0 and 1000000 and refused between 0 and 1000000 and rows_undone between 0 and 2000000 and errors_noted between 0 and 10000 and cells_left_out between 0 and 1999999999 and received_bytes between 0 and 134217728 and attempts between 0 and 1000 and extract(epoch from created_at) between 0 and 9999999999) not valid;

alter table leads.import_chunks add constraint import_chunks_bounded check (seq between 0 and 10000 and length(sha256) = 64) not valid;

alter table leads.import_errors add constraint import_errors_bounded check (position between 1 and 10000 and line between 1 and 1999999999 and length(column_name) <= 200 and length(problem) <= 1000) not valid;

alter table leads.import_changes add constraint import_changes_bounded check (version between 1 and 2000000000) not valid;

create function leads.import_goes_on() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.rows_read < old.rows_read or new.created < old.created or new.updated < old.updated or new.unchanged < old.unchanged or new.refused < old.refused or new.errors_noted < old.errors_noted or new.cells_left_out < old.cells_left_out or new.received_bytes < old.received_bytes
    or (old.rows_total is not null and new.rows_total is distinct from old.rows_total)
    or (new.rows_undone < old.rows_undone and not (new.status = 'undoing' and old.status in ('finished', 'failed')))
    or (new.attempts < old.attempts and new.rows_read = old.rows_read and new.rows_undone <= old.rows_undone and not (new.status = 'undoing' and old.status in ('finished', 'failed')))
    or (new.status <> old.status and not (old.status, new.status) in (('receiving', 'running'), ('receiving', 'failed'), ('running', 'finished'), ('running', 'failed'),
      ('finished', 'undoing'), ('failed', 'undoing'), ('undoing', 'finished'), ('undoing', 'undone'),
      ('running', 'stopped'), ('undoing', 'stopped'), ('stopped', 'running'), ('stopped', 'undoing')))
  then
    raise exception 'the work on an import goes on, and not back' using errcode = '42501';
  end if;
  return new;
end $$;
revoke all on function leads.import_goes_on from public;
create trigger imports_go_on before update on leads.imports for each row execute function leads.import_goes_on();

alter table leads.import_mappings add constraint import_mappings_bounded check (length(name) <= 100);

create function leads.start_job(job uuid, of_kind text, told jsonb, by_actor text, seconds double precision, granted text default null) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  by_actor := tenancy.acting(by_actor);
  if of_kind !~ '^[a-z][a-z-]{0,39}$' then
    raise exception 'no kind of work' using errcode = '22023';
  end if;
  if octet_length(told::text) > 4096 then
    raise exception 'too much is said of the job' using errcode = '54000';
  end if;
  if octet_length(granted) > 4096 then
    raise exception 'too much is granted for the job' using errcode = '54000';
  end if;
  if not exists (select from leads.jobs j where j.org_id = org and j.id = job and j.state = 'open') and exists (
      select from leads.jobs j where j.org_id = org and j.state = 'open' having count(*) >= 1000 or count(*) filter (where j.kind = of_kind) >= 100) then
    raise exception 'too many jobs are open' using errcode = 'WJ001';
  end if;
  insert into leads.jobs as j (org_id, id, kind, payload, started_by, delegation, state, attempts, created_at)
    values (org, job, of_kind, told, by_actor, granted, 'open', 0, clock_timestamp())
    on conflict (org_id, id) do update set kind = excluded.kind, payload = excluded.payload, started_by = excluded.started_by, delegation = excluded.delegation, state = 'open', lease = null,
      heartbeat_at = null, attempts = 0, progress = null, error_code = null, error_detail = null, finished_at = null where j.state <> 'open';
  if found then
    delete from leads.stopped_jobs s where s.org_id = org and s.job_id = job;
  elsif granted is not null then
    update leads.jobs j set delegation = granted where j.org_id = org and j.id = job and j.state = 'open' and j.started_by = by_actor;
  end if;
  insert into leads.due_jobs as d (org_id, job_id, started_by, due_at, dead)
    select org, job, j.started_by, clock_timestamp() + make_interval(secs => least(greatest(seconds, 0), 3600)), false from leads.jobs j where j.org_id = org and j.id = job
    on conflict (org_id, job_id) do update set started_by = excluded.started_by, due_at = excluded.due_at, dead = false;
end $$;
revoke all on function leads.start_job from public;
grant execute on function leads.start_job to leads_app;

create function leads.claim_job(job uuid, claimant uuid) returns table (kind text, payload jsonb, started_by text, attempts int, created_at timestamptz) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  begin
    update leads.jobs j set lease = claimant, heartbeat_at = clock_timestamp(), attempts = least(j.attempts + 1, 1000)
      where j.org_id = org and j.id = job and j.state = 'open' and (j.lease is null or j.heartbeat_at < clock_timestamp() - interval '30 seconds')
        and not exists (select from leads.stopped_jobs s where s.org_id = org and s.job_id = job)
        and not exists (select from leads.jobs o where o.org_id = org and o.kind = j.kind and o.id <> j.id and o.lease is not null)
      returning j.kind, j.payload, j.started_by, j.attempts, j.created_at::timestamptz
      into claim_job.kind, claim_job.payload, claim_job.started_by, claim_job.attempts, claim_job.created_at;
  exception when unique_violation then
    claim_job.kind := null;
  end;
  if claim_job.kind is not null then
    update leads.due_jobs d set due_at = clock_timestamp() + make_interval(secs => least(greatest(31, 0), 3600)) where d.org_id = org and d.job_id = job and not d.dead;
    return next;
  elsif exists (select from leads.jobs j where j.org_id = org and j.id = job and j.state = 'open') then
    update leads.due_jobs d set due_at = clock_timestamp() + make_interval(secs => least(greatest(2, 0), 3600)) where d.org_id = org and d.job_id = job and not d.dead;
  else
    delete from leads.due_jobs d where d.org_id = org and d.job_id = job and not d.dead;
  end if;
end $$;
revoke all on function leads.claim_job from public;
grant execute on function leads.claim_job to leads_app;

create function leads.keep_job(job uuid, held_by uuid, came_on boolean, told jsonb) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  if octet_length(told::text) > 4096 then
    raise exception 'too much is said of the job' using errcode = '54000';
  end if;
  if exists (select from leads.stopped_jobs s where s.org_id = org and s.job_id = job) then
    return false;
  end if;
  update leads.jobs j set heartbeat_at = clock_timestamp(), attempts = case when came_on then 0 else j.attempts end, progress = coalesce(told, j.progress)
    where j.org_id = org and j.id = job and j.lease = held_by;
  if not found then
    return false;
  end if;
  update leads.due_jobs d set due_at = clock_timestamp() + make_interval(secs => least(greatest(31, 0), 3600)) where d.org_id = org and d.job_id = job and not d.dead;
  return true;
end $$;
revoke all on function leads.keep_job from public;
grant execute on function leads.keep_job to leads_app;

create function leads.release_job(job uuid, held_by uuid, is_attempt boolean, seconds double precision) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  update leads.jobs j set lease = null, attempts = case when is_attempt then j.attempts else greatest(j.attempts - 1, 0) end where j.org_id = org and j.id = job and j.lease = held_by;
  if found then
    update leads.due_jobs d set due_at = clock_timestamp() + make_interval(secs => least(greatest(seconds, 0), 3600)) where d.org_id = org and d.job_id = job and not d.dead;
  end if;
end $$;
revoke all on function leads.release_job from public;
grant execute on function leads.release_job to leads_app;

create function leads.put_off_job(job uuid, seconds double precision) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  update leads.due_jobs d set due_at = clock_timestamp() + make_interval(secs => least(greatest(seconds, 0), 3600)) where d.org_id = org and d.job_id = job and not d.dead;
end $$;
revoke all on function leads.put_off_job from public;
grant execute on function leads.put_off_job to leads_app;

create function leads.end_job(job uuid, held_by uuid, as_state text, code text, detail text) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  if as_state not in ('done', 'failed', 'dead', 'stopped', 'cancelled') then
    raise exception 'no end of a job' using errcode = '22023';
  end if;
  update leads.jobs j set state = as_state, lease = null, error_code = left(code, 100), error_detail = left(detail, 500), finished_at = clock_timestamp()
    where j.org_id = org and j.id = job and j.state = 'open' and (j.lease is not distinct from held_by or as_state = 'cancelled');
  if not found then
    return false;
  end if;
  delete from leads.stopped_jobs s where s.org_id = org and s.job_id = job;
  if as_state = 'dead' then
    update leads.due_jobs d set dead = true, due_at = clock_timestamp() where d.org_id = org and d.job_id = job;
  else
    delete from leads.due_jobs d where d.org_id = org and d.job_id = job;
  end if;
  return true;
end $$;
revoke all on function leads.end_job from public;
grant execute on function leads.end_job to leads_app;

create function leads.stop_jobs(of_actor text, code text, detail text) returns table (job uuid, kind text) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  return query with found as (
    select j.id, j.kind from leads.jobs j
      where j.org_id = org and j.state = 'open' and case when of_actor is null then j.started_by not like 'system:%' else j.started_by = of_actor end
        and not exists (select from leads.stopped_jobs s where s.org_id = org and s.job_id = j.id)
      order by j.lease is null, j.created_at limit 100),
  marked as (
    insert into leads.stopped_jobs (org_id, job_id, code, detail, due_at)
      select org, f.id, left(stop_jobs.code, 100), coalesce(left(stop_jobs.detail, 500), ''), clock_timestamp() from found f
      on conflict do nothing returning job_id)
  select f.id, f.kind from found f join marked m on m.job_id = f.id;
end $$;
revoke all on function leads.stop_jobs from public;
grant execute on function leads.stop_jobs to leads_app;

create function leads.stop_job(job uuid, code text, detail text) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  insert into leads.stopped_jobs (org_id, job_id, code, detail, due_at)
    select org, j.id, left(stop_job.code, 100), coalesce(left(stop_job.detail, 500), ''), clock_timestamp() from leads.jobs j
      where j.org_id = org and j.id = job and j.state = 'open' on conflict do nothing;
  return found;
end $$;
revoke all on function leads.stop_job from public;
grant execute on function leads.stop_job to leads_app;

create function leads.end_stopped_job(job uuid) returns table (kind text, code text, detail text) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform from leads.jobs j where j.org_id = org and j.id = job for update skip locked;
  if not found then
    update leads.stopped_jobs s set due_at = clock_timestamp() + interval '1 seconds' where s.org_id = org and s.job_id = job;
    return;
  end if;
  return query with forgotten as (
    delete from leads.stopped_jobs s where s.org_id = org and s.job_id = job returning s.code, s.detail)
  update leads.jobs j set state = 'stopped', lease = null, error_code = f.code, error_detail = f.detail, finished_at = clock_timestamp()
    from forgotten f where j.org_id = org and j.id = job and j.state = 'open' returning j.kind, f.code, f.detail;
  if found then
    delete from leads.due_jobs d where d.org_id = org and d.job_id = job;
  end if;
end $$;
revoke all on function leads.end_stopped_job from public;
grant execute on function leads.end_stopped_job to leads_app;

create function leads.put_off_stopped_job(job uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  update leads.stopped_jobs s set due_at = clock_timestamp() + interval '30 seconds' where s.org_id = org and s.job_id = job;
end $$;
revoke all on function leads.put_off_stopped_job from public;
grant execute on function leads.put_off_stopped_job to leads_app;

create function leads.find_stopped_jobs(after uuid) returns table (org_id uuid, job_id uuid) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query with recursive present (id) as (
    (select r.org_id from leads.stopped_jobs r order by r.org_id limit 1)
    union all
    select (select r.org_id from leads.stopped_jobs r where r.org_id > o.id order by r.org_id limit 1) from present o where o.id is not null)
  select d.org_id, d.job_id from present o cross join lateral (
    select r.*, row_number() over (order by r.due_at) as nth from leads.stopped_jobs r
    where r.org_id = o.id and r.due_at <= clock_timestamp() order by r.due_at limit 4) d
  order by d.nth, d.org_id <= after, d.org_id limit 40;
end $$;
revoke all on function leads.find_stopped_jobs from public;
grant execute on function leads.find_stopped_jobs to leads_app;

create function leads.refuse_stopped_job() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from leads.stopped_jobs s where s.org_id = new.org_id and s.job_id = new.id) then
    raise exception 'the job was stopped' using errcode = 'WJ002';
  end if;
  return null;
end $$;
revoke all on function leads.refuse_stopped_job from public;
create constraint trigger jobs_not_stopped after update on leads.jobs deferrable initially deferred for each row
  when (new.lease is not null) execute function leads.refuse_stopped_job();

create function leads.replay_job(job uuid) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:leads');
  update leads.jobs j set state = 'open', attempts = 0, error_code = null, error_detail = null, finished_at = null
    where j.org_id = org and j.id = job and j.state = 'dead';
  if not found then
    return false;
  end if;
  update leads.due_jobs d set dead = false, due_at = clock_timestamp() where d.org_id = org and d.job_id = job;
  return true;
end $$;
revoke all on function leads.replay_job from public;
grant execute on function leads.replay_job to leads_app;

create function leads.give_up_job(job uuid) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:leads');
  update leads.jobs j set state = 'failed' where j.org_id = org and j.id = job and j.state = 'dead';
  if not found then
    return false;
  end if;
  delete from leads.due_jobs d where d.org_id = org and d.job_id = job;
  return true;
end $$;
revoke all on function leads.give_up_job from public;
grant execute on function leads.give_up_job to leads_app;

create function leads.find_due_jobs(after uuid) returns table (org_id uuid, job_id uuid, started_by text) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query with recursive present (id) as (
    (select r.org_id from leads.due_jobs r order by r.org_id limit 1)
    union all
    select (select r.org_id from leads.due_jobs r where r.org_id > o.id order by r.org_id limit 1) from present o where o.id is not null)
  select d.org_id, d.job_id, d.started_by from present o cross join lateral (
    select r.*, row_number() over (order by r.due_at) as nth from leads.due_jobs r
    where r.org_id = o.id and not r.dead and r.due_at <= clock_timestamp() and r.started_by not like 'system:%' order by r.due_at limit 4) d
  order by d.nth, d.org_id <= after, d.org_id limit 40;
end $$;
revoke all on function leads.find_due_jobs from public;
grant execute on function leads.find_due_jobs to leads_app;

create function leads.find_own_jobs(after uuid) returns table (org_id uuid, job_id uuid, started_by text) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query with recursive present (id) as (
    (select r.org_id from leads.due_jobs r order by r.org_id limit 1)
    union all
    select (select r.org_id from leads.due_jobs r where r.org_id > o.id order by r.org_id limit 1) from present o where o.id is not null)
  select d.org_id, d.job_id, d.started_by from present o cross join lateral (
    select r.*, row_number() over (order by r.due_at) as nth from leads.due_jobs r
    where r.org_id = o.id and not r.dead and r.due_at <= clock_timestamp() and r.started_by like 'system:%' order by r.due_at limit 4) d
  order by d.nth, d.org_id <= after, d.org_id limit 40;
end $$;
revoke all on function leads.find_own_jobs from public;
grant execute on function leads.find_own_jobs to leads_app;

create function leads.find_dead_jobs() returns table (org_id uuid, job_id uuid, since timestamptz) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select w.org_id, w.job_id, w.due_at::timestamptz from (with recursive present (id) as (
    (select r.org_id from leads.due_jobs r order by r.org_id limit 1)
    union all
    select (select r.org_id from leads.due_jobs r where r.org_id > o.id order by r.org_id limit 1) from present o where o.id is not null)
  select d.org_id, d.job_id, d.due_at from present o cross join lateral (
    select r.*, row_number() over (order by r.due_at) as nth from leads.due_jobs r
    where r.org_id = o.id and r.dead order by r.due_at limit 200) d
  order by d.nth, d.due_at limit 2000) w;
end $$;
revoke all on function leads.find_dead_jobs from public;
grant execute on function leads.find_dead_jobs to leads_app;

create or replace function leads.watch_import(watched uuid, seconds double precision) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from leads.imports i where i.org_id = (select tenancy.org_id()) and i.id = watched) then
    perform leads.start_job(watched, 'lead-import', '{}', tenancy.actor_id()::text, seconds);
  end if;
end $$;
revoke all on function leads.watch_import from public;
grant execute on function leads.watch_import to leads_app;

create or replace function leads.unwatch_import(watched uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform leads.end_job(watched, null, 'cancelled', null, null);
end $$;
revoke all on function leads.unwatch_import from public;
grant execute on function leads.unwatch_import to leads_app;

create or replace function leads.find_stalled_imports(after uuid default '00000000-0000-0000-0000-000000000000') returns table (org_id uuid, import_id uuid, started_by uuid) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
end $$;
revoke all on function leads.find_stalled_imports from public;
grant execute on function leads.find_stalled_imports to leads_app;

create function leads.append_audit(entry_id uuid, actor text, action text, outcome text, subject text, detail jsonb, request_id text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
  head leads.audit_heads;
  moment timestamptz := clock_timestamp();
  link text;
begin
  actor := tenancy.acting(actor);
  select * into head from leads.audit_heads h where h.org_id = org and h.id = org for update;
  if not found then
    insert into leads.audit_heads (org_id, id, seq, hash) values (org, org, 0, repeat('0', 64)) on conflict do nothing;
    select * into strict head from leads.audit_heads h where h.org_id = org and h.id = org for update;
  end if;
  link := encode(sha256(convert_to(jsonb_build_array(head.hash, org, head.seq + 1, extract(epoch from moment)::text,
    actor, action, outcome, subject, detail, request_id)::text, 'UTF8')), 'hex');
  insert into leads.audit_entries (org_id, id, seq, at, actor, action, outcome, subject, detail, request_id, hash)
    values (org, entry_id, head.seq + 1, moment, actor, action, outcome, subject, detail, request_id, link);
  update leads.audit_heads h set seq = head.seq + 1, hash = link where h.org_id = org and h.id = org;
end $$;
revoke all on function leads.append_audit from public;
grant execute on function leads.append_audit to leads_app;

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

create or replace function leads.write_event(told text, subject uuid, by_actor text, person uuid, request text, trace_parent text, payload text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
  of text := case told when 'leads.import.finished.v1' then 'import' when 'leads.lead.changed.v1' then 'lead' when 'leads.lead.created.v1' then 'lead' when 'leads.lead.deleted.v1' then 'lead' end;
begin
  by_actor := tenancy.acting(by_actor);
  if of is null then
    raise exception 'no such event: %', left(told, 100) using errcode = '22023';
  end if;
  if octet_length(payload) > 200000 or greatest(length(by_actor), length(request), length(trace_parent)) > 200 then
    raise exception 'the event is too large' using errcode = '54000';
  end if;
  if request = '' or trace_parent = '' or request ~ '[\u0001-\u001f\u007f-\u009f]' or trace_parent ~ '[\u0001-\u001f\u007f-\u009f]' or payload ~ '[\u007f-\u009f]' or payload is not json object then
    raise exception 'no message can carry the event' using errcode = '22023';
  end if;
  insert into leads.outbox (org_id, id, type, entity, entity_id, entity_version, actor, person_id, request_id, trace, body, created_at, written_in)
    select org, uuidv7(), told, of, subject, coalesce(max(o.entity_version), 0) + 1, by_actor, person, request, trace_parent, payload,
      clock_timestamp(), pg_current_xact_id()::text::bigint
    from leads.outbox o where o.org_id = org and o.entity = of and o.entity_id = subject;
end
$$;
revoke all on function leads.write_event from public;
grant execute on function leads.write_event to leads_app;

create or replace function leads.events_of_entity(of text, subject uuid, after bigint, most int) returns table (event uuid, told text, event_version float8, request text, trace_parent text, payload text, at timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  return query select o.id, o.type, o.entity_version::float8, o.request_id, o.trace, o.body, o.created_at::timestamptz
    from leads.outbox o where o.org_id = org and o.entity = of and o.entity_id = subject and o.entity_version > after
    order by o.entity_version limit most;
end
$$;
revoke all on function leads.events_of_entity from public;
grant execute on function leads.events_of_entity to leads_app;

create or replace function leads.events_since(after uuid, from_start boolean, most int) returns table (event uuid, told text, subject uuid, event_version float8, person uuid, payload text, at timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
  settled bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
begin
  if exists (select from leads.outbox o where o.org_id = org and o.written_in >= settled) then
    settled := tenancy.settled_before();
  end if;
  return query select e.id, e.type, e.entity_id, e.entity_version::float8, e.person_id, e.body, e.created_at::timestamptz
    from (select o.written_in, o.id from leads.outbox o where o.org_id = org and o.id = after
      union all select 0, after where from_start) p
    left join lateral (select * from leads.outbox o where o.org_id = org and (o.written_in, o.id) > (p.written_in, p.id) and o.written_in < settled
      order by o.written_in, o.id limit most) e on true;
end
$$;
revoke all on function leads.events_since from public;
grant execute on function leads.events_since to leads_app;

create or replace function leads.newest_event() returns table (event uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
  settled bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
begin
  if exists (select from leads.outbox o where o.org_id = org and o.written_in >= settled) then
    settled := tenancy.settled_before();
  end if;
  return query select o.id from leads.outbox o where o.org_id = org and o.written_in < settled order by o.written_in desc, o.id desc limit 1;
end
$$;
revoke all on function leads.newest_event from public;
grant execute on function leads.newest_event to leads_app;

alter table leads.pipelines add constraint pipelines_sized check (octet_length(name) <= 10000) not valid;

alter table leads.stages add constraint stages_sized check (octet_length(name) <= 10000 and octet_length(kind) <= 10000) not valid;

alter table leads.lead_fields add constraint lead_fields_sized check (octet_length(key) <= 10000 and octet_length(label) <= 10000 and octet_length(kind) <= 10000 and octet_length(options::text) <= 65536) not valid;

alter table leads.leads add constraint leads_sized check (octet_length(contact_name) <= 10000 and octet_length(company) <= 10000 and octet_length(email) <= 10000 and octet_length(phone) <= 10000 and octet_length(site) <= 10000 and octet_length(city) <= 10000 and octet_length(state) <= 10000 and octet_length(country) <= 10000 and octet_length(tags::text) <= 65536 and octet_length(custom_fields::text) <= 262144 and octet_length(external_id) <= 10000) not valid;

alter table leads.activities add constraint activities_sized check (octet_length(kind) <= 10000 and octet_length(actor) <= 10000 and octet_length(detail::text) <= 16384) not valid;

alter table leads.imports add constraint imports_sized check (octet_length(file_name) <= 10000 and octet_length(status) <= 10000 and octet_length(mapping::text) <= 524288 and octet_length(delimiter) <= 10000 and octet_length(default_contact_name) <= 10000 and octet_length(settings::text) <= 2097152 and octet_length(reading::text) <= 524288 and octet_length(undo::text) <= 65536 and octet_length(error_code) <= 100 and octet_length(error_detail) <= 4000) not valid;

alter table leads.import_chunks add constraint import_chunks_sized check (octet_length(sha256) <= 10000 and octet_length(data) <= 524288) not valid;

alter table leads.import_errors add constraint import_errors_sized check (octet_length(column_name) <= 10000 and octet_length(problem) <= 10000) not valid;

alter table leads.import_changes add constraint import_changes_sized check (octet_length(before::text) <= 524288 and octet_length(after::text) <= 524288) not valid;

alter table leads.import_mappings add constraint import_mappings_sized check (octet_length(name) <= 10000 and octet_length(settings::text) <= 131072) not valid;

alter table leads.audit_entries add constraint audit_entries_sized check (octet_length(actor) <= 10000 and octet_length(action) <= 10000 and octet_length(outcome) <= 10000 and octet_length(subject) <= 10000 and octet_length(detail::text) <= 16384 and octet_length(request_id) <= 10000 and octet_length(hash) <= 10000) not valid;

alter table leads.audit_heads add constraint audit_heads_sized check (octet_length(hash) <= 10000) not valid;

alter table leads.org_commands add constraint org_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table leads.person_commands add constraint person_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table leads.platform_commands add constraint platform_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table leads.inbox add constraint inbox_sized check (octet_length(source) <= 10000 and octet_length(entity) <= 10000) not valid;

alter table leads.dead_letters add constraint dead_letters_sized check (octet_length(type) <= 10000 and octet_length(source) <= 10000 and octet_length(entity) <= 10000 and octet_length(request_id) <= 10000 and octet_length(trace) <= 10000 and octet_length(body) <= 1048576 and octet_length(reason) <= 10000) not valid;

alter table leads.blocked_entities add constraint blocked_entities_sized check (octet_length(source) <= 10000 and octet_length(entity) <= 10000) not valid;

alter table leads.event_positions add constraint event_positions_sized check (octet_length(source) <= 10000 and octet_length(mark) <= 10000) not valid;

alter table leads.outbox add constraint outbox_sized check (octet_length(type) <= 10000 and octet_length(entity) <= 10000 and octet_length(actor) <= 10000 and octet_length(request_id) <= 10000 and octet_length(trace) <= 10000 and octet_length(body) <= 262144 and octet_length(refused) <= 10000) not valid;

alter table leads.jobs add constraint jobs_sized check (octet_length(kind) <= 40 and octet_length(payload::text) <= 4096 and octet_length(started_by) <= 64 and octet_length(delegation) <= 4096 and octet_length(state) <= 10 and octet_length(progress::text) <= 4096 and octet_length(error_code) <= 100 and octet_length(error_detail) <= 4000) not valid;

alter table leads.due_jobs add constraint due_jobs_sized check (octet_length(started_by) <= 64) not valid;

alter table leads.stopped_jobs add constraint stopped_jobs_sized check (octet_length(code) <= 400 and octet_length(detail) <= 4000) not valid;

create function leads.delete_members(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from leads.members d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function leads.delete_members from public;
grant execute on function leads.delete_members to leads_app;

create function leads.delete_leads(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from leads.leads d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function leads.delete_leads from public;
grant execute on function leads.delete_leads to leads_app;

create function leads.delete_import_chunks(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from leads.import_chunks d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function leads.delete_import_chunks from public;
grant execute on function leads.delete_import_chunks to leads_app;

create function leads.delete_import_changes(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from leads.import_changes d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function leads.delete_import_changes from public;
grant execute on function leads.delete_import_changes to leads_app;

create function leads.delete_import_mappings(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from leads.import_mappings d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function leads.delete_import_mappings from public;
grant execute on function leads.delete_import_mappings to leads_app;

create function leads.delete_org_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from leads.org_commands d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function leads.delete_org_commands from public;
grant execute on function leads.delete_org_commands to leads_app;

create function leads.delete_person_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_user_id uuid := tenancy.self_id();
begin
  return query delete from leads.person_commands d where d.user_id = own_user_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function leads.delete_person_commands from public;
grant execute on function leads.delete_person_commands to leads_app;

create function leads.delete_platform_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_realm uuid := tenancy.realm();
begin
  return query delete from leads.platform_commands d where d.realm = own_realm and d.id = any(ids) returning d.id;
end $$;
revoke all on function leads.delete_platform_commands from public;
grant execute on function leads.delete_platform_commands to leads_app;

grant select, insert, update (name, is_default, archived, created_at, version) on leads.pipelines to leads_app;

grant select, insert, update (pipeline_id, name, position, kind, is_default, archived) on leads.stages to leads_app;

grant select, insert, update (key, label, kind, options, archived) on leads.lead_fields to leads_app;

grant select, insert, update (heard_at, left_at, released, is_back) on leads.members to leads_app;

grant select, insert, update (pipeline_id, stage_id, contact_name, company, email, phone, site, city, state, country, owner_id, value_minor, tags, custom_fields, external_id, created_at, updated_at, version) on leads.leads to leads_app;

grant select, insert on leads.activities to leads_app;

grant select, insert, update (file_name, status, pipeline_id, mapping, delimiter, default_contact_name, value_decimals, settings, reading, undo, rows_undone, started_by, received_bytes, rows_total, rows_read, created, updated, unchanged, refused, errors_noted, cells_left_out, error_code, error_detail, lease, heartbeat_at, attempts, created_at, finished_at) on leads.imports to leads_app;

grant select, insert, update (import_id, seq, sha256, data) on leads.import_chunks to leads_app;

grant select, insert on leads.import_errors to leads_app;

grant select, insert, update (import_id, lead_id, version, before, after) on leads.import_changes to leads_app;

grant select, insert, update (name, settings, saved_at) on leads.import_mappings to leads_app;

grant select on leads.audit_entries to leads_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on leads.org_commands to leads_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on leads.person_commands to leads_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on leads.platform_commands to leads_app;

grant select on leads.inbox to leads_app;

grant select on leads.dead_letters to leads_app;

grant select, insert, update (source, mark) on leads.event_positions to leads_app;

grant select, update (published_at, refused) on leads.outbox to leads_relay;

grant select on leads.jobs to leads_app;
