create or replace function service_schema.end_stopped_job(job uuid)
returns table (kind text, code text, detail text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
begin
  perform from service_schema.jobs j
  where j.org_id = org and j.id = job
  for update skip locked;
  if not found then
    update service_schema.stopped_jobs s
    set due_at = clock_timestamp() + interval '1 seconds'
    where s.org_id = org and s.job_id = job;
    return;
  end if;
  return query
  with forgotten as (
    delete from service_schema.stopped_jobs s
    where s.org_id = org and s.job_id = job
    returning s.code, s.detail
  )
  update service_schema.jobs j
  set
    state = 'stopped',
    lease = null,
    error_code = f.code,
    error_detail = f.detail,
    finished_at = clock_timestamp()
  from forgotten f
  where j.org_id = org and j.id = job and j.state = 'open'
  returning j.kind, f.code, f.detail;
  if found then
    delete from service_schema.due_jobs d
    where d.org_id = org and d.job_id = job;
  end if;
end
$$;

comment on function service_schema.end_stopped_job is
  'What ends a job that was stopped, in the turn of its organization. No row where somebody holds the job, or '
  'it has ended otherwise.';

revoke all on function service_schema.end_stopped_job from public;
grant execute on function service_schema.end_stopped_job to service_schema_app;
