import { DomainError } from '@apollo/contracts';
import { type Clock, systemClock, Tally } from '@apollo/tenancy';
import { LRUCache } from 'lru-cache';
import { afterWait, handledMessage } from '../envelope/message.scope.js';

/** Somebody for whom work is done: an organization, a person, a network. */
export interface Holder {
  readonly name: string;
  /** As how many it counts where it is compared with others. */
  readonly shares: number;
  /** What somebody is told who is refused because too much of this one waits. */
  readonly refusal: string;
}

/** How much a line lets happen, and wait. */
export interface QueueBounds {
  /** Worked on at once, and of it of one holder. */
  readonly atOnce: number;
  readonly atOnceOfHolder: number;
  /** Waiting at once, and of it of a holder with one share. */
  readonly waiting: number;
  readonly waitingOfHolder: number;
}

/** Work whose turn has not come, or that is being done. */
interface Turn {
  readonly holders: readonly Holder[];
  /** When nobody waits for it any more, in milliseconds of the epoch. */
  readonly expiresAt: number;
  readonly begin: () => void;
  readonly refuse: (error: DomainError) => void;
}

/** Holders whose last turn is remembered. */
const REMEMBERED = 10_000;

/**
 * A fair queue of work: a process does a few things of a kind at a time, and the next is that of the holders whose last
 * turn is longest ago, so nobody waits for all that others have waiting. Where no more may wait, whoever has most of it
 * waiting is refused: the newcomer, or the last of another's, in whose place the newcomer waits then.
 */
export class FairQueue {
  private readonly worked = new Set<Turn>();
  private readonly waiting = new Set<Turn>();
  private readonly atWork = new Tally();
  private readonly queued = new Tally();
  private turns = 0;
  private readonly lastTurns = new LRUCache<string, number>({ max: REMEMBERED });

  constructor(
    private readonly bounds: QueueBounds,
    private readonly clock: Clock = systemClock,
  ) {}

  /**
   * Runs `work` when it is its turn, where it may still be done by then.
   *
   * @param holders of the work, at least one; the turn is of each of them
   * @throws DomainError `rate_limited` where too much of one of them waits; as `afterWait`
   */
  async run<T>(holders: readonly Holder[], work: () => Promise<T>): Promise<T> {
    const crowded = this.crowdedBy(holders);
    if (crowded) this.takeOut(crowded, refusalOf(crowded.holders));
    const { promise: begun, resolve: begin, reject: refuse } = Promise.withResolvers<void>();
    const turn = { holders, expiresAt: handledMessage()?.envelope.expiresAt ?? Infinity, begin, refuse };
    this.waiting.add(turn);
    count(this.queued, turn, 1);
    this.next();
    await begun;
    try {
      return await afterWait(work);
    } finally {
      this.worked.delete(turn);
      count(this.atWork, turn, -1);
      this.next();
    }
  }

  /** For what is done before the work itself. @throws DomainError as `run`, where it would at this moment */
  assertRoom(holders: readonly Holder[]): void {
    this.crowdedBy(holders);
  }

  /** Whose place in a full line the newcomer gets; nobody where there is room. @throws DomainError as `run` */
  private crowdedBy(holders: readonly Holder[]): Turn | undefined {
    const { waiting, waitingOfHolder } = this.bounds;
    this.dropLate();
    const over = holders.find(({ name, shares }) => this.queued.of(name) >= waitingOfHolder * shares);
    if (over) throw refusalOf([over]);
    if (this.waiting.size < waiting) return undefined;
    const most = [...this.waiting].reduce((some, other) =>
      this.load(other.holders) >= this.load(some.holders) ? other : some,
    );
    if (this.load(most.holders) <= this.load(holders, 1)) throw refusalOf(holders);
    return most;
  }

  /** How much waits of that holder of whom it is the most. @param more than now */
  private load(holders: readonly Holder[], more = 0): number {
    return Math.max(...holders.map(({ name, shares }) => (this.queued.of(name) + more) / shares));
  }

  /** Work that nobody waits for takes nobody's place in the line. */
  private dropLate(): void {
    const now = this.clock().getTime();
    for (const turn of this.waiting)
      if (turn.expiresAt <= now) this.takeOut(turn, new DomainError('deadline_exceeded'));
  }

  private takeOut(turn: Turn, why?: DomainError): void {
    this.waiting.delete(turn);
    count(this.queued, turn, -1);
    if (why) turn.refuse(why);
  }

  /** Begins with those who may, as long as there are places. */
  private next(): void {
    this.dropLate();
    while (this.worked.size < this.bounds.atOnce) {
      const [first, ...others] = [...this.waiting].filter(({ holders }) => !this.isBusyWith(holders));
      if (!first) return;
      const turn = others.reduce((best, other) => (this.lastTurn(other) < this.lastTurn(best) ? other : best), first);
      this.takeOut(turn);
      this.turns++;
      for (const { name } of turn.holders) this.lastTurns.set(name, this.turns);
      this.worked.add(turn);
      count(this.atWork, turn, 1);
      turn.begin();
    }
  }

  /** When one of its holders had a turn, the latest of them; 0 for none. */
  private lastTurn({ holders }: Turn): number {
    return Math.max(...holders.map(({ name }) => this.lastTurns.get(name) ?? 0));
  }

  private isBusyWith(holders: readonly Holder[]): boolean {
    return holders.some(({ name }) => this.atWork.of(name) >= this.bounds.atOnceOfHolder);
  }
}

function count(tally: Tally, { holders }: Turn, by: number): void {
  for (const { name } of holders) tally.add(name, by);
}

function refusalOf([holder]: readonly Holder[]): DomainError {
  return new DomainError('rate_limited', holder?.refusal);
}
