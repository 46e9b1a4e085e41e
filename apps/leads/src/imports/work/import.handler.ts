import { DomainError } from '@apollo/contracts';
import type { ClaimedJob, JobEnd, JobHandler, WorkTurn } from '@apollo/work';
import { LeftOffError } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { ATTEMPTS, IMPORT_JOB, UPLOAD_SECONDS } from '../import.limits.js';
import { ImportProgress } from '../import.progress.js';
import { assertWorkable } from './claimed.check.js';
import { ImportEnding } from './import.ending.js';
import { ImportUndoer } from './import.undoer.js';
import { ImportWorker } from './import.worker.js';
import { WorkRepository } from './work.repository.js';

/** Does what an import needs: giving up an upload that was never completed, bringing its rows in, or taking it back. */
@Injectable()
export class ImportHandler implements JobHandler {
  readonly kind = IMPORT_JOB;
  readonly permission = 'leads.import';
  readonly attempts = ATTEMPTS;
  readonly exhausted = {
    state: 'failed',
    code: 'internal_error',
    detail: 'The import did not get any further.',
  } as const;

  constructor(
    private readonly imports: WorkRepository,
    private readonly worker: ImportWorker,
    private readonly undoer: ImportUndoer,
    private readonly ending: ImportEnding,
    private readonly progress: ImportProgress,
  ) {}

  async work({ id, lease }: ClaimedJob, turn: WorkTurn): Promise<void> {
    const found = await this.imports.find(id);
    if (found?.status === 'receiving') {
      if (found.age < UPLOAD_SECONDS) throw new LeftOffError(UPLOAD_SECONDS - found.age);
      throw new DomainError('upload_incomplete', 'The upload was never completed.');
    }
    if (found?.status !== 'running' && found?.status !== 'undoing') return;
    const claimed = { ...found, lease };
    assertWorkable(claimed);
    await (found.status === 'undoing' ? this.undoer.work(claimed, turn) : this.worker.work(claimed, turn));
  }

  async ended(id: string, end: JobEnd): Promise<void> {
    const isUndo = (await this.imports.lock(id)) === 'undoing';
    await this.progress.changed(id);
    switch (end.state) {
      case 'cancelled':
        return;
      case 'stopped':
        return this.ending.stop(id, end);
      case 'done':
        return isUndo ? this.ending.endUndo(id, 'done') : this.ending.end(id);
      default:
        return isUndo ? this.ending.endUndo(id, 'given up') : this.ending.end(id, end);
    }
  }
}
