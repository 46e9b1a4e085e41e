import { globalTable, p, type ServiceSchema, tenantTable } from '@apollo/tenancy/postgres';

/** Seconds of silence after which whoever works on a job counts as gone. */
export const PATIENCE = 30;
/** Milliseconds between signs of life while no step gives one. */
export const HEARTBEAT_MS = (PATIENCE * 1_000) / 4;
/**
 * Jobs of one kind that an organization has open at most. Those whose transactions overlap do not see each other.
 */
export const OPEN_OF_A_KIND = 100;
/** SQLSTATE of a job that is one too many, and of a step whose job was stopped before it could commit. */
export const TOO_MANY_JOBS = 'WJ001';
export const STOPPED_JOB = 'WJ002';
/** Octets of a job's payload at most, and of its progress. */
export const LARGEST_NOTE = 4_096;
/** Octets of a grant at most: several times what the longest takes that a service is shown. */
export const LARGEST_GRANT = 4_096;

/**
 * The only ways of a runtime role to write the tables of `workTables`: for the organization of the tag, and in the name
 * of whom it says. The directory is read under the platform scope alone. Jobs that died are begun anew or given up by
 * the service itself. A folder of the schema's functions.
 */
export const workFunctions = new URL('../functions/jobs/', import.meta.url);

/**
 * The tables of a service that has work outlive its requests: its jobs, the directory of those that are due or dead,
 * and of those that were stopped and have not ended yet. All are written by `workFunctions` alone.
 */
export function workTables(schema: string): ServiceSchema['tables'] {
  const jobs = tenantTable({
    name: 'Job',
    schema,
    table: 'jobs',
    access: 'read',
    properties: {
      kind: p.text(),
      payload: p.json(),
      // In whose name it is done: a person's id, or `system:<service>`.
      startedBy: p.text(),
      // What that person granted for it; see `Grant`.
      delegation: p.text().nullable(),
      // `open`, or how it ended: see `JobState`.
      state: p.text(),
      // Who works on it, and when that was last heard of; attempts since it last came on.
      lease: p.uuid().nullable(),
      // Which of the places that its kind has in the organization it takes up; see `JobHandler.atOnce`.
      place: p.smallint().nullable(),
      heartbeatAt: p.datetime(3).nullable(),
      attempts: p.integer(),
      progress: p.json().nullable(),
      errorCode: p.text().nullable(),
      errorDetail: p.text().nullable(),
      createdAt: p.datetime(3),
      finishedAt: p.datetime(3).nullable(),
    },
    rawIndexes: [
      {
        name: 'jobs_at_work',
        expression: `create unique index jobs_at_work on ${schema}.jobs (org_id, kind, place) where lease is not null`,
      },
      {
        name: 'jobs_open',
        expression: `create index jobs_open on ${schema}.jobs (org_id, kind) where state = 'open'`,
      },
    ],
    octets: {
      kind: 40,
      payload: LARGEST_NOTE,
      startedBy: 64,
      delegation: LARGEST_GRANT,
      state: 10,
      progress: LARGEST_NOTE,
      errorCode: 100,
      errorDetail: 4_000,
    },
  });
  const directory = globalTable({
    name: 'DueJob',
    schema,
    table: 'due_jobs',
    reason: 'Any replica must find jobs that nobody works on before it knows for which organization it will act.',
    properties: {
      orgId: p.uuid().primary().name('org_id'),
      jobId: p.uuid().primary().name('job_id'),
      startedBy: p.text(),
      dueAt: p.datetime(3),
      dead: p.boolean(),
    },
    rawIndexes: [
      {
        name: 'due_jobs_in_turn',
        expression: `create index due_jobs_in_turn on ${schema}.due_jobs (org_id, dead, due_at)`,
      },
    ],
    octets: { startedBy: 64 },
  });
  const stopped = globalTable({
    name: 'StoppedJob',
    schema,
    table: 'stopped_jobs',
    reason:
      'A stop is written beside its job, whose row a step may hold; any replica must find those that are to be ended.',
    properties: {
      orgId: p.uuid().primary().name('org_id'),
      jobId: p.uuid().primary().name('job_id'),
      code: p.text(),
      detail: p.text(),
      dueAt: p.datetime(3),
    },
    rawIndexes: [
      {
        name: 'stopped_jobs_in_turn',
        expression: `create index stopped_jobs_in_turn on ${schema}.stopped_jobs (org_id, due_at)`,
      },
    ],
    octets: { code: 400, detail: 4_000 },
  });
  return [jobs, directory, stopped];
}
