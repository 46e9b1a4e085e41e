create or replace function service_schema.keep_job(
  job uuid,
  held_by uuid,
  came_on boolean,
  told jsonb
)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
begin
  if octet_length(told::text) > 4096 then
    raise exception 'too much is said of the job' using errcode = '54000';
  end if;
  if exists (select from service_schema.stopped_jobs s where s.org_id = org and s.job_id = job) then
    return false;
  end if;
  update service_schema.jobs j
  set
    heartbeat_at = clock_timestamp(),
    attempts = case when came_on then 0 else j.attempts end,
    progress = coalesce(told, j.progress)
  where j.org_id = org and j.id = job and j.lease = held_by;
  if not found then
    return false;
  end if;
  update service_schema.due_jobs d
  set due_at = clock_timestamp() + make_interval(secs => least(greatest(31, 0), 3600))
  where d.org_id = org and d.job_id = job and not d.dead;
  return true;
end
$$;

comment on function service_schema.keep_job is
  'A step of the job, by whoever has the claim. The job stays locked until the commit: what is written beside '
  'it is written by whoever has the claim, or not at all. False where the claim is gone.';

revoke all on function service_schema.keep_job from public;
grant execute on function service_schema.keep_job to service_schema_app;
