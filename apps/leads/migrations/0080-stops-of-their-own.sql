-- One organization's jobs hold up the stopping of nobody else's: a stop is written beside the job, in a row of its own, and no step
-- commits after it, however long it took; jobs are ended one by one afterwards. An organization has so many of them open and no
-- more, and what services do on their own is found apart from what people asked for.
-- Instances of the release before go on meanwhile: what they stop is ended by those of this one.

create index jobs_open on leads.jobs (org_id, kind) where state = 'open';
create table "leads"."stopped_jobs" ("org_id" uuid not null, "job_id" uuid not null, "code" text not null, "detail" text not null, "due_at" timestamptz(3) not null, primary key ("org_id", "job_id"));
create index stopped_jobs_in_turn on leads.stopped_jobs (org_id, due_at);

alter table "leads"."stopped_jobs" enable row level security;
alter table "leads"."stopped_jobs" force row level security;
create policy "tenancy_permissive_leads_owner" on "leads"."stopped_jobs" to "leads_owner" using (true) with check (true);
alter table leads.stopped_jobs add constraint stopped_jobs_sized check (octet_length(code) <= 400 and octet_length(detail) <= 4000) not valid;

create or replace function leads.start_job(job uuid, of_kind text, told jsonb, by_actor text, seconds double precision) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
  if not exists (select from leads.jobs j where j.org_id = org and j.id = job and j.state = 'open') and exists (
      select from leads.jobs j where j.org_id = org and j.state = 'open' having count(*) >= 1000 or count(*) filter (where j.kind = of_kind) >= 100) then
    raise exception 'too many jobs are open' using errcode = 'WJ001';
  end if;
  insert into leads.jobs as j (org_id, id, kind, payload, started_by, state, attempts, created_at)
    values (org, job, of_kind, told, by_actor, 'open', 0, clock_timestamp())
    on conflict (org_id, id) do update set kind = excluded.kind, payload = excluded.payload, started_by = excluded.started_by, state = 'open', lease = null,
      heartbeat_at = null, attempts = 0, progress = null, error_code = null, error_detail = null, finished_at = null where j.state <> 'open';
  if found then
    delete from leads.stopped_jobs s where s.org_id = org and s.job_id = job;
  end if;
  insert into leads.due_jobs as d (org_id, job_id, started_by, due_at, dead)
    select org, job, j.started_by, clock_timestamp() + make_interval(secs => least(greatest(seconds, 0), 3600)), false from leads.jobs j where j.org_id = org and j.id = job
    on conflict (org_id, job_id) do update set started_by = excluded.started_by, due_at = excluded.due_at, dead = false;
end $$;

create or replace function leads.claim_job(job uuid, claimant uuid) returns table (kind text, payload jsonb, started_by text, attempts int, created_at timestamptz) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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

create or replace function leads.keep_job(job uuid, held_by uuid, came_on boolean, told jsonb) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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

create or replace function leads.end_job(job uuid, held_by uuid, as_state text, code text, detail text) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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

create or replace function leads.stop_jobs(of_actor text, code text, detail text) returns table (job uuid, kind text) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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

create or replace function leads.find_due_jobs(after uuid) returns table (org_id uuid, job_id uuid, started_by text) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
