-- Imports are done as jobs, as whatever will outlive its request: the directory of those that wait, claims and attempts are the
-- library's. An import may be stopped where its importer may not have it done any more, and continued. What is under way goes on.
-- Instances of the release before find nothing more to take up, bring to an end what they have begun, and what they expect becomes a job.

create table "leads"."due_jobs" ("org_id" uuid not null, "job_id" uuid not null, "started_by" text not null, "due_at" timestamptz(3) not null, "dead" boolean not null, primary key ("org_id", "job_id"));
create index due_jobs_in_turn on leads.due_jobs (org_id, dead, due_at);
create table "leads"."jobs" ("org_id" uuid not null, "id" uuid not null, "kind" text not null, "payload" jsonb not null, "started_by" text not null, "state" text not null, "lease" uuid null, "heartbeat_at" timestamptz(3) null, "attempts" int not null, "progress" jsonb null, "error_code" text null, "error_detail" text null, "created_at" timestamptz(3) not null, "finished_at" timestamptz(3) null, primary key ("org_id", "id"));
create unique index jobs_one_at_work on leads.jobs (org_id, kind) where lease is not null;

alter table "leads"."due_jobs" enable row level security;
alter table "leads"."due_jobs" force row level security;
create policy "tenancy_permissive_leads_owner" on "leads"."due_jobs" to "leads_owner" using (true) with check (true);
alter table "leads"."jobs" enable row level security;
alter table "leads"."jobs" force row level security;
create policy "tenancy_restrictive" on "leads"."jobs" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "leads"."jobs" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));

alter table leads.jobs add constraint jobs_sized check (octet_length(kind) <= 40 and octet_length(payload::text) <= 4096 and octet_length(started_by) <= 64 and octet_length(state) <= 10 and octet_length(progress::text) <= 4096 and octet_length(error_code) <= 100 and octet_length(error_detail) <= 4000) not valid;
alter table leads.due_jobs add constraint due_jobs_sized check (octet_length(started_by) <= 64) not valid;

create function leads.start_job(job uuid, of_kind text, told jsonb, by_actor text, seconds double precision) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
  insert into leads.jobs as j (org_id, id, kind, payload, started_by, state, attempts, created_at)
    values (org, job, of_kind, told, by_actor, 'open', 0, clock_timestamp())
    on conflict (org_id, id) do update set kind = excluded.kind, payload = excluded.payload, started_by = excluded.started_by, state = 'open', lease = null,
      heartbeat_at = null, attempts = 0, progress = null, error_code = null, error_detail = null, finished_at = null where j.state <> 'open';
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
  return query with stopped as (
    update leads.jobs j set state = 'stopped', lease = null, error_code = left(code, 100), error_detail = left(detail, 500), finished_at = clock_timestamp()
      where j.org_id = org and j.state = 'open' and (of_actor is null or j.started_by = of_actor)
      returning j.id, j.kind),
  forgotten as (
    delete from leads.due_jobs d using stopped s where d.org_id = org and d.job_id = s.id)
  select s.id, s.kind from stopped s;
end $$;
revoke all on function leads.stop_jobs from public;
grant execute on function leads.stop_jobs to leads_app;

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
    where r.org_id = o.id and not r.dead and r.due_at <= clock_timestamp() order by r.due_at limit 4) d
  order by d.nth, d.org_id <= after, d.org_id limit 40;
end $$;
revoke all on function leads.find_due_jobs from public;
grant execute on function leads.find_due_jobs to leads_app;

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

lock table leads.import_watch in access exclusive mode;
alter table leads.jobs no force row level security;
insert into leads.jobs (org_id, id, kind, payload, started_by, state, attempts, created_at)
  select w.org_id, w.import_id, 'lead-import', '{}', w.started_by::text, 'open', 0, now() from leads.import_watch w;
alter table leads.jobs force row level security;
insert into leads.due_jobs (org_id, job_id, started_by, due_at, dead)
  select w.org_id, w.import_id, w.started_by::text, w.due_at, false from leads.import_watch w;

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

drop table leads.import_watch;

alter table leads.imports drop constraint imports_bounded;
alter table leads.imports add constraint imports_bounded check (length(file_name) <= 200 and length(delimiter) <= 1 and length(default_contact_name) <= 200 and value_decimals between 0 and 4 and status in ('receiving', 'running', 'finished', 'failed', 'undoing', 'undone', 'stopped') and rows_total between 0 and 1000000 and rows_read between 0 and 1000000 and created between 0 and 1000000 and updated between 0 and 1000000 and unchanged between 0 and 1000000 and refused between 0 and 1000000 and rows_undone between 0 and 2000000 and errors_noted between 0 and 10000 and cells_left_out between 0 and 1999999999 and received_bytes between 0 and 134217728 and attempts between 0 and 1000 and extract(epoch from created_at) between 0 and 9999999999) not valid;

create or replace function leads.import_goes_on() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
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

grant select on leads.jobs to leads_app;
