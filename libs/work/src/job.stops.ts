import { describe, type Logger } from '@apollo/service-kit';
import type { TenantDatabase } from '@apollo/tenancy/postgres';
import { briefly } from './brief.locks.js';
import type { Refusal } from '@apollo/messaging';
import type { JobHandler } from './job.handler.js';
import type { DueJob, EndingJob, Jobs } from './jobs.js';
import type { WorkContext } from './work.context.js';
import type { WorkSource } from './work.runner.js';

/** What jobs are stopped with. */
export interface StopSurroundings {
  readonly database: TenantDatabase;
  readonly jobs: Jobs;
  readonly handlers: ReadonlyMap<string, JobHandler>;
  readonly context: WorkContext;
  readonly logger: Logger;
}

/**
 * Stops jobs in two steps. Marking them is one short statement, after which none of their steps commits; ending them,
 * with all that their handlers write then, is work for a runner: each in a transaction of its own, in its
 * organization's place.
 */
export class JobStops implements WorkSource<EndingJob> {
  private wake: () => void = () => undefined;

  constructor(private readonly around: StopSurroundings) {}

  /** Has `wake` called whenever jobs were marked here. */
  onMarked(wake: () => void): void {
    this.wake = wake;
  }

  /** Stops what a refusal reaches of what is under way or waiting, in every process. */
  async mark({ org_id, job_id, started_by }: DueJob, { code, detail, reach }: Refusal): Promise<void> {
    const { database, context, jobs, logger } = this.around;
    const marked = await context.within({ org_id }, () =>
      briefly(database, async () => {
        if (reach === 'run') return Number(await jobs.stopOne(job_id, code, detail));
        return jobs.stop(reach === 'organization' ? null : started_by, code, detail);
      }),
    );
    if (marked === 0) return;
    logger.info({ org_id, jobs: marked, code }, 'jobs stopped');
    this.wake();
  }

  /** Ends a job of an organization if it was stopped. */
  async end({ org_id, job_id }: EndingJob): Promise<void> {
    const { database, context, handlers, jobs } = this.around;
    await context.within({ org_id }, () =>
      briefly(database, async () => {
        const stopped = await jobs.endStopped(job_id);
        if (!stopped) return;
        const { kind, code, detail } = stopped;
        await handlers.get(kind)?.ended(job_id, { state: 'stopped', code, detail });
      }),
    );
  }

  due(after: string): Promise<readonly EndingJob[]> {
    return this.around.jobs.findStopped(after);
  }

  begin(due: EndingJob): Promise<() => Promise<void>> {
    return Promise.resolve(() => this.end(due));
  }

  async putOff({ job_id }: EndingJob): Promise<void> {
    const { database, jobs, logger } = this.around;
    await briefly(database, () => jobs.putOffStopped(job_id)).catch((error: unknown) =>
      logger.error({ job_id, error: describe(error) }, 'stopped job not put off'),
    );
  }
}
