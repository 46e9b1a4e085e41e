import type { ClaimedJob, JobEnd, JobHandler, WorkTurn } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { ATTEMPTS, RUN_JOB, RUNS_AT_ONCE } from '../run.limits.js';
import { RunWorker } from './run.worker.js';
import { WorkRepository } from './work.repository.js';

/** Does runs as durable jobs, in the name of whoever asked and by what they granted. */
@Injectable()
export class RunHandler implements JobHandler {
  readonly kind = RUN_JOB;
  readonly atOnce = RUNS_AT_ONCE;
  readonly permission = 'agents.use';
  readonly attempts = ATTEMPTS;
  readonly exhausted = { state: 'failed', code: 'internal_error', detail: 'The run did not get any further.' } as const;

  constructor(
    private readonly runs: WorkRepository,
    private readonly worker: RunWorker,
  ) {}

  nameOf({ payload }: ClaimedJob): string | undefined {
    const name = (payload as { readonly as?: unknown } | null)?.as;
    return typeof name === 'string' ? name.slice(0, 100) : undefined;
  }

  work(job: ClaimedJob, turn: WorkTurn): Promise<void> {
    return this.worker.work(job, turn);
  }

  async ended(id: string, end: JobEnd): Promise<void> {
    if ('code' in end) await this.runs.endWithout(id, end.code, end.detail);
  }
}
