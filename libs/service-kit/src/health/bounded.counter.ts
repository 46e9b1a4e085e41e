import { LRUCache } from 'lru-cache';
import { Counter, type CounterConfiguration } from 'prom-client';

/**
 * Series that a process keeps at most. Whoever may speak to a service may name any organization; each that is named
 * would stay for as long as the process lives, and be written out whenever the metrics are read.
 */
const MOST_SERIES = 10_000;

/** Takes the series away of which nothing was heard for longest, over all counters of the process. */
const kept = new LRUCache<string, () => void>({ max: MOST_SERIES, dispose: (remove) => remove() });

/**
 * A counter by organization, among others. A series that gave way begins at nought when it comes again, as after a
 * restart.
 */
export class BoundedCounter<Label extends string> {
  private readonly counter: Counter<Label>;

  constructor(private readonly configuration: CounterConfiguration<Label> & { readonly labelNames: readonly Label[] }) {
    this.counter = new Counter(configuration);
  }

  /** @param by what is added, 1 where nothing is said */
  inc(labels: Record<Label, string | number>, by = 1): void {
    const { name, labelNames } = this.configuration;
    const key = [name, ...labelNames.map((label) => labels[label])].join('\n');
    if (!kept.get(key)) kept.set(key, () => this.counter.remove(labels));
    this.counter.inc(labels, by);
  }
}
