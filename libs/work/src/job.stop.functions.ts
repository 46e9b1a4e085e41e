import { definerFunctions, roundOrganizations, type ServiceSchema } from '@apollo/tenancy/postgres';

/** SQLSTATE of a step whose job was stopped before it could commit. */
export const STOPPED_JOB = 'WJ002';
/** Who is a service, and no person, among those who start jobs; for `like`. */
export const SERVICES = 'system:%';
/** Jobs of an organization that are stopped by one statement; whoever is at work on some is stopped first. */
const AT_ONCE = 100;
/** Seconds until somebody looks again at a stopped job that is kept locked, and at one that could not be ended. */
const LOCKED = 1;
const FAILED = 30;
/** Stopped jobs of one organization that a look gives at most, and those of all. */
const SHARE = 4;
const LOOK = 40;

/**
 * How jobs are stopped: first they are marked, in rows of their own, which waits for no step that holds one of them;
 * from then on none of their steps commits. What ends them comes after it, one by one, in the turn of their
 * organization.
 */
export function stopFunctions(schema: string): ServiceSchema['functions'] {
  const jobs = `${schema}.jobs`;
  const due = `${schema}.due_jobs`;
  const stopped = `${schema}.stopped_jobs`;
  const { define, ofOwn } = definerFunctions(schema);
  const later = (seconds: number) =>
    `update ${stopped} s set due_at = clock_timestamp() + interval '${seconds} seconds' where s.org_id = org and s.job_id = job;`;
  return [
    // Of somebody named, or of everybody in person.
    ofOwn(
      'stop_jobs(of_actor text, code text, detail text)',
      'table (job uuid, kind text)',
      `return query with found as (
    select j.id, j.kind from ${jobs} j
      where j.org_id = org and j.state = 'open' and case when of_actor is null then j.started_by not like '${SERVICES}' else j.started_by = of_actor end
        and not exists (select from ${stopped} s where s.org_id = org and s.job_id = j.id)
      order by j.lease is null, j.created_at limit ${AT_ONCE}),
  marked as (
    insert into ${stopped} (org_id, job_id, code, detail, due_at)
      select org, f.id, left(stop_jobs.code, 100), coalesce(left(stop_jobs.detail, 500), ''), clock_timestamp() from found f
      on conflict do nothing returning job_id)
  select f.id, f.kind from found f join marked m on m.job_id = f.id;`,
    ),
    // One alone, whoever asked for it.
    ofOwn(
      'stop_job(job uuid, code text, detail text)',
      'boolean',
      `insert into ${stopped} (org_id, job_id, code, detail, due_at)
    select org, j.id, left(stop_job.code, 100), coalesce(left(stop_job.detail, 500), ''), clock_timestamp() from ${jobs} j
      where j.org_id = org and j.id = job and j.state = 'open' on conflict do nothing;
  return found;`,
    ),
    // No row where somebody holds the job, or it has ended otherwise.
    ofOwn(
      'end_stopped_job(job uuid)',
      'table (kind text, code text, detail text)',
      `perform from ${jobs} j where j.org_id = org and j.id = job for update skip locked;
  if not found then
    ${later(LOCKED)}
    return;
  end if;
  return query with forgotten as (
    delete from ${stopped} s where s.org_id = org and s.job_id = job returning s.code, s.detail)
  update ${jobs} j set state = 'stopped', lease = null, error_code = f.code, error_detail = f.detail, finished_at = clock_timestamp()
    from forgotten f where j.org_id = org and j.id = job and j.state = 'open' returning j.kind, f.code, f.detail;
  if found then
    delete from ${due} d where d.org_id = org and d.job_id = job;
  end if;`,
    ),
    ofOwn('put_off_stopped_job(job uuid)', 'void', later(FAILED)),
    define(
      'find_stopped_jobs(after uuid)',
      'table (org_id uuid, job_id uuid)',
      `perform tenancy.is_platform();
  return query ${roundOrganizations({
    table: stopped,
    columns: ['org_id', 'job_id'],
    condition: 'r.due_at <= clock_timestamp()',
    order: 'r.due_at',
    overall: 'd.nth, d.org_id <= after, d.org_id',
    share: SHARE,
    limit: LOOK,
  })};`,
    ),
    // At the commit of whatever holds a claim: a step that began before the stop ends in nothing.
    `create function ${schema}.refuse_stopped_job() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from ${stopped} s where s.org_id = new.org_id and s.job_id = new.id) then
    raise exception 'the job was stopped' using errcode = '${STOPPED_JOB}';
  end if;
  return null;
end $$;
revoke all on function ${schema}.refuse_stopped_job from public;
create constraint trigger jobs_not_stopped after update on ${jobs} deferrable initially deferred for each row
  when (new.lease is not null) execute function ${schema}.refuse_stopped_job();`,
  ];
}
