create or replace function service_schema.end_job(
  job uuid,
  held_by uuid,
  as_state text,
  code text,
  detail text
)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
begin
  if as_state not in ('done', 'failed', 'dead', 'stopped', 'cancelled') then
    raise exception 'no end of a job' using errcode = '22023';
  end if;
  update service_schema.jobs j
  set
    state = as_state,
    lease = null,
    error_code = left(code, 100),
    error_detail = left(detail, 500),
    finished_at = clock_timestamp()
  where j.org_id = org
    and j.id = job
    and j.state = 'open'
    and (j.lease is not distinct from held_by or as_state = 'cancelled');
  if not found then
    return false;
  end if;
  delete from service_schema.stopped_jobs s
  where s.org_id = org and s.job_id = job;
  if as_state = 'dead' then
    update service_schema.due_jobs d
    set dead = true, due_at = clock_timestamp()
    where d.org_id = org and d.job_id = job;
  else
    delete from service_schema.due_jobs d
    where d.org_id = org and d.job_id = job;
  end if;
  return true;
end
$$;

comment on function service_schema.end_job is
  'The job has ended. Of one that nobody has claimed, the claim is null. Who cancels one need not have it.';

revoke all on function service_schema.end_job from public;
grant execute on function service_schema.end_job to service_schema_app;
