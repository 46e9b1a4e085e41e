import { setTimeout as delay } from 'node:timers/promises';
import { LedgerChecker } from '@apollo/operate';
import type { SoakJournal } from './soak.journal.js';

/** Milliseconds between two looks. */
const PAUSE_MS = 100;

/**
 * Has the money summed anew, again and again while the load runs, each time at one instant and by the role made for it.
 */
export class LedgerWatch {
  looks = 0;
  private readonly running: Promise<void>;

  constructor(
    private readonly checker: LedgerChecker,
    private readonly journal: SoakJournal,
    over: AbortSignal,
  ) {
    this.running = this.run(over);
  }

  /** One look; a database that is away is nothing to find. @returns whether it could look */
  async look(): Promise<boolean> {
    try {
      const { findings } = await this.checker.look();
      this.looks += 1;
      for (const finding of findings)
        this.journal.breaks('the ledger equations hold at every instant', JSON.stringify(finding));
      return true;
    } catch {
      return false;
    }
  }

  /** Resolves when the last look of the load is done. */
  ended(): Promise<void> {
    return this.running;
  }

  private async run(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await this.look();
      await delay(PAUSE_MS);
    }
  }
}
