import { DomainError, type ServiceName, SHOWN_EVENTS } from '@apollo/contracts';
import { currentTenant, Tally } from '@apollo/tenancy';
import type { NatsConnection, Subscription } from '@nats-io/nats-core';
import { everyOrgs } from './event.streams.js';

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

/**
 * Tells whoever watches an organization that an event of it passes by. Nothing of the event is read or believed: who is
 * told asks the service that wrote it down, and looks by itself from time to time, because a passing event can be missed.
 */
export class EventWatch {
  private readonly subscriptions: Subscription[];
  private readonly watchers = new Map<string, Set<Seat>>();
  private readonly perPerson = new Tally();
  private count = 0;
  private closed = false;

  constructor(connection: NatsConnection) {
    this.subscriptions = SHOWN_EVENTS.map((contract) =>
      connection.subscribe(everyOrgs(contract), {
        callback: (error, message) => {
          if (!error) this.passed(message.subject.split('.')[1] ?? '', contract.service);
        },
      }),
    );
  }

  /** Watches the acting organization for the acting person. @throws DomainError `rate_limited` when too many streams are open */
  watch(): Watcher {
    const { orgId, actor } = currentTenant();
    if (orgId === null) throw new Error('only an organization can be watched');
    const seats = this.watchers.get(orgId) ?? new Set<Seat>();
    if (this.closed || this.count >= IN_ALL || seats.size >= PER_ORG || this.perPerson.of(actor) >= PER_PERSON)
      throw new DomainError('rate_limited', 'Too many event streams are open.');
    const seat = new Seat(() => {
      if (!seats.delete(seat)) return;
      if (seats.size === 0) this.watchers.delete(orgId);
      this.count -= 1;
      this.perPerson.add(actor, -1);
    });
    seats.add(seat);
    this.watchers.set(orgId, seats);
    this.perPerson.add(actor, 1);
    this.count += 1;
    return seat;
  }

  /** Whether streams are to end. */
  get isClosed(): boolean {
    return this.closed;
  }

  /** Ends every stream: whoever comes back finds another process, or this one started again. */
  close(): void {
    this.closed = true;
    this.subscriptions.forEach((subscription) => subscription.unsubscribe());
    for (const seats of this.watchers.values()) for (const seat of seats) seat.wake();
  }

  private passed(orgId: string, service: ServiceName): void {
    for (const seat of this.watchers.get(orgId) ?? []) seat.wake(service);
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
