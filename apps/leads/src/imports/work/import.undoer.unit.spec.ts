import { LeftOffError, type WorkTurn } from '@apollo/work';
import type { ImportProgress } from '../import.progress.js';
import { ImportUndoer } from './import.undoer.js';
import type { UndoRepository } from './undo.repository.js';
import type { ClaimedImport } from './work.repository.js';

describe('taking an import back', () => {
  const claimed = { id: 'x', rows_undone: 0, rows_read: 2_000, created_at: new Date(0) } as unknown as ClaimedImport;

  /** What is done of `claimed` within a turn that is over from the beginning. */
  async function stepsOf(import_: ClaimedImport): Promise<string[]> {
    const done: string[] = [];
    const undo = {
      remove: () => Promise.resolve(done.push('remove') > 0),
      restore: () => Promise.resolve(done.push('restore')),
    } as unknown as UndoRepository;
    const progress = { changed: () => Promise.resolve() } as unknown as ImportProgress;
    const turn = { isStopped: false, isOver: true } as WorkTurn;
    await expect(new ImportUndoer(undo, progress).work(import_, turn)).rejects.toThrow(LeftOffError);
    return done;
  }

  it('gives its place back after a step, once its turn is over', async () => {
    expect(await stepsOf(claimed)).toEqual(['remove']);
    expect(await stepsOf({ ...claimed, rows_undone: 2_000 })).toEqual(['restore']);
  });
});
