create or replace function service_schema.refuse_stopped_job()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from service_schema.stopped_jobs s where s.org_id = new.org_id and s.job_id = new.id) then
    raise exception 'the job was stopped' using errcode = 'WJ002';
  end if;
  return null;
end
$$;

comment on function service_schema.refuse_stopped_job is
  'At the commit of whatever holds a claim: a step that began before the stop ends in nothing.';

revoke all on function service_schema.refuse_stopped_job from public;

do $$
begin
  create constraint trigger jobs_not_stopped
  after update on service_schema.jobs
  deferrable initially deferred
  for each row
  when (new.lease is not null)
  execute function service_schema.refuse_stopped_job();
exception
  when duplicate_object then
    null;
end
$$;
