import type { ModelBounds } from './model.bounds.js';
import { type ModelFailure, ModelFailureError } from './model.failure.js';

/**
 * How long one call of a model is waited for, and the one place where it is ended early. Whatever ends it also aborts
 * `signal`, at once and whether or not somebody reads: that alone closes the connection.
 */
export class CallTiming {
  private readonly controller = new AbortController();
  private readonly whole: NodeJS.Timeout;
  private quiet: NodeJS.Timeout | undefined;
  private giveUp: ((error: ModelFailureError) => void) | undefined;
  private failed: ModelFailure | null = null;

  constructor(
    private readonly outer: AbortSignal,
    private readonly bounds: ModelBounds,
  ) {
    this.whole = setTimeout(() => this.cut({ kind: 'timed_out', waitedFor: 'total' }), bounds.totalMs);
    outer.addEventListener('abort', this.stop);
    if (outer.aborted) this.stop();
  }

  /** For whoever sends the request. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Why the call was ended early; null where it was not. */
  get failure(): ModelFailure | null {
    return this.failed;
  }

  /** Begins to wait for a part of the answer that says something. */
  listen(waitedFor: 'first_chunk' | 'chunk'): void {
    clearTimeout(this.quiet);
    const patience = waitedFor === 'chunk' ? this.bounds.chunkMs : this.bounds.firstChunkMs;
    this.quiet = setTimeout(() => this.cut({ kind: 'timed_out', waitedFor }), patience);
  }

  /** While whoever reads the answer is busy with it, the model is not late. */
  pause(): void {
    clearTimeout(this.quiet);
  }

  /**
   * @returns what is promised
   * @throws {ModelFailureError} as soon as the call is ended, even where the model does not heed the signal
   */
  async wait<T>(promised: PromiseLike<T>): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      this.giveUp = reject;
      promised.then(resolve, reject);
      if (this.failed) reject(new ModelFailureError(this.failed));
    });
  }

  /** Ends the call for a reason; the first one is kept. */
  cut(failure: ModelFailure): void {
    if (this.failed) return;
    this.failed = failure;
    const error = new ModelFailureError(failure);
    this.controller.abort(error);
    this.giveUp?.(error);
  }

  /** Lets go of everything. What is still open of the connection is closed. */
  end(): void {
    clearTimeout(this.whole);
    clearTimeout(this.quiet);
    this.outer.removeEventListener('abort', this.stop);
    this.controller.abort();
  }

  private readonly stop = (): void => this.cut({ kind: 'aborted' });
}
