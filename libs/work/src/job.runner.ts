import { Poller } from '@apollo/messaging';
import { describe } from '@apollo/service-kit';
import type { TenantDatabase } from '@apollo/tenancy/postgres';
import type { JobHandler, WorkPermit } from './job.handler.js';
import { JobReview } from './job.review.js';
import { JobSource } from './job.source.js';
import { JobStops } from './job.stops.js';
import type { EndingJob, Jobs } from './jobs.js';
import { WorkContext } from './work.context.js';
import { type RunnerOptions, WorkRunner, type WorkSource } from './work.runner.js';

/**
 * Milliseconds between two times of asking whether work may still be done, and between two looks for what was stopped.
 */
const REVIEW_MS = 1_000;
/** Milliseconds between two looks for due jobs when nothing calls for an earlier one. */
const PAUSE_MS = 2_000;
/** What a process ends at once of what was stopped, and does at once of a service's own work. */
const ENDED_AT_ONCE = 2;
const OWN_AT_ONCE = 2;

/** What a service's jobs are done with. */
export interface JobRunnerOptions extends Omit<RunnerOptions, 'pauseMs' | 'reason'> {
  readonly database: TenantDatabase;
  readonly jobs: Jobs;
  readonly handlers: readonly JobHandler[];
  /** Asked about people; what services have done on their own needs none. */
  readonly permit: WorkPermit;
}

const reason = 'jobs go on whoever began them';
const always: WorkPermit = { ask: () => Promise.resolve('granted') };

/**
 * Does the jobs of a service for as long as it runs. A Nest provider: it begins once the application is up, and ends
 * with it.
 */
export class JobRunner {
  /** Of people's jobs, of the service's own and of those that were stopped: none waits behind another's. */
  private readonly runners: readonly { start(): void; stop(): Promise<void> }[];
  private readonly reviewing: Poller;

  constructor({ database, jobs, handlers, permit, placesOfOrg, ...options }: JobRunnerOptions) {
    const { logger, service } = options;
    const context = new WorkContext(service, reason);
    const kinds = (isOwn: boolean) =>
      new Map(handlers.filter((each) => (each.isOwn ?? false) === isOwn).map((handler) => [handler.kind, handler]));
    const stops = new JobStops({ database, jobs, handlers: kinds(false), context, logger });
    const shared = { database, jobs, stops, context, logger };
    const people = new JobSource({ ...shared, permit, handlers: kinds(false), find: (after) => jobs.findDue(after) });
    const own = new JobSource({
      ...shared,
      permit: always,
      handlers: kinds(true),
      find: (after) => jobs.findOwn(after),
    });
    const runner = <Due extends EndingJob>(
      source: WorkSource<Due>,
      more: Pick<RunnerOptions, 'places' | 'placesOfOrg' | 'pauseMs'>,
    ) => new WorkRunner(source, { ...options, reason, ...more });
    const atWork = [
      runner(people, { places: options.places, ...(placesOfOrg && { placesOfOrg }), pauseMs: PAUSE_MS }),
      runner(own, { places: OWN_AT_ONCE, pauseMs: PAUSE_MS }),
    ];
    const ending = runner(stops, { places: ENDED_AT_ONCE, pauseMs: REVIEW_MS });
    this.runners = [...atWork, ending];
    const review = new JobReview({ source: people, stops, jobs, context, logger });
    this.reviewing = new Poller(
      REVIEW_MS,
      () => review.round(),
      (error) => logger.error({ error: describe(error) }, 'asking whether work may go on failed'),
    );
    jobs.onStarted(() => atWork.forEach((each) => each.wake()));
    stops.onMarked(() => ending.wake());
  }

  onApplicationBootstrap(): void {
    this.runners.forEach((each) => each.start());
    this.reviewing.start();
  }

  /**
   * Stops at the next step of each job; what is left is taken up by another process, or by this one when it comes back.
   */
  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.runners, this.reviewing].map((each) => each.stop()));
  }
}
