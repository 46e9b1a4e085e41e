import { describe, RepeatedLook } from '@apollo/service-kit';
import type { TenantDatabase } from '@apollo/tenancy/postgres';
import type { JobHandler, WorkPermit } from './job.handler.js';
import { JobSource } from './job.source.js';
import type { DueJob, Jobs } from './jobs.js';
import { WorkDoor } from './work.door.js';
import { type RunnerOptions, WorkRunner } from './work.runner.js';

/** Milliseconds between two times of asking whether work may still be done. */
const REVIEW_MS = 1_000;
/** Milliseconds between two looks for due jobs when nothing calls for an earlier one. */
const PAUSE_MS = 2_000;

/** What a service's jobs are done with. */
export interface JobRunnerOptions extends Omit<RunnerOptions, 'pauseMs' | 'reason'> {
  readonly database: TenantDatabase;
  readonly jobs: Jobs;
  readonly handlers: readonly JobHandler[];
  readonly permit: WorkPermit;
}

const reason = 'jobs go on whoever began them';

/** Does the jobs of a service for as long as it runs. A Nest provider: it begins once the application is up, and ends with it. */
export class JobRunner {
  private readonly runner: WorkRunner<DueJob>;
  private readonly reviewing: RepeatedLook;

  constructor({ database, jobs, handlers, permit, ...options }: JobRunnerOptions) {
    const { logger, service } = options;
    const door = new WorkDoor(service, reason);
    const source = new JobSource({ database, jobs, handlers, permit, door, logger });
    this.runner = new WorkRunner(source, { ...options, reason, pauseMs: PAUSE_MS });
    this.reviewing = new RepeatedLook(
      REVIEW_MS,
      () => source.review(),
      (error) => logger.error({ error: describe(error) }, 'asking whether work may go on failed'),
    );
    jobs.onStarted(() => this.runner.wake());
  }

  onApplicationBootstrap(): void {
    this.runner.start();
    this.reviewing.start();
  }

  /** Stops at the next step of each job; what is left is taken up by another process, or by this one when it comes back. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.runner.stop(), this.reviewing.stop()]);
  }
}
