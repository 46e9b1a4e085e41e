import { ClaimLostError, LeftOffError, type WorkTurn } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { ImportProgress } from '../import.progress.js';
import { rowIds } from '../rows/lead.row.js';
import { UndoRepository } from './undo.repository.js';
import type { ClaimedImport } from './work.repository.js';

/** Leads of one step; each is gone with its history before the next one begins. */
const STEP = 500;

/**
 * Takes one claimed import back, in its organization's context. The leads it has made are known by their ids, which follow
 * from the import and the row; those it has changed were kept as they were.
 */
@Injectable()
export class ImportUndoer {
  constructor(
    private readonly undo: UndoRepository,
    private readonly progress: ImportProgress,
  ) {}

  /**
   * Goes on until nothing is left to take back; ending it is the caller's.
   *
   * @throws ClaimLostError; LeftOffError when the process stops or the turn is over
   */
  async work(claimed: ClaimedImport, turn: WorkTurn): Promise<void> {
    const idOf = rowIds(claimed.id, claimed.created_at);
    for (let row = claimed.rows_undone; row < claimed.rows_read; row += STEP) {
      if (turn.isStopped) throw new LeftOffError();
      const rows = Math.min(STEP, claimed.rows_read - row);
      const leads = Array.from({ length: rows }, (_, at) => idOf(row + at));
      if (!(await this.undo.remove(claimed, leads, rows))) throw new ClaimLostError();
      await this.progress.changed(claimed.id);
      if (turn.isOver) throw new LeftOffError();
    }
    for (;;) {
      if (turn.isStopped) throw new LeftOffError();
      const found = await this.undo.restore(claimed, STEP);
      if (found === false) throw new ClaimLostError();
      if (found === 0) return;
      await this.progress.changed(claimed.id);
      if (turn.isOver) throw new LeftOffError();
    }
  }
}
