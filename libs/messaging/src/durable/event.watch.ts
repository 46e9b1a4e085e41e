import { type ServiceName, SHOWN_EVENTS, subjectOf } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import type { NatsConnection, Subscription } from '@nats-io/nats-core';
import { type StreamSlot, StreamSlots } from './stream.slots.js';

/** One open stream, as far as it is notified that something may be new. */
export interface Watcher {
  /** What may have something new since the last `take`, and forgets it. */
  take(): Set<ServiceName>;
  /** Resolves when something may be new, or watching ends. */
  readonly woken: Promise<void>;
  /** Whether the stream is to end. */
  readonly isEnding: boolean;
  leave(): void;
}

/** An organization that somebody watches. */
interface Watched {
  readonly watchers: Set<OpenWatcher>;
  /** To its events, as long as there are watchers. */
  readonly subscriptions: readonly Subscription[];
}

/**
 * Tells whoever watches an organization that an event of it passes by; events of others do not come here. Nothing of
 * the event is read or believed: who is told asks the service that wrote it down, and looks by itself from time to
 * time, because a passing event can be missed.
 */
export class EventWatch {
  private readonly watched = new Map<string, Watched>();

  constructor(
    private readonly connection: NatsConnection,
    private readonly slots = new StreamSlots(),
  ) {}

  /**
   * Watches the acting organization for the acting person.
   *
   * @throws DomainError `rate_limited` when too many streams are open
   */
  watch(): Watcher {
    const slot = this.slots.take();
    const orgId = currentTenant().orgId as string;
    const { watchers } = this.watchedOf(orgId);
    const watcher = new OpenWatcher(slot, () => {
      slot.leave();
      if (watchers.delete(watcher) && watchers.size === 0) this.forget(orgId);
    });
    watchers.add(watcher);
    return watcher;
  }

  /**
   * Hears of an organization's events from the first of its watchers on: before that one asks for the first time, on
   * the same connection.
   */
  private watchedOf(orgId: string): Watched {
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

  constructor(
    private readonly slot: StreamSlot,
    readonly leave: () => void,
  ) {
    this.woken = this.rest();
    slot.ending.addEventListener('abort', () => this.wake());
  }

  get isEnding(): boolean {
    return this.slot.ending.aborted;
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
