/** Something that must hold and did not. */
export interface Broken {
  readonly promise: string;
  readonly what: string;
  readonly atMs: number;
}

/** What is said while a run goes on, and what was found wrong. */
export class SoakJournal {
  readonly broken: Broken[] = [];
  private readonly begun = Date.now();
  private readonly counts = new Map<string, number>();

  constructor(private readonly write: (line: string) => void) {}

  line(text: string): void {
    this.write(`${(this.elapsed() / 1000).toFixed(1).padStart(7)} s  ${text}`);
  }

  /** The same thing found twice is told once. */
  breaks(promise: string, what: string): void {
    if (this.broken.some((known) => known.promise === promise && known.what === what)) return;
    this.broken.push({ promise, what, atMs: this.elapsed() });
    this.line(`✗ ${promise}: ${what}`);
  }

  count(what: string, by = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by);
  }

  counted(): [string, number][] {
    return [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  elapsed(): number {
    return Date.now() - this.begun;
  }
}
