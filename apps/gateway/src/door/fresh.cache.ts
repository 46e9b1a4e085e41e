import { LRUCache } from 'lru-cache';

interface Entry<Value> {
  /** Milliseconds at which the question was asked: the answer is at least as fresh. */
  readonly since: number;
  readonly answer: Promise<Value>;
  /** Undefined while the answer is on its way. */
  value?: Value;
}

/**
 * Answers that may be used again for a short while. Age counts from the moment of asking at the earliest, several askers share one
 * question, errors are not kept, and what is forgotten while its answer is on its way is never handed out later.
 */
export class FreshCache<Value extends object> {
  private readonly entries: LRUCache<string, Entry<Value>>;

  /**
   * @param maxAgeMs how long an answer may be used after it was last known to hold; the bound on staleness
   * @param holdsUntil the last moment at which the answer to a question asked at `since` is known to hold; the moment of
   *   asking where nobody knows better
   */
  constructor(
    private readonly maxAgeMs: number,
    maxEntries: number,
    private readonly now: () => number = () => performance.now(),
    private readonly holdsUntil: (since: number) => number = (since) => since,
  ) {
    this.entries = new LRUCache({ max: maxEntries });
  }

  /** The answer for `key`, by `ask` when none is fresh. */
  get(key: string, ask: () => Promise<Value>): Promise<Value> {
    const known = this.entries.get(key);
    if (known && this.now() - this.holdsUntil(known.since) < this.maxAgeMs) return known.answer;
    const entry: Entry<Value> = { since: this.now(), answer: ask() };
    this.entries.set(key, entry);
    entry.answer.then(
      (value) => (entry.value = value),
      () => {
        if (this.entries.peek(key) === entry) this.entries.delete(key);
      },
    );
    return entry.answer;
  }

  /** Forgets what `concerns` says is affected; a value is undefined while its answer is on its way. */
  forget(concerns: (key: string, value: Value | undefined) => boolean): void {
    for (const [key, entry] of [...this.entries.entries()]) {
      if (concerns(key, entry.value)) this.entries.delete(key);
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.entries.clear();
  }
}
