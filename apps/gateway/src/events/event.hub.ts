import { DomainError, type ServiceName } from '@apollo/contracts';

/** Streams one person may have open in one organization, on this gateway. */
const PER_PERSON = 10;
/** Streams this gateway serves at once. */
const IN_ALL = 2_000;

/** One open stream, as far as it is told that something may be new. */
export interface Watcher {
  /** What may have something new since the last `take`, and forgets it. */
  take(): Set<ServiceName>;
  /** Resolves when something may be new, or the hub closes. */
  readonly woken: Promise<void>;
  leave(): void;
}

/** Who watches which organization on this gateway. */
export class EventHub {
  private readonly watchers = new Map<string, Set<Seat>>();
  private readonly perPerson = new Map<string, number>();
  private count = 0;
  private closed = false;

  /** Something of the organization's is new at `service`. */
  passed(orgId: string, service: ServiceName): void {
    for (const seat of this.watchers.get(orgId) ?? []) seat.wake(service);
  }

  /** @throws DomainError `rate_limited` when too many streams are open */
  watch(orgId: string, person: string): Watcher {
    const key = `${orgId} ${person}`;
    const mine = this.perPerson.get(key) ?? 0;
    if (this.closed || this.count >= IN_ALL || mine >= PER_PERSON) throw new DomainError('rate_limited', 'Too many event streams are open.');
    const seats = this.watchers.get(orgId) ?? new Set<Seat>();
    const seat = new Seat(() => {
      if (!seats.delete(seat)) return;
      if (seats.size === 0) this.watchers.delete(orgId);
      this.count -= 1;
      const left = (this.perPerson.get(key) ?? 1) - 1;
      if (left === 0) this.perPerson.delete(key);
      else this.perPerson.set(key, left);
    });
    seats.add(seat);
    this.watchers.set(orgId, seats);
    this.perPerson.set(key, mine + 1);
    this.count += 1;
    return seat;
  }

  /** Whether streams are to end. */
  get isClosed(): boolean {
    return this.closed;
  }

  /** Ends every stream: whoever comes back finds another gateway, or this one started again. */
  close(): void {
    this.closed = true;
    for (const seats of this.watchers.values()) for (const seat of seats) seat.wake();
  }
}

class Seat implements Watcher {
  private news = new Set<ServiceName>();
  private ring: () => void = () => undefined;
  woken: Promise<void>;

  constructor(readonly leave: () => void) {
    this.woken = this.rest();
  }

  wake(service?: ServiceName): void {
    if (service) this.news.add(service);
    this.ring();
  }

  take(): Set<ServiceName> {
    const { news } = this;
    this.news = new Set();
    this.woken = this.rest();
    return news;
  }

  private rest(): Promise<void> {
    return new Promise((resolve) => (this.ring = resolve));
  }
}
