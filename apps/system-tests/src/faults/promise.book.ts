import { setTimeout as delay } from 'node:timers/promises';
import type { SoakJournal } from './soak.journal.js';

/**
 * How an attempt ended: promised for good, refused for good, or nobody knows; `internal` where the platform calls it a
 * mistake of its own.
 */
export type Outcome<Reply> =
  | { readonly end: 'kept'; readonly reply: Reply }
  | { readonly end: 'refused'; readonly code: string }
  | { readonly end: 'unknown'; readonly why: string; readonly internal?: boolean };

/** Something asked of the platform under a key of its own, so that it may be asked as often as it takes. */
export interface Deed<Reply> {
  /** For the report. */
  readonly what: string;
  attempt(): Promise<Outcome<Reply>>;
  /** Codes that are a proper answer here; any other refusal is a broken promise. */
  readonly mayRefuse?: readonly string[];
  /** Told once, with the final answer. */
  settled?(outcome: Exclude<Outcome<Reply>, { end: 'unknown' }>): void;
}

/** How long an answer is waited for while the load runs, in milliseconds; what is open then is asked for at the end. */
const PATIENCE_MS = 20_000;

/** Keeps asking until each deed has a final answer, however often its answer is lost. */
export class PromiseBook {
  /** Whether nothing is wrong at the moment that could excuse a failure. */
  calm = false;
  private readonly open = new Set<Deed<never>>();

  constructor(private readonly journal: SoakJournal) {}

  /** @returns the final answer, or undefined for one that is still open */
  async keep<Reply>(deed: Deed<Reply>): Promise<Outcome<Reply> | undefined> {
    const outcome = await this.ask(deed, Date.now() + PATIENCE_MS);
    if (!outcome) this.open.add(deed as unknown as Deed<never>);
    return outcome;
  }

  /** Asks for whatever is open, once the platform is well. */
  async close(patienceMs: number): Promise<void> {
    const left = [...this.open];
    await Promise.all(
      left.map(async (deed) => {
        const outcome = await this.ask(deed, Date.now() + patienceMs);
        if (!outcome) this.journal.breaks('a lost answer is given when asked for again', deed.what);
      }),
    );
    this.open.clear();
  }

  get waiting(): number {
    return this.open.size;
  }

  private async ask<Reply>(deed: Deed<Reply>, until: number): Promise<Outcome<Reply> | undefined> {
    for (let attempts = 1; ; attempts += 1) {
      const calm = this.calm;
      const outcome = await deed.attempt();
      if (outcome.end === 'unknown' && outcome.internal && calm && this.calm)
        this.journal.breaks('nothing fails by itself', `${deed.what}: ${outcome.why}`);
      if (outcome.end !== 'unknown') {
        if (attempts > 1) this.journal.count('answers found out by asking again');
        this.final(deed, outcome);
        return outcome;
      }
      this.journal.count('answers lost');
      if (Date.now() > until) return undefined;
      await delay(Math.min(100 * attempts, 1_000));
    }
  }

  private final<Reply>(deed: Deed<Reply>, outcome: Exclude<Outcome<Reply>, { end: 'unknown' }>): void {
    this.journal.count(outcome.end === 'kept' ? 'promises' : 'refusals');
    if (outcome.end === 'refused' && !deed.mayRefuse?.includes(outcome.code)) {
      this.journal.breaks('what is allowed is not refused', `${deed.what}: ${outcome.code}`);
    }
    deed.settled?.(outcome);
  }
}
