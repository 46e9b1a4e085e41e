import { hasCode } from '@apollo/tenancy/postgres';
import { STOPPED_JOB } from './job.tables.js';

/**
 * Thrown by a handler that finds its claim gone: another process has the job, or it was stopped. Nothing more may be
 * written for it.
 */
export class ClaimLostError extends Error {
  constructor() {
    super('the claim of the job is gone');
    this.name = 'ClaimLostError';
  }
}

/**
 * Thrown by a handler that leaves the rest of its job for later: the process stops, its turn is over, or it is not yet
 * time. That is no attempt.
 */
export class LeftOffError extends Error {
  /** @param seconds until somebody goes on, an hour at most */
  constructor(readonly seconds = 0) {
    super('the work is left to whoever comes next');
    this.name = 'LeftOffError';
  }
}

/** Whether a step was refused because its job was stopped: nobody goes on with it, and it ends by itself. */
export function isStoppedJob(error: unknown): boolean {
  return hasCode(error, STOPPED_JOB);
}
