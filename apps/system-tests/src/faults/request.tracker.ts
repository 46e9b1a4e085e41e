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
export interface TrackedRequest<Reply> {
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

/** Keeps asking until each request has a final answer, however often its answer is lost. */
export class RequestTracker {
  /** Whether nothing is wrong at the moment that could excuse a failure. */
  calm = false;
  private readonly open = new Set<TrackedRequest<never>>();

  constructor(private readonly journal: SoakJournal) {}

  /** @returns the final answer, or undefined for one that is still open */
  async track<Reply>(request: TrackedRequest<Reply>): Promise<Outcome<Reply> | undefined> {
    const outcome = await this.ask(request, Date.now() + PATIENCE_MS);
    if (!outcome) this.open.add(request as unknown as TrackedRequest<never>);
    return outcome;
  }

  /** Asks for whatever is open, once the platform is well. */
  async close(patienceMs: number): Promise<void> {
    const left = [...this.open];
    await Promise.all(
      left.map(async (request) => {
        const outcome = await this.ask(request, Date.now() + patienceMs);
        if (!outcome) this.journal.breaks('a lost answer is given when asked for again', request.what);
      }),
    );
    this.open.clear();
  }

  get waiting(): number {
    return this.open.size;
  }

  private async ask<Reply>(request: TrackedRequest<Reply>, until: number): Promise<Outcome<Reply> | undefined> {
    for (let attempts = 1; ; attempts += 1) {
      const calm = this.calm;
      const outcome = await request.attempt();
      if (outcome.end === 'unknown' && outcome.internal && calm && this.calm)
        this.journal.breaks('nothing fails by itself', `${request.what}: ${outcome.why}`);
      if (outcome.end !== 'unknown') {
        if (attempts > 1) this.journal.count('answers found out by asking again');
        this.final(request, outcome);
        return outcome;
      }
      this.journal.count('answers lost');
      if (Date.now() > until) return undefined;
      await delay(Math.min(100 * attempts, 1_000));
    }
  }

  private final<Reply>(request: TrackedRequest<Reply>, outcome: Exclude<Outcome<Reply>, { end: 'unknown' }>): void {
    this.journal.count(outcome.end === 'kept' ? 'promises' : 'refusals');
    if (outcome.end === 'refused' && !request.mayRefuse?.includes(outcome.code)) {
      this.journal.breaks('what is allowed is not refused', `${request.what}: ${outcome.code}`);
    }
    request.settled?.(outcome);
  }
}
