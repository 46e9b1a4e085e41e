import { randomUUID } from 'node:crypto';
import { DomainError } from '@apollo/contracts';
import { describe, LOGGER } from '@apollo/service-kit';
import type { Logger } from '@apollo/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ATTEMPTS, UPLOAD_SECONDS } from '../import.limits.js';
import { type ClaimedImport, ClaimRepository } from './claim.repository.js';
import { assertWorkable } from './claimed.check.js';
import { ImportEnding } from './import.ending.js';
import { ImportUndoer } from './import.undoer.js';
import { ImportWorker } from './import.worker.js';
import { ClaimLostError, StoppedError } from './work.errors.js';

/** Seconds until somebody looks again at an import that has to wait for another one of its organization. */
const IN_LINE = 2;

/**
 * Decides what a due import needs and does it, in the organization's context: work, an end after too many attempts,
 * giving up an upload that was never completed, or patience.
 */
@Injectable()
export class ImportCrew {
  constructor(
    private readonly claims: ClaimRepository,
    private readonly worker: ImportWorker,
    private readonly undoer: ImportUndoer,
    private readonly ending: ImportEnding,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @returns the work to be done, or undefined when there is none here */
  async attend(id: string): Promise<((signal: AbortSignal) => Promise<void>) | undefined> {
    const claimed = await this.claims.claim(id, randomUUID());
    if (claimed) return (signal) => this.work(claimed, signal);
    const state = await this.claims.state(id);
    if (state?.status === 'running' || state?.status === 'undoing') await this.claims.watch(id, IN_LINE);
    else if (state?.status !== 'receiving') await this.claims.unwatch(id);
    else if (state.age < UPLOAD_SECONDS) await this.claims.watch(id, UPLOAD_SECONDS - state.age);
    else await this.ending.end(id, null, { code: 'upload_incomplete', detail: 'The upload was never completed.' });
    return undefined;
  }

  private async work(claimed: ClaimedImport, signal: AbortSignal): Promise<void> {
    const started = performance.now();
    // Whoever was at work on it before may have gone down with it.
    if (claimed.attempts > ATTEMPTS) return this.giveUp(claimed);
    try {
      assertWorkable(claimed);
      if (claimed.status === 'undoing') {
        await this.undoer.work(claimed, signal);
        return await this.ending.endUndo(claimed, 'done');
      }
      await this.worker.work(claimed, signal);
      await this.ending.end(claimed.id, claimed.lease);
      this.logger.info(
        { import_id: claimed.id, milliseconds: Math.round(performance.now() - started) },
        'import finished',
      );
    } catch (error) {
      await this.stumble(claimed, error);
    }
  }

  private async stumble(claimed: ClaimedImport, error: unknown): Promise<void> {
    if (error instanceof ClaimLostError) return;
    if (error instanceof StoppedError) return this.claims.release(claimed, 0);
    if (error instanceof DomainError) {
      this.logger.info({ import_id: claimed.id, code: error.code }, 'import failed');
      if (claimed.status === 'undoing') return this.ending.endUndo(claimed, 'given up');
      return this.ending.end(claimed.id, claimed.lease, error);
    }
    this.logger.error(
      { import_id: claimed.id, attempt: claimed.attempts, error: describe(error) },
      'import interrupted',
    );
    if (claimed.attempts >= ATTEMPTS) return this.giveUp(claimed);
    await this.claims.release(claimed, claimed.attempts);
  }

  private giveUp(claimed: ClaimedImport): Promise<void> {
    if (claimed.status === 'undoing') return this.ending.endUndo(claimed, 'given up');
    return this.ending.end(claimed.id, claimed.lease, {
      code: 'internal_error',
      detail: 'The import did not get any further.',
    });
  }
}
