create or replace function service_schema.stop_jobs(of_actor text, code text, detail text)
returns table (job uuid, kind text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
begin
  return query
  with found as (
    select j.id, j.kind
    from service_schema.jobs j
    where j.org_id = org
      and j.state = 'open'
      and case when of_actor is null then j.started_by not like 'system:%' else j.started_by = of_actor end
      and not exists (select from service_schema.stopped_jobs s where s.org_id = org and s.job_id = j.id)
    order by j.lease is null, j.created_at
    limit 100
  ),
  marked as (
    insert into service_schema.stopped_jobs (org_id, job_id, code, detail, due_at)
    select org, f.id, left(stop_jobs.code, 100), coalesce(left(stop_jobs.detail, 500), ''), clock_timestamp()
    from found f
    on conflict do nothing
    returning job_id
  )
  select f.id, f.kind
  from found f
  join marked m on m.job_id = f.id;
end
$$;

comment on function service_schema.stop_jobs is
  'Stops jobs of somebody named, or of everybody in person, those that nobody works on first. They are marked, '
  'in rows of their own, which waits for no step that holds one of them; from then on none of their steps '
  'commits.';

revoke all on function service_schema.stop_jobs from public;
grant execute on function service_schema.stop_jobs to service_schema_app;
