import { definerFunctions, roundOrganizations, type ServiceSchema } from '@apollo/tenancy/postgres';
import { SERVICES, stopFunctions } from './job.stop.functions.js';
import { LARGEST_GRANT, LARGEST_NOTE } from './job.tables.js';

/** Seconds of silence after which whoever works on a job counts as gone. */
export const PATIENCE = 30;
/** Milliseconds between signs of life while no step gives one. */
export const HEARTBEAT_MS = (PATIENCE * 1_000) / 4;
/** Seconds until somebody looks again at a job that has to wait for another one of its organization. */
const IN_LINE = 2;
/** Seconds for which nobody looks at an open job at most. */
const LONGEST_WAIT = 3_600;
/** Attempts that are counted; one more is the last. */
const MOST_ATTEMPTS = 1_000;
/**
 * Jobs that an organization has open at most: of one kind, and of all. Those whose transactions overlap do not see each
 * other.
 */
export const OPEN_OF_A_KIND = 100;
const OPEN = 1_000;
/** SQLSTATE of a job that is one too many. */
export const TOO_MANY_JOBS = 'WJ001';
/** Jobs of one organization that a look gives at most, and those of all; the same of dead ones. */
const SHARE = 4;
const LOOK = 40;
const DEAD_SHARE = 200;
const DEAD_LOOK = 2_000;

/**
 * The only ways of a runtime role to write the tables of `workTables`: for the organization of the tag, and in the name
 * of whom it says. What stands in a job is bounded and of the server's own times, whatever SQL asks for it. The
 * directory is read under the platform scope alone; a look goes round the organizations, from behind the one it is
 * told: none can fill it, nor many of them the next one. Jobs that died are begun anew or given up by the service
 * itself.
 *
 * @param service name of the service as an actor
 */
export function workFunctions(schema: string, service: string = schema): ServiceSchema['functions'] {
  const jobs = `${schema}.jobs`;
  const due = `${schema}.due_jobs`;
  const stopped = `${schema}.stopped_jobs`;
  const isStopped = `exists (select from ${stopped} s where s.org_id = org and s.job_id = job)`;
  const held = 'j.org_id = org and j.id = job and j.lease = held_by';
  const { define, ofOwn } = definerFunctions(schema);
  const bounded = (seconds: string) => `make_interval(secs => least(greatest(${seconds}, 0), ${LONGEST_WAIT}))`;
  const wait = (seconds: string | number) =>
    `update ${due} d set due_at = clock_timestamp() + ${bounded(String(seconds))} where d.org_id = org and d.job_id = job and not d.dead;`;
  const forget = `delete from ${due} d where d.org_id = org and d.job_id = job;`;
  const tooLarge = (note: string) => `if octet_length(${note}::text) > ${LARGEST_NOTE} then
    raise exception 'too much is said of the job' using errcode = '54000';
  end if;`;
  const asItself = `perform tenancy.acting('system:${service}');`;
  return [
    // One that is open stays what it is, and is only looked at then, by the newest that its person granted; one that
    // has ended begins anew.
    ofOwn(
      'start_job(job uuid, of_kind text, told jsonb, by_actor text, seconds double precision, granted text default null)',
      'void',
      `by_actor := tenancy.acting(by_actor);
  if of_kind !~ '^[a-z][a-z-]{0,39}$' then
    raise exception 'no kind of work' using errcode = '22023';
  end if;
  ${tooLarge('told')}
  if octet_length(granted) > ${LARGEST_GRANT} then
    raise exception 'too much is granted for the job' using errcode = '54000';
  end if;
  if not exists (select from ${jobs} j where j.org_id = org and j.id = job and j.state = 'open') and exists (
      select from ${jobs} j where j.org_id = org and j.state = 'open' having count(*) >= ${OPEN} or count(*) filter (where j.kind = of_kind) >= ${OPEN_OF_A_KIND}) then
    raise exception 'too many jobs are open' using errcode = '${TOO_MANY_JOBS}';
  end if;
  insert into ${jobs} as j (org_id, id, kind, payload, started_by, delegation, state, attempts, created_at)
    values (org, job, of_kind, told, by_actor, granted, 'open', 0, clock_timestamp())
    on conflict (org_id, id) do update set kind = excluded.kind, payload = excluded.payload, started_by = excluded.started_by, delegation = excluded.delegation, state = 'open', lease = null,
      heartbeat_at = null, attempts = 0, progress = null, error_code = null, error_detail = null, finished_at = null where j.state <> 'open';
  if found then
    delete from ${stopped} s where s.org_id = org and s.job_id = job;
  elsif granted is not null then
    update ${jobs} j set delegation = granted where j.org_id = org and j.id = job and j.state = 'open' and j.started_by = by_actor;
  end if;
  insert into ${due} as d (org_id, job_id, started_by, due_at, dead)
    select org, job, j.started_by, clock_timestamp() + ${bounded('seconds')}, false from ${jobs} j where j.org_id = org and j.id = job
    on conflict (org_id, job_id) do update set started_by = excluded.started_by, due_at = excluded.due_at, dead = false;`,
    ),
    // One job of a kind is at work of an organization, whichever process has it; the others are looked at again soon.
    ofOwn(
      'claim_job(job uuid, claimant uuid)',
      'table (kind text, payload jsonb, started_by text, attempts int, created_at timestamptz)',
      `begin
    update ${jobs} j set lease = claimant, heartbeat_at = clock_timestamp(), attempts = least(j.attempts + 1, ${MOST_ATTEMPTS})
      where j.org_id = org and j.id = job and j.state = 'open' and (j.lease is null or j.heartbeat_at < clock_timestamp() - interval '${PATIENCE} seconds')
        and not ${isStopped}
        and not exists (select from ${jobs} o where o.org_id = org and o.kind = j.kind and o.id <> j.id and o.lease is not null)
      returning j.kind, j.payload, j.started_by, j.attempts, j.created_at::timestamptz
      into claim_job.kind, claim_job.payload, claim_job.started_by, claim_job.attempts, claim_job.created_at;
  exception when unique_violation then
    claim_job.kind := null;
  end;
  if claim_job.kind is not null then
    ${wait(PATIENCE + 1)}
    return next;
  elsif exists (select from ${jobs} j where j.org_id = org and j.id = job and j.state = 'open') then
    ${wait(IN_LINE)}
  else
    delete from ${due} d where d.org_id = org and d.job_id = job and not d.dead;
  end if;`,
    ),
    // The job stays locked until the commit: what is written beside it is written by whoever has the claim, or not at
    // all.
    ofOwn(
      'keep_job(job uuid, held_by uuid, came_on boolean, told jsonb)',
      'boolean',
      `${tooLarge('told')}
  if ${isStopped} then
    return false;
  end if;
  update ${jobs} j set heartbeat_at = clock_timestamp(), attempts = case when came_on then 0 else j.attempts end, progress = coalesce(told, j.progress)
    where ${held};
  if not found then
    return false;
  end if;
  ${wait(PATIENCE + 1)}
  return true;`,
    ),
    ofOwn(
      'release_job(job uuid, held_by uuid, is_attempt boolean, seconds double precision)',
      'void',
      `update ${jobs} j set lease = null, attempts = case when is_attempt then j.attempts else greatest(j.attempts - 1, 0) end where ${held};
  if found then
    ${wait('seconds')}
  end if;`,
    ),
    ofOwn('put_off_job(job uuid, seconds double precision)', 'void', wait('seconds')),
    // Of one that nobody has claimed, the claim is null. Who cancels one need not have it.
    ofOwn(
      'end_job(job uuid, held_by uuid, as_state text, code text, detail text)',
      'boolean',
      `if as_state not in ('done', 'failed', 'dead', 'stopped', 'cancelled') then
    raise exception 'no end of a job' using errcode = '22023';
  end if;
  update ${jobs} j set state = as_state, lease = null, error_code = left(code, 100), error_detail = left(detail, 500), finished_at = clock_timestamp()
    where j.org_id = org and j.id = job and j.state = 'open' and (j.lease is not distinct from held_by or as_state = 'cancelled');
  if not found then
    return false;
  end if;
  delete from ${stopped} s where s.org_id = org and s.job_id = job;
  if as_state = 'dead' then
    update ${due} d set dead = true, due_at = clock_timestamp() where d.org_id = org and d.job_id = job;
  else
    ${forget}
  end if;
  return true;`,
    ),
    ...stopFunctions(schema),
    ofOwn(
      'replay_job(job uuid)',
      'boolean',
      `${asItself}
  update ${jobs} j set state = 'open', attempts = 0, error_code = null, error_detail = null, finished_at = null
    where j.org_id = org and j.id = job and j.state = 'dead';
  if not found then
    return false;
  end if;
  update ${due} d set dead = false, due_at = clock_timestamp() where d.org_id = org and d.job_id = job;
  return true;`,
    ),
    ofOwn(
      'give_up_job(job uuid)',
      'boolean',
      `${asItself}
  update ${jobs} j set state = 'failed' where j.org_id = org and j.id = job and j.state = 'dead';
  if not found then
    return false;
  end if;
  ${forget}
  return true;`,
    ),
    // What people asked for, and what services have done on their own: neither waits behind the other.
    ...Object.entries({
      find_due_jobs: `r.started_by not like '${SERVICES}'`,
      find_own_jobs: `r.started_by like '${SERVICES}'`,
    }).map(([name, asked]) =>
      define(
        `${name}(after uuid)`,
        'table (org_id uuid, job_id uuid, started_by text)',
        `perform tenancy.is_platform();
  return query ${roundOrganizations({
    table: due,
    columns: ['org_id', 'job_id', 'started_by'],
    condition: `not r.dead and r.due_at <= clock_timestamp() and ${asked}`,
    order: 'r.due_at',
    overall: 'd.nth, d.org_id <= after, d.org_id',
    share: SHARE,
    limit: LOOK,
  })};`,
      ),
    ),
    define(
      'find_dead_jobs()',
      'table (org_id uuid, job_id uuid, since timestamptz)',
      `perform tenancy.is_platform();
  return query select w.org_id, w.job_id, w.due_at::timestamptz from (${roundOrganizations({
    table: due,
    columns: ['org_id', 'job_id', 'due_at'],
    condition: 'r.dead',
    order: 'r.due_at',
    overall: 'd.nth, d.due_at',
    share: DEAD_SHARE,
    limit: DEAD_LOOK,
  })}) w;`,
    ),
  ];
}
