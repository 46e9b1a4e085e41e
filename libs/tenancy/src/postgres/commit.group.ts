import { isRefusal, isTimeout } from './database.errors.js';
import { type Deferred, PhysicalTransaction, type TransactionMeans } from './physical.transaction.js';

/** A way to the database: how many transactions are committed together on it, and how often that happens at once. */
interface Lane {
  readonly waiting: Member[];
  readonly largest: number;
  readonly atOnce: number;
  readonly inAHurry: boolean;
  underWay: number;
  gathering: boolean;
}

interface Member {
  readonly statements: readonly Deferred[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Commits transactions whose statements are all known beforehand, several in one transaction of the database: one round
 * trip and one write to the disk for all of them. Each statement runs under the tag of its own organization. Where one is
 * refused, waits for a lock or takes long, all are rolled back and each is committed alone, so the others hardly notice.
 */
export class CommitGroup {
  /** While two groups are under way, the next one gathers. */
  private readonly together: Lane = {
    waiting: [],
    largest: 64,
    atOnce: 2,
    inAHurry: true,
    underWay: 0,
    gathering: false,
  };
  private readonly alone: Lane = { waiting: [], largest: 1, atOnce: 6, inAHurry: false, underWay: 0, gathering: false };

  constructor(private readonly means: TransactionMeans) {}

  /** Connections it needs at once at most. */
  get connections(): number {
    return this.together.atOnce + this.alone.atOnce;
  }

  /**
   * Resolves when what `statements` do is durable.
   *
   * @throws pg errors of these statements; where the connection is lost meanwhile, nobody knows whether they are committed
   */
  commit(statements: readonly Deferred[]): Promise<void> {
    return new Promise((done, failed) => this.enter(this.together, [{ statements, done, failed }]));
  }

  private enter(lane: Lane, members: readonly Member[]): void {
    lane.waiting.push(...members);
    if (lane.gathering) return;
    lane.gathering = true;
    // What comes in the same turn of the event loop goes together: the first of it does not leave the others behind.
    setImmediate(() => {
      lane.gathering = false;
      this.depart(lane);
    });
  }

  private depart(lane: Lane): void {
    while (lane.underWay < lane.atOnce && lane.waiting.length > 0) {
      lane.underWay += 1;
      void this.send(lane, lane.waiting.splice(0, lane.largest)).finally(() => {
        lane.underWay -= 1;
        this.enter(lane, []);
      });
    }
  }

  private async send(lane: Lane, members: readonly Member[]): Promise<void> {
    const transaction = new PhysicalTransaction({ ...this.means, inAHurry: lane.inAHurry });
    for (const { statements } of members) transaction.adopt(statements);
    try {
      await transaction.commit();
    } catch (error) {
      await transaction.rollback();
      if (isRefusal(error) && (members.length > 1 || (lane.inAHurry && isTimeout(error))))
        this.enter(this.alone, members);
      else members.forEach(({ failed }) => failed(error));
      return;
    }
    await transaction.finish();
    members.forEach(({ done }) => done());
  }
}
