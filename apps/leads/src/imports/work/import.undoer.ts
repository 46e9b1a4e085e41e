import { Injectable } from '@nestjs/common';
import { rowIds } from '../rows/lead.row.js';
import type { ClaimedImport } from './claim.repository.js';
import { UndoRepository } from './undo.repository.js';
import { ClaimLostError, StoppedError } from './work.errors.js';

/** Leads of one step; each is gone with its history before the next one begins. */
const STEP = 500;

/**
 * Takes one claimed import back, in its organization's context. The leads it has made are known by their ids, which follow
 * from the import and the row; those it has changed were kept as they were.
 */
@Injectable()
export class ImportUndoer {
  constructor(private readonly undo: UndoRepository) {}

  /**
   * Goes on until nothing is left to take back; ending it is the caller's.
   *
   * @throws ClaimLostError; StoppedError once `signal` is aborted
   */
  async work(claimed: ClaimedImport, signal: AbortSignal): Promise<void> {
    const idOf = rowIds(claimed.id, claimed.created_at);
    for (let row = claimed.rows_undone; row < claimed.rows_read; row += STEP) {
      if (signal.aborted) throw new StoppedError();
      const rows = Math.min(STEP, claimed.rows_read - row);
      const leads = Array.from({ length: rows }, (_, at) => idOf(row + at));
      if (!(await this.undo.remove(claimed, leads, rows))) throw new ClaimLostError();
    }
    for (;;) {
      if (signal.aborted) throw new StoppedError();
      const found = await this.undo.restore(claimed, STEP);
      if (found === false) throw new ClaimLostError();
      if (found === 0) return;
    }
  }
}
