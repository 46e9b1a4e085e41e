import { DomainError } from '@apollo/contracts';
import { currentTenant, Tally } from '@apollo/tenancy';

/** How many answers that stay open a process has slots for. */
export interface SlotBounds {
  readonly inAll: number;
  readonly ofOrg: number;
  /** Of all organizations together. */
  readonly ofPerson: number;
  /** What there are too many of, for people. */
  readonly what: string;
}

/** Event streams that one process serves at once. Whoever loses one comes back, and goes on where it was. */
export const EVENT_STREAMS: SlotBounds = {
  inAll: 2_000,
  ofOrg: 500,
  ofPerson: 10,
  what: 'event streams',
};

/** Milliseconds for which a slot is its holder's, however many others want one. */
const HELD_MS = 30_000;

/** A slot for one answer that stays open. */
export interface StreamSlot {
  /** Aborted once the answer is to end: the process stops, or the slot is another organization's. */
  readonly ending: AbortSignal;
  /** Gives it back; more than once is as good as once. */
  leave(): void;
}

/**
 * The slots of a process for answers that stay open, whatever they show. Where all are taken, an organization gets one
 * of whoever has more than it would have then; and an organization that has none, where nobody has two, the one that
 * was taken first, once it was held for half a minute: however many organizations somebody has, the others come in.
 */
export class StreamSlots {
  /** Of each organization, the oldest first. */
  private readonly ofOrgs = new Map<string, Set<OpenSlot>>();
  private readonly ofPeople = new Tally();
  private count = 0;
  private isClosed = false;

  /** @param now milliseconds of a clock that is never put back */
  constructor(
    private readonly bounds: SlotBounds = EVENT_STREAMS,
    private readonly now = () => performance.now(),
  ) {}

  /**
   * Takes a slot for the acting person in the acting organization.
   *
   * @throws DomainError `rate_limited` when too many are open
   */
  take(): StreamSlot {
    const { orgId, actor } = currentTenant();
    if (orgId === null) throw new Error('only an organization can be watched');
    const { ofOrg, ofPerson } = this.bounds;
    const own = this.ofOrgs.get(orgId) ?? new Set();
    if (this.isClosed || own.size >= ofOrg || this.ofPeople.of(actor) >= ofPerson || !this.isRoomFor(own.size))
      throw new DomainError('rate_limited', `Too many ${this.bounds.what} are open.`);
    const slot = new OpenSlot(this.now(), () => {
      own.delete(slot);
      if (own.size === 0) this.ofOrgs.delete(orgId);
      this.ofPeople.add(actor, -1);
      this.count--;
    });
    this.ofOrgs.set(orgId, own.add(slot));
    this.ofPeople.add(actor, 1);
    this.count++;
    return slot;
  }

  /** Ends every stream: whoever comes back finds another process, or this one started again. */
  close(): void {
    this.isClosed = true;
    for (const slots of this.ofOrgs.values()) slots.forEach((slot) => slot.end());
  }

  /** @param own how many the organization has that wants one more */
  private isRoomFor(own: number): boolean {
    if (this.count < this.bounds.inAll) return true;
    const most = [...this.ofOrgs.values()].reduce((some, other) => (other.size > some.size ? other : some));
    const [slot] = most.size > own + 1 ? most : own === 0 ? this.heldLongest() : [];
    slot?.end();
    slot?.leave();
    return slot !== undefined;
  }

  /** The slot that was taken first, where that is long enough ago. */
  private heldLongest(): OpenSlot[] {
    const first = [...this.ofOrgs.values()].flatMap((slots) => [...slots]).sort((a, b) => a.takenAt - b.takenAt)[0];
    return first && this.now() - first.takenAt >= HELD_MS ? [first] : [];
  }
}

class OpenSlot implements StreamSlot {
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
