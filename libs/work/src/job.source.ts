import { randomUUID } from 'node:crypto';
import { DomainError } from '@apollo/contracts';
import { inLanes } from '@apollo/messaging';
import { describe, type Logger } from '@apollo/service-kit';
import { NIL_ID } from '@apollo/tenancy';
import type { TenantDatabase } from '@apollo/tenancy/postgres';
import { briefly } from './brief.locks.js';
import { PATIENCE } from './job.functions.js';
import type { JobHandler, Refusal, WorkPermit } from './job.handler.js';
import type { ClaimedJob, DueJob, JobEnd, Jobs } from './jobs.js';
import type { WorkDoor } from './work.door.js';
import { ClaimLostError, LeftOffError } from './work.errors.js';
import type { WorkSource } from './work.runner.js';
import type { WorkTurn } from './work.turn.js';

/** Seconds for which work rests while nobody can say whether it may go on. */
const UNKNOWN = 2;
/** Most seconds between two attempts. */
const LONGEST_BACK_OFF = 600;
/** People who are asked about at once. */
const ASKED_AT_ONCE = 4;

/** Milliseconds for which a lock is waited for that the step of a job may hold which is to be stopped. */
const STEP_MS = 1_000;

/** A job under way here. */
interface UnderWay {
  readonly due: DueJob;
  readonly stop: AbortController;
}

/** What a source of jobs is made of. */
export interface JobSurroundings {
  readonly database: TenantDatabase;
  readonly jobs: Jobs;
  readonly handlers: readonly JobHandler[];
  readonly permit: WorkPermit;
  readonly door: WorkDoor;
  readonly logger: Logger;
}

/** The jobs of a service as work for a runner: asks whether one may be done, claims it, has it done, and ends it. */
export class JobSource implements WorkSource<DueJob> {
  private readonly handlers: ReadonlyMap<string, JobHandler>;
  private readonly underWay = new Map<string, UnderWay>();
  /** The last organization whose people were asked about. */
  private asked = NIL_ID;

  constructor(private readonly around: JobSurroundings) {
    this.handlers = new Map(around.handlers.map((handler) => [handler.kind, handler]));
  }

  due(after: string): Promise<readonly DueJob[]> {
    return this.around.jobs.findDue(after);
  }

  async begin(due: DueJob): Promise<((turn: WorkTurn) => Promise<void>) | undefined> {
    const { jobs, permit } = this.around;
    const answer = await permit.ask();
    if (typeof answer === 'object') await this.stop(due, answer);
    if (answer === 'unknown') await this.briefly(() => jobs.putOff(due.job_id, UNKNOWN));
    if (answer !== 'granted') return undefined;
    const claimed = await this.briefly(() => jobs.claim(due.job_id, randomUUID()));
    const handler = claimed && this.handlers.get(claimed.kind);
    // Of a kind that only a newer version of the service knows.
    if (claimed && !handler) await jobs.release(claimed, PATIENCE, false);
    return claimed && handler && ((turn) => this.work(due, claimed, handler, turn));
  }

  async putOff(due: DueJob): Promise<void> {
    await this.briefly(() => this.around.jobs.putOff(due.job_id, PATIENCE)).catch((error: unknown) =>
      this.around.logger.error({ job_id: due.job_id, error: describe(error) }, 'job not put off'),
    );
  }

  /** Asks about everybody whose jobs wait or are under way here, and stops what is not to be done any more. */
  async review(): Promise<void> {
    const { door, jobs, permit } = this.around;
    const waiting = await door.forAll(() => jobs.findDue(this.asked));
    this.asked = waiting.at(-1)?.org_id ?? NIL_ID;
    const here = [...this.underWay.values()].map(({ due }) => due);
    const people = new Map([...here, ...waiting].map((due) => [`${due.org_id} ${due.started_by}`, due]));
    await inLanes(people.values(), ASKED_AT_ONCE, async (due) => {
      const answer = await door.within(due, () => permit.ask());
      if (typeof answer === 'object')
        await this.stop(due, answer).catch((error: unknown) => this.notStopped(due, error));
      if (answer === 'unknown') this.interrupt(due);
    });
  }

  private async work(due: DueJob, job: ClaimedJob, handler: JobHandler, turn: WorkTurn): Promise<void> {
    const started = performance.now();
    const stop = new AbortController();
    this.underWay.set(job.id, { due, stop });
    try {
      // Whoever was at work on it before may have gone down with it.
      if (job.attempts > handler.attempts) return await this.end(job, handler, handler.exhausted);
      await handler.work(job, turn.within(stop.signal));
      await this.end(job, handler, { state: 'done' });
      const milliseconds = Math.round(performance.now() - started);
      this.around.logger.info({ job_id: job.id, kind: job.kind, milliseconds }, 'job done');
    } catch (error) {
      await this.stumble(job, handler, error, stop.signal.aborted);
    } finally {
      this.underWay.delete(job.id);
    }
  }

  private async stumble(job: ClaimedJob, handler: JobHandler, error: unknown, isInterrupted: boolean): Promise<void> {
    const { jobs, logger } = this.around;
    if (error instanceof ClaimLostError) return;
    if (error instanceof LeftOffError) return jobs.release(job, isInterrupted ? UNKNOWN : error.seconds, false);
    const about = { job_id: job.id, kind: job.kind, attempt: job.attempts };
    if (error instanceof DomainError) {
      const { code, detail } = error;
      logger.info({ ...about, code }, 'job failed');
      return this.end(job, handler, { state: 'failed', code, detail });
    }
    logger.error({ ...about, error: describe(error) }, 'job interrupted');
    if (job.attempts >= handler.attempts) return this.end(job, handler, handler.exhausted);
    await jobs.release(job, Math.min(2 ** (job.attempts - 1), LONGEST_BACK_OFF), true);
  }

  private async end(job: ClaimedJob, handler: JobHandler, end: JobEnd): Promise<void> {
    await this.around.database.transaction(async () => {
      if (await this.around.jobs.end(job.id, job.lease, end)) await handler.ended(job.id, end);
    });
  }

  /**
   * Stops what somebody has under way or waiting, in every process: their claims are gone. What is under way here is left off
   * first, which frees what its steps hold; where a lock is kept all the same, the next look tries again.
   */
  private async stop(due: DueJob, { code, detail, everybody }: Refusal): Promise<void> {
    const { door, jobs, logger } = this.around;
    this.interrupt(due, everybody);
    const stopped = await door.within({ org_id: due.org_id }, () =>
      this.briefly(async () => {
        const found = await jobs.stop(everybody ? null : due.started_by, code, detail);
        for (const { job, kind } of found)
          await this.handlers.get(kind)?.ended(job, { state: 'stopped', code, detail });
        return found.length;
      }, STEP_MS),
    );
    if (stopped > 0) logger.info({ org_id: due.org_id, jobs: stopped, code }, 'jobs stopped');
  }

  private notStopped({ org_id }: DueJob, error: unknown): void {
    this.around.logger.error({ org_id, error: describe(error) }, 'jobs not stopped');
  }

  /** Has what the same person has under way here left off, or what anybody of that organization has. */
  private interrupt({ org_id, started_by }: DueJob, everybody = false): void {
    for (const { due, stop } of this.underWay.values())
      if (due.org_id === org_id && (everybody || due.started_by === started_by)) stop.abort();
  }

  private briefly<T>(work: () => Promise<T>, ms?: number): Promise<T> {
    return briefly(this.around.database, work, ms);
  }
}
