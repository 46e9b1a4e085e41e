import { functionCall, type Statement, statement } from '@apollo/tenancy/postgres';
import type { Claim, ClaimedJob, DeadJob, DueJob, EndingJob, GrantedJob, Job, JobState, StoppedJob } from './jobs.js';

interface Held {
  id: string;
  lease: string;
}

/** The calls of a schema's work functions. */
export function jobCalls(schema: string) {
  const of = <Row, Params extends object>(name: string, text: string): Statement<Row, Params> =>
    functionCall(name, `select ${text}`);
  return {
    start: of<
      object,
      { id: string; kind: string; payload: string; by: string; seconds: number; granted: string | null }
    >('start job', `${schema}.start_job(:id, :kind, :payload::jsonb, :by, :seconds, :granted)`),
    granted: statement<GrantedJob, { id: string }>(
      'what was granted for job',
      `select kind, delegation from ${schema}.jobs where org_id = :org and id = :id and state = 'open'`,
    ),
    find: statement<Job, { id: string }>(
      'job',
      `select id, kind, state, attempts, progress, error_code, error_detail from ${schema}.jobs where org_id = :org and id = :id`,
    ),
    claim: functionCall<Omit<ClaimedJob, keyof Claim | 'delegation'>, Held & { places: number }>(
      'claim job',
      `select * from ${schema}.claim_job(:id, :lease, :places)`,
    ),
    keep: of<{ alive: boolean }, Held & { came_on: boolean; progress: string | null }>(
      'keep job',
      `${schema}.keep_job(:id, :lease, :came_on, :progress::jsonb) as alive`,
    ),
    release: of<object, Held & { is_attempt: boolean; seconds: number }>(
      'release job',
      `${schema}.release_job(:id, :lease, :is_attempt, :seconds)`,
    ),
    putOff: of<object, { id: string; seconds: number }>('put off job', `${schema}.put_off_job(:id, :seconds)`),
    end: of<
      { ended: boolean },
      { id: string; lease: string | null; state: JobState; code: string | null; detail: string | null }
    >('end job', `${schema}.end_job(:id, :lease, :state, :code, :detail) as ended`),
    stop: functionCall<object, { of: string | null; code: string; detail: string }>(
      'stop jobs',
      `select * from ${schema}.stop_jobs(:of, :code, :detail)`,
    ),
    stopOne: of<{ stopped: boolean }, { id: string; code: string; detail: string }>(
      'stop job',
      `${schema}.stop_job(:id, :code, :detail) as stopped`,
    ),
    endStopped: functionCall<StoppedJob, { id: string }>(
      'end stopped job',
      `select * from ${schema}.end_stopped_job(:id)`,
    ),
    putOffStopped: of<object, { id: string }>('put off stopped job', `${schema}.put_off_stopped_job(:id)`),
    due: functionCall<DueJob, { after: string }>('jobs that are due', `select * from ${schema}.find_due_jobs(:after)`),
    own: functionCall<DueJob, { after: string }>(
      'own jobs that are due',
      `select * from ${schema}.find_own_jobs(:after)`,
    ),
    stopped: functionCall<EndingJob, { after: string }>(
      'jobs that were stopped',
      `select * from ${schema}.find_stopped_jobs(:after)`,
    ),
    dead: functionCall<DeadJob>('jobs that died', `select * from ${schema}.find_dead_jobs()`),
    replay: of<{ known: boolean }, { id: string }>('replay job', `${schema}.replay_job(:id) as known`),
    giveUp: of<{ known: boolean }, { id: string }>('give up job', `${schema}.give_up_job(:id) as known`),
  };
}
