import { LRUCache } from 'lru-cache';

/** Events a second that one organization's come at, in the long run. */
export const PER_SECOND = 200;
/** Events of one organization that come at once, after a rest. */
export const AT_ONCE = 500;
/** Organizations whose rate is remembered. */
const REMEMBERED = 10_000;

/**
 * Holds the events of one organization to a rate that consumers keep up with: a stream is one line for everybody, and
 * what stands in it in front of an event delays it, whoever's it is. What is over it waits where it was written.
 */
export class EventRateLimit {
  /** Of each organization, when all that it was given is within the rate, in milliseconds of the clock. */
  private readonly paid = new LRUCache<string, number>({ max: REMEMBERED });

  /** The organizations that were given as much as they may have, when they last were given something. */
  private readonly over = new Set<string>();

  /** @param now milliseconds of a clock that is never put back */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** That events of these organizations are sent, one for each time an organization is named. */
  sent(orgs: readonly string[]): void {
    const now = this.now();
    for (const org of orgs) {
      this.paid.set(org, Math.max(this.paid.get(org) ?? 0, now) + 1_000 / PER_SECOND);
      if (this.isOver(org, now)) this.over.add(org);
    }
  }

  /** The organizations whose events wait now. */
  waiting(): string[] {
    const now = this.now();
    for (const org of this.over) if (!this.isOver(org, now)) this.over.delete(org);
    return [...this.over];
  }

  private isOver(org: string, now: number): boolean {
    return (this.paid.get(org) ?? 0) >= now + (1_000 * AT_ONCE) / PER_SECOND;
  }
}
