-- Tables, keys, policies, rules, bounds and rights, written by schema.write.js. Functions are the files of functions/
-- and of the libraries, applied behind it: none is needed by a generated column, an index, a check or a policy.

create table "sample"."due_jobs" (
  "org_id" uuid not null,
  "job_id" uuid not null,
  "started_by" text not null,
  "due_at" timestamptz(3) not null,
  "dead" boolean not null,
  primary key ("org_id", "job_id")
);
create index due_jobs_in_turn on sample.due_jobs (org_id, dead, due_at);

create table "sample"."jobs" (
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
create unique index jobs_at_work on sample.jobs (org_id, kind, place) where lease is not null;
create index jobs_open on sample.jobs (org_id, kind) where state = 'open';

create table "sample"."stopped_jobs" (
  "org_id" uuid not null,
  "job_id" uuid not null,
  "code" text not null,
  "detail" text not null,
  "due_at" timestamptz(3) not null,
  primary key ("org_id", "job_id")
);
create index stopped_jobs_in_turn on sample.stopped_jobs (org_id, due_at);

alter table "sample"."due_jobs" enable row level security;
alter table "sample"."due_jobs" force row level security;
create policy "tenancy_permissive_sample_owner" on "sample"."due_jobs" to "sample_owner" using (true) with check (true);
alter table "sample"."jobs" enable row level security;
alter table "sample"."jobs" force row level security;
create policy "tenancy_restrictive" on "sample"."jobs" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "sample"."jobs" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "sample"."stopped_jobs" enable row level security;
alter table "sample"."stopped_jobs" force row level security;
create policy "tenancy_permissive_sample_owner" on "sample"."stopped_jobs" to "sample_owner" using (true) with check (true);

alter table sample.jobs add constraint jobs_sized check (octet_length(kind) <= 40 and octet_length(payload::text) <= 4096 and octet_length(started_by) <= 64 and octet_length(delegation) <= 4096 and octet_length(state) <= 10 and octet_length(progress::text) <= 4096 and octet_length(error_code) <= 100 and octet_length(error_detail) <= 4000) not valid;

alter table sample.due_jobs add constraint due_jobs_sized check (octet_length(started_by) <= 64) not valid;

alter table sample.stopped_jobs add constraint stopped_jobs_sized check (octet_length(code) <= 400 and octet_length(detail) <= 4000) not valid;

grant select on sample.jobs to sample_app;
