import { inLanes } from '@apollo/messaging';
import { describe, type Logger } from '@apollo/service-kit';
import { NIL_ID } from '@apollo/tenancy';
import type { WorkPermit } from './job.handler.js';
import type { JobSource } from './job.source.js';
import type { JobStops } from './job.stops.js';
import type { DueJob, Jobs } from './jobs.js';
import type { WorkDoor } from './work.door.js';

/** People who are asked about at once. */
const ASKED_AT_ONCE = 4;

/** What is asked, about whom, and who stops what is not to be done. */
export interface ReviewSurroundings {
  readonly source: JobSource;
  readonly stops: JobStops;
  readonly jobs: Jobs;
  readonly permit: WorkPermit;
  readonly door: WorkDoor;
  readonly logger: Logger;
}

/** Asks about everybody whose jobs wait or are under way here, and has stopped what is not to be done any more. */
export class JobReview {
  /** The last organization whose people were asked about. */
  private asked = NIL_ID;

  constructor(private readonly around: ReviewSurroundings) {}

  /** Goes through them once; whose jobs cannot be asked about or stopped holds up nobody else. */
  async round(): Promise<void> {
    const { door, jobs, logger, source } = this.around;
    const waiting = await door.forAll(() => jobs.findDue(this.asked));
    this.asked = waiting.at(-1)?.org_id ?? NIL_ID;
    const people = new Map(
      [...source.underWayHere(), ...waiting].map((due) => [`${due.org_id} ${due.started_by}`, due]),
    );
    await inLanes(people.values(), ASKED_AT_ONCE, (due) =>
      this.askAbout(due).catch((error: unknown) =>
        logger.error({ org_id: due.org_id, error: describe(error) }, 'asking whether work may go on failed'),
      ),
    );
  }

  private async askAbout(due: DueJob): Promise<void> {
    const { door, permit, source, stops } = this.around;
    const answer = await door.within(due, () => permit.ask());
    if (answer === 'granted') return;
    // Work here is told at once: it need not come to its next step to be refused.
    const isEverybody = typeof answer === 'object' && answer.everybody;
    source.interrupt((other) => other.org_id === due.org_id && (isEverybody || other.started_by === due.started_by));
    if (typeof answer === 'object') await stops.mark(due, answer);
  }
}
