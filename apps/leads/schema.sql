-- Tables, keys, policies, rules, bounds and rights, written by schema.write.js. Functions are the files of functions/
-- and of the libraries, applied behind it: none is needed by a generated column, an index, a check or a policy.

create table "leads"."activities" (
  "org_id" uuid not null,
  "id" uuid not null,
  "lead_id" uuid not null,
  "kind" text not null,
  "actor" text not null,
  "at" timestamptz(3) not null,
  "detail" jsonb not null,
  primary key ("org_id", "id")
);
create index "activities_org_id_lead_id_id_index" on "leads"."activities" ("org_id", "lead_id", "id");

create table "leads"."amount_holds" (
  "org_id" uuid not null,
  "id" uuid not null,
  "hold" uuid not null,
  "until" timestamptz(3) null,
  "currency" text null,
  primary key ("org_id", "id")
);

create table "leads"."audit_entries" (
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
create index "audit_entries_org_id_actor_seq_index" on "leads"."audit_entries" ("org_id", "actor", "seq");
alter table "leads"."audit_entries" add constraint "audit_entries_org_id_seq_unique" unique ("org_id", "seq");

create table "leads"."audit_heads" (
  "org_id" uuid not null,
  "id" uuid not null,
  "seq" bigint not null,
  "hash" text not null,
  primary key ("org_id", "id")
);

create table "leads"."blocked_entities" (
  "org_id" uuid not null,
  "source" text not null,
  "entity" text not null,
  "entity_id" uuid not null,
  "since" timestamptz(3) not null,
  "replay" boolean not null,
  primary key ("org_id", "source", "entity", "entity_id")
);
create index blocked_entities_in_turn on leads.blocked_entities (org_id, replay desc, since);

create table "leads"."dead_letters" (
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
alter table "leads"."dead_letters" add constraint "dead_letters_org_id_source_entity_entity_id_entit_d8767_unique" unique ("org_id", "source", "entity", "entity_id", "entity_version");

create table "leads"."due_jobs" (
  "org_id" uuid not null,
  "job_id" uuid not null,
  "started_by" text not null,
  "due_at" timestamptz(3) not null,
  "dead" boolean not null,
  primary key ("org_id", "job_id")
);
create index due_jobs_in_turn on leads.due_jobs (org_id, dead, due_at);

create table "leads"."event_positions" (
  "realm" uuid not null default '00000000-0000-4000-8000-706c6174666f',
  "id" uuid not null,
  "source" text not null,
  "mark" text not null,
  primary key ("realm", "id")
);
alter table "leads"."event_positions" add constraint "event_positions_realm_source_unique" unique ("realm", "source");

create table "leads"."import_changes" (
  "org_id" uuid not null,
  "id" uuid not null,
  "import_id" uuid not null,
  "lead_id" uuid not null,
  "version" int not null,
  "before" jsonb not null,
  "after" jsonb null,
  primary key ("org_id", "id")
);
create index "import_changes_org_id_lead_id_index" on "leads"."import_changes" ("org_id", "lead_id");
alter table "leads"."import_changes" add constraint "import_changes_org_id_import_id_lead_id_unique" unique ("org_id", "import_id", "lead_id");

create table "leads"."import_chunks" (
  "org_id" uuid not null,
  "id" uuid not null,
  "import_id" uuid not null,
  "seq" int not null,
  "sha256" text not null,
  "data" bytea not null,
  primary key ("org_id", "id")
);
alter table "leads"."import_chunks" add constraint "import_chunks_org_id_import_id_seq_unique" unique ("org_id", "import_id", "seq");

create table "leads"."import_errors" (
  "org_id" uuid not null,
  "id" uuid not null,
  "import_id" uuid not null,
  "position" int not null,
  "line" int not null,
  "column_name" text null,
  "problem" text not null,
  "refused" boolean not null default true,
  primary key ("org_id", "id")
);
alter table "leads"."import_errors" add constraint "import_errors_org_id_import_id_position_unique" unique ("org_id", "import_id", "position");

create table "leads"."import_mappings" (
  "org_id" uuid not null,
  "id" uuid not null,
  "name" text not null,
  "settings" jsonb not null,
  "saved_at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
create unique index import_mappings_name on leads.import_mappings (org_id, lower(name));

create table "leads"."inbox" (
  "org_id" uuid not null,
  "id" uuid not null,
  "source" text not null,
  "entity" text not null,
  "entity_id" uuid not null,
  "version" bigint not null,
  "at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "leads"."inbox" add constraint "inbox_org_id_source_entity_entity_id_unique" unique ("org_id", "source", "entity", "entity_id");

create table "leads"."jobs" (
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
create unique index jobs_at_work on leads.jobs (org_id, kind, place) where lease is not null;
create index jobs_open on leads.jobs (org_id, kind) where state = 'open';

create table "leads"."leads" (
  "org_id" uuid not null,
  "id" uuid not null,
  "pipeline_id" uuid not null,
  "stage_id" uuid not null,
  "contact_name" text not null,
  "company" text null,
  "email" text null,
  "phone" text null,
  "site" text null,
  "city" text null,
  "state" text null,
  "country" text null,
  "owner_id" uuid null,
  "value_minor" bigint null,
  "tags" text[] not null default '{}',
  "custom_fields" jsonb not null default '{}',
  "external_id" text null,
  "created_at" timestamptz(3) not null,
  "updated_at" timestamptz(3) not null,
  "version" int not null default 1,
  "search_text" text generated always as (replace(replace(replace(translate(regexp_replace(lower(normalize(translate(contact_name || chr(10) || coalesce(company, '') || chr(10) || coalesce(email, '') || chr(10) || coalesce(phone, '') || chr(10) || jsonb_path_query_array(custom_fields, '$.*')::text, '´', ''''), nfkd) collate "pg_c_utf8"), '[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]', '', 'g'), 'ςøłđıħŧ’‘‛ʼʻ′`“”„‐‒–—−', 'σoldiht''''''''''''''"""-----'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe')) stored collate "pg_c_utf8" not null,
  "email_key" text generated always as (left(lower(email), 254)) stored null,
  "phone_key" text generated always as (left(phone, 254)) stored null,
  primary key ("org_id", "id")
);
create index "leads_org_id_created_at_id_index" on "leads"."leads" ("org_id", "created_at", "id");
create index "leads_org_id_updated_at_id_index" on "leads"."leads" ("org_id", "updated_at", "id");
create index "leads_org_id_pipeline_id_created_at_id_index" on "leads"."leads" ("org_id", "pipeline_id", "created_at", "id");
create index "leads_org_id_stage_id_created_at_id_index" on "leads"."leads" ("org_id", "stage_id", "created_at", "id");
create index "leads_org_id_owner_id_created_at_id_index" on "leads"."leads" ("org_id", "owner_id", "created_at", "id");
create index leads_email on leads.leads (org_id, email_key);
create index leads_phone on leads.leads (org_id, phone_key);
create index leads_name on leads.leads (org_id, left(contact_name, 200) collate pg_catalog."und-x-icu", id);
alter table "leads"."leads" add constraint "leads_org_id_external_id_unique" unique ("org_id", "external_id");

create table "leads"."lead_fields" (
  "org_id" uuid not null,
  "id" uuid not null,
  "key" text not null,
  "label" text not null,
  "kind" text not null,
  "options" text[] not null,
  "archived" boolean not null,
  primary key ("org_id", "id")
);
alter table "leads"."lead_fields" add constraint "lead_fields_org_id_key_unique" unique ("org_id", "key");

create table "leads"."imports" (
  "org_id" uuid not null,
  "id" uuid not null,
  "file_name" text not null,
  "status" text not null,
  "pipeline_id" uuid not null,
  "mapping" jsonb not null,
  "delimiter" text null,
  "default_contact_name" text null,
  "value_decimals" int not null,
  "settings" jsonb not null default '{}',
  "reading" jsonb not null default '{}',
  "undo" jsonb null,
  "rows_undone" int not null default 0,
  "started_by" uuid not null,
  "received_bytes" int not null,
  "rows_total" int null,
  "rows_read" int not null default 0,
  "created" int not null default 0,
  "updated" int not null default 0,
  "unchanged" int not null default 0,
  "refused" int not null default 0,
  "errors_noted" int not null default 0,
  "cells_left_out" int not null default 0,
  "error_code" text null,
  "error_detail" text null,
  "lease" uuid null,
  "heartbeat_at" timestamptz(3) null,
  "attempts" int not null default 0,
  "created_at" timestamptz(3) not null,
  "finished_at" timestamptz(3) null,
  primary key ("org_id", "id")
);
create unique index imports_one_at_work on leads.imports (org_id) where lease is not null;

create table "leads"."members" (
  "org_id" uuid not null,
  "id" uuid not null,
  "heard_at" timestamptz(3) not null,
  "left_at" timestamptz(3) null,
  "released" int not null default 0,
  "is_back" boolean not null default false,
  primary key ("org_id", "id")
);
create index members_leaving on leads.members (org_id, left_at) where left_at is not null;

create table "leads"."org_commands" (
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
create index "org_commands_org_id_created_at_index" on "leads"."org_commands" ("org_id", "created_at");
alter table "leads"."org_commands" add constraint "org_commands_org_id_actor_message_type_idempotency_key_unique" unique ("org_id", "actor", "message_type", "idempotency_key");

create table "leads"."outbox" (
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
create index outbox_unpublished on leads.outbox (org_id, created_at, id) where published_at is null;
create index outbox_committed on leads.outbox (written_in, id);
create index outbox_of_org on leads.outbox (org_id, written_in, id);
alter table "leads"."outbox" add constraint "outbox_org_id_entity_entity_id_entity_version_unique" unique ("org_id", "entity", "entity_id", "entity_version");

create table "leads"."person_commands" (
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
create index "person_commands_user_id_created_at_index" on "leads"."person_commands" ("user_id", "created_at");
alter table "leads"."person_commands" add constraint "person_commands_user_id_actor_message_type_idempo_868c2_unique" unique ("user_id", "actor", "message_type", "idempotency_key");

create table "leads"."pipelines" (
  "org_id" uuid not null,
  "id" uuid not null,
  "name" text not null,
  "is_default" boolean not null,
  "archived" boolean not null,
  "created_at" timestamptz(3) not null,
  "version" int not null,
  primary key ("org_id", "id")
);
create unique index pipelines_one_default on leads.pipelines (org_id) where is_default;
create unique index pipelines_name on leads.pipelines (org_id, lower(name)) where not archived;

create table "leads"."platform_commands" (
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
create index "platform_commands_realm_created_at_index" on "leads"."platform_commands" ("realm", "created_at");
alter table "leads"."platform_commands" add constraint "platform_commands_realm_actor_message_type_idempo_cdae5_unique" unique ("realm", "actor", "message_type", "idempotency_key");

create table "leads"."purge_receipts" (
  "org_id" uuid not null,
  "id" uuid not null,
  "table_name" text not null,
  "outcome" text not null,
  "row_count" bigint not null,
  "noted_at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "leads"."purge_receipts" add constraint "purge_receipts_org_id_table_name_outcome_unique" unique ("org_id", "table_name", "outcome");

create table "leads"."stages" (
  "org_id" uuid not null,
  "id" uuid not null,
  "pipeline_id" uuid not null,
  "name" text not null,
  "position" int not null,
  "kind" text not null,
  "is_default" boolean not null,
  "archived" boolean not null,
  primary key ("org_id", "id")
);
create unique index stages_one_default on leads.stages (org_id, pipeline_id) where is_default;
create unique index stages_name on leads.stages (org_id, pipeline_id, lower(name)) where not archived;
alter table "leads"."stages" add constraint "stages_org_id_pipeline_id_id_unique" unique ("org_id", "pipeline_id", "id");

create table "leads"."stopped_jobs" (
  "org_id" uuid not null,
  "job_id" uuid not null,
  "code" text not null,
  "detail" text not null,
  "due_at" timestamptz(3) not null,
  primary key ("org_id", "job_id")
);
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
alter table "leads"."amount_holds" enable row level security;
alter table "leads"."amount_holds" force row level security;
create policy "tenancy_restrictive" on "leads"."amount_holds" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."amount_holds" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
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
alter table "leads"."purge_receipts" enable row level security;
alter table "leads"."purge_receipts" force row level security;
create policy "tenancy_restrictive" on "leads"."purge_receipts" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."purge_receipts" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
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

alter table leads.amount_holds add constraint amount_holds_bounded check (length(currency) = 3);

alter table leads.imports add constraint imports_bounded check (length(file_name) <= 200 and length(delimiter) <= 1 and length(default_contact_name) <= 200 and value_decimals between 0 and 4 and status in ('receiving', 'running', 'finished', 'failed', 'undoing', 'undone', 'stopped') and rows_total between 0 and 1000000 and rows_read between 0 and 1000000 and created between 0 and 1000000 and updated between 0 and 1000000 and unchanged between 0 and 1000000 and refused between 0 and 1000000 and rows_undone between 0 and 2000000 and errors_noted between 0 and 10000 and cells_left_out between 0 and 1999999999 and received_bytes between 0 and 134217728 and attempts between 0 and 1000 and extract(epoch from created_at) between 0 and 9999999999) not valid;

alter table leads.import_chunks add constraint import_chunks_bounded check (seq between 0 and 10000 and length(sha256) = 64) not valid;

alter table leads.import_errors add constraint import_errors_bounded check (position between 1 and 10000 and line between 1 and 1999999999 and length(column_name) <= 200 and length(problem) <= 1000) not valid;

alter table leads.import_changes add constraint import_changes_bounded check (version between 1 and 2000000000) not valid;

alter table leads.import_mappings add constraint import_mappings_bounded check (length(name) <= 100);

alter table leads.inbox add constraint inbox_version check (version > 0);

alter table leads.pipelines add constraint pipelines_sized check (octet_length(name) <= 10000) not valid;

alter table leads.stages add constraint stages_sized check (octet_length(name) <= 10000 and octet_length(kind) <= 10000) not valid;

alter table leads.lead_fields add constraint lead_fields_sized check (octet_length(key) <= 10000 and octet_length(label) <= 10000 and octet_length(kind) <= 10000 and octet_length(options::text) <= 65536) not valid;

alter table leads.leads add constraint leads_sized check (octet_length(contact_name) <= 10000 and octet_length(company) <= 10000 and octet_length(email) <= 10000 and octet_length(phone) <= 10000 and octet_length(site) <= 10000 and octet_length(city) <= 10000 and octet_length(state) <= 10000 and octet_length(country) <= 10000 and octet_length(tags::text) <= 65536 and octet_length(custom_fields::text) <= 262144 and octet_length(external_id) <= 10000) not valid;

alter table leads.activities add constraint activities_sized check (octet_length(kind) <= 10000 and octet_length(actor) <= 10000 and octet_length(detail::text) <= 16384) not valid;

alter table leads.amount_holds add constraint amount_holds_sized check (octet_length(currency) <= 10000) not valid;

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

alter table leads.purge_receipts add constraint purge_receipts_sized check (octet_length(table_name) <= 63 and octet_length(outcome) <= 20) not valid;

grant select, insert, update (name, is_default, archived, created_at, version) on leads.pipelines to leads_app;

grant select, insert, update (pipeline_id, name, position, kind, is_default, archived) on leads.stages to leads_app;

grant select, insert, update (key, label, kind, options, archived) on leads.lead_fields to leads_app;

grant select, insert, update (heard_at, left_at, released, is_back) on leads.members to leads_app;

grant select, insert, update (pipeline_id, stage_id, contact_name, company, email, phone, site, city, state, country, owner_id, value_minor, tags, custom_fields, external_id, created_at, updated_at, version) on leads.leads to leads_app;

grant select, insert on leads.activities to leads_app;

grant select, insert, update (hold, until, currency) on leads.amount_holds to leads_app;

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

grant select on leads.purge_receipts to leads_app;
