import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type pg from 'pg';
import type { SoakJournal } from './soak.journal.js';

/** The built program of the service that keeps the money: its equations are asked for where they are, not written again. */
const EQUATIONS = pathToFileURL(join(fileURLToPath(import.meta.url), '../../../../billing-stars/dist/ledger/ledger.equations.js')).href;
/** Milliseconds between two looks. */
const PAUSE_MS = 100;

/** Sums the money anew, again and again while the load runs, each time at one instant. */
export class LedgerWatch {
  looks = 0;
  private running: Promise<void> = Promise.resolve();

  private constructor(
    private readonly admin: pg.Pool,
    private readonly journal: SoakJournal,
    private readonly sql: string,
  ) {}

  static async start(admin: pg.Pool, journal: SoakJournal, over: AbortSignal): Promise<LedgerWatch> {
    const { ledgerEquations } = (await import(EQUATIONS)) as { ledgerEquations: (scope: string) => string };
    const watch = new LedgerWatch(admin, journal, ledgerEquations('true'));
    watch.running = watch.run(over);
    return watch;
  }

  /** One look; a database that is away is nothing to find. @returns whether it could look */
  async look(): Promise<boolean> {
    try {
      const { rows } = await this.admin.query(this.sql);
      this.looks += 1;
      for (const row of rows) this.journal.breaks('the ledger equations hold at every instant', JSON.stringify(row));
      return true;
    } catch {
      return false;
    }
  }

  /** Resolves when the last look is done. */
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
