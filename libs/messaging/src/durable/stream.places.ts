import { DomainError } from '@apollo/contracts';
import { currentTenant, Tally } from '@apollo/tenancy';

/** How many answers that stay open a process has places for. */
export interface PlaceBounds {
  readonly inAll: number;
  readonly ofOrg: number;
  /** Of all organizations together. */
  readonly ofPerson: number;
  /** What there are too many of, for people. */
  readonly what: string;
}

/** Event streams that one process serves at once. Whoever loses one comes back, and goes on where it was. */
export const EVENT_STREAMS: PlaceBounds = {
  inAll: 2_000,
  ofOrg: 500,
  ofPerson: 10,
  what: 'event streams',
};

/** Milliseconds for which a place is its holder's, however many others want one. */
const HELD_MS = 30_000;

/** A place for one answer that stays open. */
export interface Place {
  /** Aborted once the answer is to end: the process stops, or the place is another organization's. */
  readonly ending: AbortSignal;
  /** Gives it back; more than once is as good as once. */
  leave(): void;
}

/**
 * The places of a process for answers that stay open, whatever they show. Where all are taken, an organization gets one
 * of whoever has more than it would have then; and an organization that has none, where nobody has two, the one that was
 * taken first, once it was held for half a minute: however many organizations somebody has, the others come in.
 */
export class StreamPlaces {
  /** Of each organization, the oldest first. */
  private readonly ofOrgs = new Map<string, Set<OpenPlace>>();
  private readonly ofPeople = new Tally();
  private count = 0;
  private isClosed = false;

  /** @param now milliseconds of a clock that is never put back */
  constructor(
    private readonly bounds: PlaceBounds = EVENT_STREAMS,
    private readonly now = () => performance.now(),
  ) {}

  /**
   * Takes a place for the acting person in the acting organization.
   *
   * @throws DomainError `rate_limited` when too many are open
   */
  take(): Place {
    const { orgId, actor } = currentTenant();
    if (orgId === null) throw new Error('only an organization can be watched');
    const { ofOrg, ofPerson } = this.bounds;
    const own = this.ofOrgs.get(orgId) ?? new Set();
    if (this.isClosed || own.size >= ofOrg || this.ofPeople.of(actor) >= ofPerson || !this.isRoomFor(own.size))
      throw new DomainError('rate_limited', `Too many ${this.bounds.what} are open.`);
    const place = new OpenPlace(this.now(), () => {
      own.delete(place);
      if (own.size === 0) this.ofOrgs.delete(orgId);
      this.ofPeople.add(actor, -1);
      this.count--;
    });
    this.ofOrgs.set(orgId, own.add(place));
    this.ofPeople.add(actor, 1);
    this.count++;
    return place;
  }

  /** Ends every stream: whoever comes back finds another process, or this one started again. */
  close(): void {
    this.isClosed = true;
    for (const places of this.ofOrgs.values()) places.forEach((place) => place.end());
  }

  /** @param own how many the organization has that wants one more */
  private isRoomFor(own: number): boolean {
    if (this.count < this.bounds.inAll) return true;
    const most = [...this.ofOrgs.values()].reduce((some, other) => (other.size > some.size ? other : some));
    const [place] = most.size > own + 1 ? most : own === 0 ? this.heldLongest() : [];
    place?.end();
    place?.leave();
    return place !== undefined;
  }

  /** The place that was taken first, where that is long enough ago. */
  private heldLongest(): OpenPlace[] {
    const first = [...this.ofOrgs.values()].flatMap((places) => [...places]).sort((a, b) => a.takenAt - b.takenAt)[0];
    return first && this.now() - first.takenAt >= HELD_MS ? [first] : [];
  }
}

class OpenPlace implements Place {
  private readonly controller = new AbortController();
  private isLeft = false;

  constructor(
    readonly takenAt: number,
    private readonly left: () => void,
  ) {}

  get ending(): AbortSignal {
    return this.controller.signal;
  }

  end(): void {
    this.controller.abort();
  }

  leave(): void {
    if (!this.isLeft) this.left();
    this.isLeft = true;
  }
}
