/** Milliseconds for which work keeps its place while others wait for one. */
const SLICE_MS = 5_000;

/**
 * Somebody's time at a place of this process. What waits for a place gets this one after the step under way once the
 * slice is up: work that does not end keeps nobody waiting, and work that nobody waits behind goes on.
 */
export class WorkTurn {
  private readonly begun: number;
  private until: number;

  /**
   * @param signal aborted once the work is to be left: the process stops, or it is not to be done any more
   * @param isWaitedFor whether somebody waits for a place
   * @param now milliseconds of a clock that is never put back
   */
  constructor(
    readonly signal: AbortSignal,
    readonly isWaitedFor: () => boolean,
    private readonly now = () => performance.now(),
  ) {
    this.begun = now();
    this.until = this.begun + SLICE_MS;
  }

  /** Whether the work is to be left at the next row or step. */
  get isStopped(): boolean {
    return this.signal.aborted;
  }

  /** Whether the place is somebody else's after the step under way. */
  get isOver(): boolean {
    return this.isWaitedFor() && this.now() > this.until;
  }

  /**
   * Tells that work begins anew where a former turn left it. The slice counts from here, and is as long as it took to
   * come here: however many turns something needs, at least half of its time goes on.
   */
  arrived(): void {
    const now = this.now();
    this.until = now + Math.max(SLICE_MS, now - this.begun);
  }

  /** The same turn, which also ends when `signal` is aborted. */
  within(signal: AbortSignal): WorkTurn {
    return new WorkTurn(AbortSignal.any([this.signal, signal]), this.isWaitedFor, this.now);
  }
}
