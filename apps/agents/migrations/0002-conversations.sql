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

create table "agents"."due_jobs" (
  "org_id" uuid not null,
  "job_id" uuid not null,
  "started_by" text not null,
  "due_at" timestamptz(3) not null,
  "dead" boolean not null,
  primary key ("org_id", "job_id")
);
create index due_jobs_in_turn on agents.due_jobs (org_id, dead, due_at);

create table "agents"."jobs" (
  "org_id" uuid not null,
  "id" uuid not null,
  "kind" text not null,
  "payload" jsonb not null,
  "started_by" text not null,
  "delegation" text null,
  "state" text not null,
  "lease" uuid null,
  "heartbeat_at" timestamptz(3) null,
  "attempts" int not null,
  "progress" jsonb null,
  "error_code" text null,
  "error_detail" text null,
  "created_at" timestamptz(3) not null,
  "finished_at" timestamptz(3) null,
  primary key ("org_id", "id")
);
create unique index jobs_one_at_work on agents.jobs (org_id, kind) where lease is not null;
create index jobs_open on agents.jobs (org_id, kind) where state = 'open';

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

alter table agents.runs add constraint runs_conversation foreign key (org_id, conversation_id) references agents.conversations (org_id, id);

alter table agents.runs add constraint runs_persona foreign key (org_id, persona_id) references agents.personas (org_id, id);

alter table agents.run_entries add constraint run_entries_run foreign key (org_id, run_id) references agents.runs (org_id, id);

alter table "agents"."conversations" enable row level security;
alter table "agents"."conversations" force row level security;
create policy "tenancy_restrictive" on "agents"."conversations" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."conversations" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."due_jobs" enable row level security;
alter table "agents"."due_jobs" force row level security;
create policy "tenancy_permissive_agents_owner" on "agents"."due_jobs" to "agents_owner" using (true) with check (true);
alter table "agents"."jobs" enable row level security;
alter table "agents"."jobs" force row level security;
create policy "tenancy_restrictive" on "agents"."jobs" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."jobs" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
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
alter table agents.conversations add constraint conversations_bounded check (length(title) <= 200 and version between 1 and 2000000000);

alter table agents.runs add constraint runs_bounded check (state in ('queued', 'running', 'done', 'failed', 'cancelled') and length(text) <= 20000 and length(answer) <= 65536 and length(failure) <= 60 and length(failure_detail) <= 500 and length(refused_by) <= 20 and stars between 0 and 2000000000 and persona_version between 1 and 2000000000);

alter table agents.run_entries add constraint run_entries_bounded check (kind in ('asked', 'reserved', 'refused', 'answered', 'settled', 'called', 'returned') and seq between 1 and 100000);

alter table agents.conversations add constraint conversations_sized check (octet_length(title) <= 10000) not valid;

alter table agents.runs add constraint runs_sized check (octet_length(text) <= 60000 and octet_length(state) <= 10000 and octet_length(answer) <= 196608 and octet_length(failure) <= 10000 and octet_length(failure_detail) <= 10000 and octet_length(refused_by) <= 10000) not valid;

alter table agents.run_entries add constraint run_entries_sized check (octet_length(kind) <= 10000 and octet_length(payload::text) <= 524288) not valid;

alter table agents.jobs add constraint jobs_sized check (octet_length(kind) <= 40 and octet_length(payload::text) <= 4096 and octet_length(started_by) <= 64 and octet_length(delegation) <= 4096 and octet_length(state) <= 10 and octet_length(progress::text) <= 4096 and octet_length(error_code) <= 100 and octet_length(error_detail) <= 4000) not valid;

alter table agents.due_jobs add constraint due_jobs_sized check (octet_length(started_by) <= 64) not valid;

alter table agents.stopped_jobs add constraint stopped_jobs_sized check (octet_length(code) <= 400 and octet_length(detail) <= 4000) not valid;

grant select, insert, update (title, archived, version) on agents.conversations to agents_app;

grant select, insert, update (state, answer, failure, failure_detail, refused_by, stars, started_at, finished_at) on agents.runs to agents_app;

grant select, insert on agents.run_entries to agents_app;

grant select on agents.jobs to agents_app;

