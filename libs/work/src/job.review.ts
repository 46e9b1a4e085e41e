import { concurrently, type Refusal } from '@apollo/messaging';
import { describe, type Logger } from '@apollo/service-kit';
import { NIL_ID } from '@apollo/tenancy';
import type { JobSource } from './job.source.js';
import type { JobStops } from './job.stops.js';
import { type DueJob, jobKey, type Jobs } from './jobs.js';
import type { WorkContext } from './work.context.js';

/** Jobs that are asked about at once. */
const ASKED_AT_ONCE = 4;

/** What is asked, about whom, and who stops what is not to be done. */
export interface ReviewSurroundings {
  readonly source: JobSource;
  readonly stops: JobStops;
  readonly jobs: Jobs;
  readonly context: WorkContext;
  readonly logger: Logger;
}

/** Asks about each job that waits or is under way here, and has stopped what is not to be done any more. */
export class JobReview {
  /** The last organization whose jobs were asked about. */
  private asked = NIL_ID;

  constructor(private readonly around: ReviewSurroundings) {}

  /** Goes through them once; what cannot be asked about or stopped holds up nothing else. */
  async round(): Promise<void> {
    const { context, jobs, logger, source } = this.around;
    const waiting = await context.forAll(() => jobs.findDue(this.asked));
    this.asked = waiting.at(-1)?.org_id ?? NIL_ID;
    const asked = new Map([...source.underWayHere(), ...waiting].map((due) => [jobKey(due), due]));
    await concurrently(asked.values(), ASKED_AT_ONCE, (due) =>
      this.askAbout(due).catch((error: unknown) =>
        logger.error({ org_id: due.org_id, error: describe(error) }, 'asking whether work may go on failed'),
      ),
    );
  }

  private async askAbout(due: DueJob): Promise<void> {
    const { context, source, stops } = this.around;
    const answer = await context.within(due, () => source.ask(due));
    if (answer === 'granted') return;
    // Work here is told at once: it need not come to its next step to be refused.
    const reach = typeof answer === 'object' ? answer.reach : 'run';
    source.interrupt((other) => isReached(other, due, reach));
    if (typeof answer === 'object') await stops.mark(due, answer);
  }
}

function isReached(other: DueJob, due: DueJob, reach: Refusal['reach']): boolean {
  if (other.org_id !== due.org_id) return false;
  if (reach === 'organization') return true;
  return reach === 'person' ? other.started_by === due.started_by : other.job_id === due.job_id;
}
