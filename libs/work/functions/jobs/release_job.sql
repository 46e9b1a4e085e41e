create or replace function service_schema.release_job(
  job uuid,
  held_by uuid,
  is_attempt boolean,
  seconds double precision
)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
begin
  update service_schema.jobs j
  set lease = null, attempts = case when is_attempt then j.attempts else greatest(j.attempts - 1, 0) end
  where j.org_id = org and j.id = job and j.lease = held_by;
  if found then
    update service_schema.due_jobs d
    set due_at = clock_timestamp() + make_interval(secs => least(greatest(seconds, 0), 3600))
    where d.org_id = org and d.job_id = job and not d.dead;
  end if;
end
$$;

comment on function service_schema.release_job is
  'Whoever has the claim leaves the job to others, in so many seconds.';

revoke all on function service_schema.release_job from public;
grant execute on function service_schema.release_job to service_schema_app;
