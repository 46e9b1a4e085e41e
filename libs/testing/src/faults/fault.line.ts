import { setTimeout as delay } from 'node:timers/promises';
import type { Direction, Moment } from './stream.frames.js';

/**
 * What becomes of a moment: it passes, and `after` is done once it is on its way; it never passes and its connection
 * ends by a reset; it is left out; it comes twice; it comes later than what follows it.
 */
export type Verdict =
  | { readonly do: 'pass'; readonly after?: () => unknown }
  | { readonly do: 'cut' }
  | { readonly do: 'swallow' }
  | { readonly do: 'twice' }
  | { readonly do: 'later'; readonly ms: number };

/** Asked about each moment before it passes; everything behind it waits for the answer. Undefined has no opinion. */
export type Judge = (moment: Moment) => Verdict | undefined | Promise<Verdict | undefined>;

/** The state of the line between two ends, which all connections of a proxy share. */
export class FaultLine {
  private readonly judges = new Set<Judge>();
  private readonly holes = new Set<Direction>();
  private latencyMs = 0;
  private opened: (() => void) | undefined;
  private closed: Promise<void> | undefined;

  /** Every chunk takes this many milliseconds longer. */
  delay(ms: number): void {
    this.latencyMs = ms;
  }

  /** Nothing gets through any more in these directions, and nobody is told. */
  swallow(directions: readonly Direction[]): void {
    for (const direction of directions) this.holes.add(direction);
    this.closed ??= new Promise((resolve) => (this.opened = resolve));
  }

  /** Everything gets through again; what was on its way arrives now. */
  heal(): void {
    this.latencyMs = 0;
    this.holes.clear();
    this.opened?.();
    this.closed = undefined;
  }

  /** @returns takes the judge away again */
  add(judge: Judge): () => void {
    this.judges.add(judge);
    return () => void this.judges.delete(judge);
  }

  /** Resolves when a chunk may go on. */
  async passable(direction: Direction): Promise<void> {
    if (this.latencyMs > 0) await delay(this.latencyMs);
    while (this.holes.has(direction) && this.closed) await this.closed;
  }

  async judge(moment: Moment): Promise<Verdict> {
    for (const judge of this.judges) {
      const verdict = await judge(moment);
      if (verdict) return verdict;
    }
    return { do: 'pass' };
  }
}
