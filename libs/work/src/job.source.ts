import { randomUUID } from 'node:crypto';
import { DomainError } from '@apollo/contracts';
import { describe, type Logger } from '@apollo/service-kit';
import type { TenantDatabase } from '@apollo/tenancy/postgres';
import { briefly } from './brief.locks.js';
import type { JobHandler, PermitAnswer, WorkPermit } from './job.handler.js';
import { PATIENCE } from './job.tables.js';
import type { JobStops } from './job.stops.js';
import { type ClaimedJob, type DueJob, type GrantedJob, type JobEnd, jobKey, type Jobs } from './jobs.js';
import type { WorkContext } from './work.context.js';
import { ClaimLostError, isStoppedJob, LeftOffError } from './work.errors.js';
import type { WorkSource } from './work.runner.js';
import type { WorkTurn } from './work.turn.js';

/** Seconds for which work rests while nobody can say whether it may go on. */
const UNKNOWN = 2;
/** Most seconds between two attempts. */
const LONGEST_BACK_OFF = 600;

/** A job under way here. */
interface UnderWay {
  readonly due: DueJob;
  readonly kind: string;
  /** What was granted for it. */
  readonly delegation: string | null;
  readonly stop: AbortController;
}

/** What a source of jobs is made of. */
export interface JobSurroundings {
  readonly database: TenantDatabase;
  readonly jobs: Jobs;
  /** By the kind of job that each does. */
  readonly handlers: ReadonlyMap<string, JobHandler>;
  /** Finds those that are due; see `Jobs.findDue`. */
  readonly find: (after: string) => Promise<readonly DueJob[]>;
  readonly permit: WorkPermit;
  readonly stops: JobStops;
  readonly context: WorkContext;
  readonly logger: Logger;
}

/** The jobs of a service as work for a runner: asks whether one may be done, claims it, has it done, and ends it. */
export class JobSource implements WorkSource<DueJob> {
  /** By `jobKey`. */
  private readonly underWay = new Map<string, UnderWay>();

  constructor(private readonly around: JobSurroundings) {}

  due(after: string): Promise<readonly DueJob[]> {
    return this.around.find(after);
  }

  /** What is worked on in this process. */
  underWayHere(): DueJob[] {
    return [...this.underWay.values()].map(({ due }) => due);
  }

  /** Has whoever works here on some of it leave it at the next step. */
  interrupt(which: (due: DueJob) => boolean): void {
    for (const { due, stop } of this.underWay.values()) if (which(due)) stop.abort();
  }

  /** Whether a job may be done, in its context: one that has ended meanwhile may. */
  async ask(due: DueJob): Promise<PermitAnswer> {
    return this.answer(due, this.underWay.get(jobKey(due)) ?? (await this.around.jobs.granted(due.job_id)));
  }

  async begin(due: DueJob): Promise<((turn: WorkTurn) => Promise<void>) | undefined> {
    const { database, context, handlers, jobs, logger, stops } = this.around;
    if (this.underWay.has(jobKey(due))) return undefined;
    const known = await jobs.granted(due.job_id);
    const answer = await this.answer(due, known);
    if (typeof answer === 'object') await stops.mark(due, answer);
    if (answer === 'unknown') await briefly(database, () => jobs.putOff(due.job_id, UNKNOWN));
    if (answer !== 'granted') return undefined;
    const { atOnce } = handlers.get(known?.kind ?? '') ?? {};
    const claimed = await briefly(database, () => jobs.claim(due.job_id, randomUUID(), atOnce));
    const handler = claimed && handlers.get(claimed.kind);
    // Of a kind that only a newer version of the service knows, or that is not done in such a name.
    if (claimed && !handler) {
      logger.warn({ job_id: claimed.id, kind: claimed.kind }, 'job waits: no handler of its kind does it in its name');
      await jobs.release(claimed, PATIENCE, false);
    }
    if (!claimed || !handler) return undefined;
    return (turn) =>
      context.actingFor(claimed, handler.nameOf?.(claimed), () => this.work(due, claimed, handler, turn));
  }

  async putOff(due: DueJob): Promise<void> {
    const { database, jobs, logger } = this.around;
    await briefly(database, () => jobs.putOff(due.job_id, PATIENCE)).catch((error: unknown) =>
      logger.error({ job_id: due.job_id, error: describe(error) }, 'job not put off'),
    );
  }

  private async answer({ job_id: id }: DueJob, known: GrantedJob | undefined): Promise<PermitAnswer> {
    if (!known) return 'granted';
    const { handlers, permit } = this.around;
    return permit.ask({ id, permission: handlers.get(known.kind)?.permission, delegation: known.delegation });
  }

  private async work(due: DueJob, job: ClaimedJob, handler: JobHandler, turn: WorkTurn): Promise<void> {
    const started = performance.now();
    const stop = new AbortController();
    this.underWay.set(jobKey(due), { due, kind: job.kind, delegation: job.delegation, stop });
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
      this.underWay.delete(jobKey(due));
      // Nobody holds it any more: what was stopped need not wait for its turn to say so.
      if (stop.signal.aborted) await this.around.stops.end(due);
    }
  }

  private async stumble(job: ClaimedJob, handler: JobHandler, error: unknown, isInterrupted: boolean): Promise<void> {
    const { jobs, logger } = this.around;
    if (error instanceof ClaimLostError || isStoppedJob(error)) return;
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
}
