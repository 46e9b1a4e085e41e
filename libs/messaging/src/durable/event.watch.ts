import { DomainError, type ServiceName, SHOWN_EVENTS, subjectOf } from '@apollo/contracts';
import { currentTenant, Tally } from '@apollo/tenancy';
import type { NatsConnection, Subscription } from '@nats-io/nats-core';

/** Streams one person may have open in this process, of all organizations together. */
const PER_PERSON = 10;
/** Streams one process serves at once, and of one organization. */
const IN_ALL = 2_000;
const PER_ORG = 500;

/** One open stream, as far as it is told that something may be new. */
export interface Watcher {
  /** What may have something new since the last `take`, and forgets it. */
  take(): Set<ServiceName>;
  /** Resolves when something may be new, or watching ends. */
  readonly woken: Promise<void>;
  leave(): void;
}

/** An organization that somebody watches. */
interface Watched {
  readonly watchers: Set<OpenWatcher>;
  /** To its events, as long as there are watchers. */
  readonly subscriptions: readonly Subscription[];
}

/**
 * Tells whoever watches an organization that an event of it passes by; events of others do not come here. Nothing of the
 * event is read or believed: who is told asks the service that wrote it down, and looks by itself from time to time, because
 * a passing event can be missed.
 */
export class EventWatch {
  private readonly watched = new Map<string, Watched>();
  private readonly perPerson = new Tally();
  private count = 0;
  private closed = false;

  constructor(private readonly connection: NatsConnection) {}

  /** Watches the acting organization for the acting person. @throws DomainError `rate_limited` when too many streams are open */
  watch(): Watcher {
    const { orgId, actor } = currentTenant();
    if (orgId === null) throw new Error('only an organization can be watched');
    const openThere = this.watched.get(orgId)?.watchers.size ?? 0;
    if (this.closed || this.count >= IN_ALL || openThere >= PER_ORG || this.perPerson.of(actor) >= PER_PERSON)
      throw new DomainError('rate_limited', 'Too many event streams are open.');
    const { watchers } = this.placeOf(orgId);
    const watcher = new OpenWatcher(() => {
      if (!watchers.delete(watcher)) return;
      if (watchers.size === 0) this.forget(orgId);
      this.count -= 1;
      this.perPerson.add(actor, -1);
    });
    watchers.add(watcher);
    this.perPerson.add(actor, 1);
    this.count += 1;
    return watcher;
  }

  /** Whether streams are to end. */
  get isClosed(): boolean {
    return this.closed;
  }

  /** Ends every stream: whoever comes back finds another process, or this one started again. */
  close(): void {
    this.closed = true;
    for (const { watchers, subscriptions } of this.watched.values()) {
      subscriptions.forEach((subscription) => subscription.unsubscribe());
      for (const watcher of watchers) watcher.wake();
    }
  }

  /** Hears of an organization's events from the first of its watchers on: before that one asks for the first time, on the same connection. */
  private placeOf(orgId: string): Watched {
    const known = this.watched.get(orgId);
    if (known) return known;
    const watchers = new Set<OpenWatcher>();
    const subscriptions = SHOWN_EVENTS.map((contract) =>
      this.connection.subscribe(subjectOf(contract, orgId), {
        callback: (error) => {
          if (!error) for (const watcher of watchers) watcher.wake(contract.service);
        },
      }),
    );
    const watched = { watchers, subscriptions };
    this.watched.set(orgId, watched);
    return watched;
  }

  private forget(orgId: string): void {
    this.watched.get(orgId)?.subscriptions.forEach((subscription) => subscription.unsubscribe());
    this.watched.delete(orgId);
  }
}

class OpenWatcher implements Watcher {
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
