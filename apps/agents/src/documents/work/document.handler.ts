import type { ClaimedJob, JobEnd, JobHandler, WorkTurn } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { ATTEMPTS, DOCUMENT_JOB } from '../document.limits.js';
import { DocumentEnding } from './document.ending.js';
import { DocumentWorker } from './document.worker.js';

/** Reads documents as durable jobs, in the name of whoever uploaded them. */
@Injectable()
export class DocumentHandler implements JobHandler {
  readonly kind = DOCUMENT_JOB;
  readonly permission = 'documents.write';
  readonly attempts = ATTEMPTS;
  readonly exhausted = {
    state: 'failed',
    code: 'internal_error',
    detail: 'The document could not be read.',
  } as const;

  constructor(
    private readonly worker: DocumentWorker,
    private readonly ending: DocumentEnding,
  ) {}

  work(job: ClaimedJob, turn: WorkTurn): Promise<void> {
    return this.worker.work(job, turn);
  }

  async ended(id: string, end: JobEnd): Promise<void> {
    if ('code' in end) await this.ending.fail(id, { failure: end.code, detail: end.detail });
  }
}
