-- A job keeps what its person granted for it, and one of them is stopped alone where that is of no use any more.
-- Instances of the release before start jobs without: they call the same function with one argument less.

alter table "leads"."jobs" add column "delegation" text null;
alter table leads.jobs drop constraint jobs_sized;
alter table leads.jobs add constraint jobs_sized check (octet_length(kind) <= 40 and octet_length(payload::text) <= 4096 and octet_length(started_by) <= 64 and octet_length(delegation) <= 4096 and octet_length(state) <= 10 and octet_length(progress::text) <= 4096 and octet_length(error_code) <= 100 and octet_length(error_detail) <= 4000) not valid;

drop function leads.start_job(uuid, text, jsonb, text, double precision);
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
