create or replace function service_schema.start_job(
  job uuid,
  of_kind text,
  told jsonb,
  by_actor text,
  seconds double precision,
  granted text default null
)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
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
  if not exists (select from service_schema.jobs j where j.org_id = org and j.id = job and j.state = 'open')
    and exists (
      select from service_schema.jobs j
      where j.org_id = org and j.state = 'open'
      having count(*) >= 1000 or count(*) filter (where j.kind = of_kind) >= 100
    )
  then
    raise exception 'too many jobs are open' using errcode = 'WJ001';
  end if;
  insert into service_schema.jobs as j (
    org_id, id, kind, payload, started_by, delegation, state, attempts, created_at
  )
  values (org, job, of_kind, told, by_actor, granted, 'open', 0, clock_timestamp())
  on conflict (org_id, id) do update set
    kind = excluded.kind,
    payload = excluded.payload,
    started_by = excluded.started_by,
    delegation = excluded.delegation,
    state = 'open',
    lease = null,
    heartbeat_at = null,
    attempts = 0,
    progress = null,
    error_code = null,
    error_detail = null,
    finished_at = null
  where j.state <> 'open';
  if found then
    delete from service_schema.stopped_jobs s
    where s.org_id = org and s.job_id = job;
  elsif granted is not null then
    update service_schema.jobs j
    set delegation = granted
    where j.org_id = org and j.id = job and j.state = 'open' and j.started_by = by_actor;
  end if;
  insert into service_schema.due_jobs as d (org_id, job_id, started_by, due_at, dead)
  select
    org,
    job,
    j.started_by,
    clock_timestamp() + make_interval(secs => least(greatest(seconds, 0), 3600)),
    false
  from service_schema.jobs j
  where j.org_id = org and j.id = job
  on conflict (org_id, job_id) do update set
    started_by = excluded.started_by,
    due_at = excluded.due_at,
    dead = false;
end
$$;

comment on function service_schema.start_job is
  'A job is to be done. One that is open stays what it is, and is only looked at then, by the newest that its '
  'person granted; one that has ended begins anew. What stands in a job is bounded and of the server’s own '
  'times, whatever SQL asks for it.';

revoke all on function service_schema.start_job from public;
grant execute on function service_schema.start_job to service_schema_app;
