create or replace function service_schema.claim_job(job uuid, claimant uuid, places int default 1)
returns table (kind text, payload jsonb, started_by text, attempts int, created_at timestamptz)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
  free smallint;
begin
  -- Somebody else may take up the place that was free a moment ago: then the next one is, unless the transaction does
  -- not see it. What was claimed before there were places has the first.
  for attempt in 1..8 loop
    select p.n
    into free
    from service_schema.jobs j
    cross join generate_series(1, least(greatest(places, 1), 8)) p (n)
    where j.org_id = org
      and j.id = job
      and not exists (
        select from service_schema.jobs o
        where o.org_id = org
          and o.kind = j.kind
          and o.id <> j.id
          and o.lease is not null
          and coalesce(o.place, 1) = p.n
      )
    order by p.n
    limit 1;
    exit when free is null;
    begin
      update service_schema.jobs j
      set
        lease = claimant,
        place = free,
        heartbeat_at = clock_timestamp(),
        attempts = least(j.attempts + 1, 1000)
      where j.org_id = org
        and j.id = job
        and j.state = 'open'
        and (j.lease is null or j.heartbeat_at < clock_timestamp() - interval '30 seconds')
        and not exists (select from service_schema.stopped_jobs s where s.org_id = org and s.job_id = job)
      returning j.kind, j.payload, j.started_by, j.attempts, j.created_at::timestamptz
      into claim_job.kind, claim_job.payload, claim_job.started_by, claim_job.attempts, claim_job.created_at;
      exit;
    exception
      when unique_violation then
        null;
    end;
  end loop;
  if claim_job.kind is not null then
    update service_schema.due_jobs d
    set due_at = clock_timestamp() + make_interval(secs => least(greatest(31, 0), 3600))
    where d.org_id = org and d.job_id = job and not d.dead;
    return next;
  elsif exists (select from service_schema.jobs j where j.org_id = org and j.id = job and j.state = 'open') then
    update service_schema.due_jobs d
    set due_at = clock_timestamp() + make_interval(secs => least(greatest(2, 0), 3600))
    where d.org_id = org and d.job_id = job and not d.dead;
  else
    delete from service_schema.due_jobs d
    where d.org_id = org and d.job_id = job and not d.dead;
  end if;
end
$$;

comment on function service_schema.claim_job is
  'Whoever claims the job works on it. So many jobs of a kind as it has places, eight at most, are at work of an '
  'organization, whichever processes have them; the others are looked at again soon. No row where somebody has it.';

revoke all on function service_schema.claim_job from public;
grant execute on function service_schema.claim_job to service_schema_app;
