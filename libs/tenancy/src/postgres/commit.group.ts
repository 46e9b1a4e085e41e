import { isEnd, isRefusal, isTimeout, TookTooLongError } from './database.errors.js';
import { holderOf } from './fair.pool.js';
import { type Deferred, PhysicalTransaction, type TransactionMeans } from './physical.transaction.js';

/** A way to the database: how many transactions are committed together on it, and how often that happens at once. */
interface Queue {
  readonly waiting: Member[];
  readonly largest: number;
  readonly atOnce: number;
  /**
   * Of one organization, or person, how many are under way at most: the others pass by those that wait for a lock of
   * theirs.
   */
  readonly share: number;
  readonly inAHurry: boolean;
  readonly longestMs: number;
  readonly underWay: Set<readonly Member[]>;
  gathering: boolean;
}

interface Member {
  readonly holder: string | undefined;
  readonly statements: readonly Deferred[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const TOGETHER_AT_ONCE = 2;
const ALONE_AT_ONCE = 6;
/** Milliseconds that a transaction lasts at most, whatever it has done to the limits of its session. */
const TOGETHER_MS = 3_000;
const ALONE_MS = 60_000;

/** Connections that a group needs at once at most. */
export const GROUP_CONNECTIONS = TOGETHER_AT_ONCE + ALONE_AT_ONCE;

/**
 * Commits transactions whose statements are all known beforehand, several in one transaction of the database: one round
 * trip and one write to the disk for all of them. Each statement runs under the tag of its own organization. Where one
 * is refused, waits for a lock, takes long or ends the connection, all are rolled back and each is committed alone, so
 * the others hardly notice. Where the server does not end what takes long, the connection is closed without its answer:
 * what was committed then after all is sent a second time.
 */
export class CommitGroup {
  /** While two groups are under way, the next one gathers. */
  private readonly together: Queue = {
    waiting: [],
    largest: 64,
    atOnce: TOGETHER_AT_ONCE,
    share: Infinity,
    inAHurry: true,
    longestMs: TOGETHER_MS,
    underWay: new Set(),
    gathering: false,
  };
  private readonly alone: Queue = {
    waiting: [],
    largest: 1,
    atOnce: ALONE_AT_ONCE,
    share: ALONE_AT_ONCE / 2,
    inAHurry: false,
    longestMs: ALONE_MS,
    underWay: new Set(),
    gathering: false,
  };

  constructor(private readonly means: TransactionMeans) {}

  /**
   * Resolves when what `statements` do is durable.
   *
   * @throws pg errors of these statements; where the connection is lost meanwhile, nobody knows whether they are
   *   committed
   */
  commit(statements: readonly Deferred[]): Promise<void> {
    const holder = statements.map(({ context }) => holderOf(context)).find((found) => found !== undefined);
    return new Promise((done, failed) => this.enter(this.together, [{ holder, statements, done, failed }]));
  }

  private enter(queue: Queue, members: readonly Member[]): void {
    queue.waiting.push(...members);
    if (queue.gathering) return;
    queue.gathering = true;
    // What comes in the same turn of the event loop goes together: the first of it does not leave the others behind.
    setImmediate(() => {
      queue.gathering = false;
      this.depart(queue);
    });
  }

  private depart(queue: Queue): void {
    while (queue.underWay.size < queue.atOnce) {
      const first = queue.waiting.findIndex((member) => this.mayGo(queue, member));
      if (first === -1) return;
      const members = queue.waiting.splice(first, queue.largest);
      queue.underWay.add(members);
      void this.send(queue, members).finally(() => {
        queue.underWay.delete(members);
        this.enter(queue, []);
      });
    }
  }

  private mayGo({ share, underWay }: Queue, { holder }: Member): boolean {
    if (share === Infinity || holder === undefined) return true;
    return [...underWay].flat().filter((other) => other.holder === holder).length < share;
  }

  private async send(queue: Queue, members: readonly Member[]): Promise<void> {
    const { inAHurry, longestMs } = queue;
    const transaction = new PhysicalTransaction({ ...this.means, inAHurry, longestMs });
    for (const { statements } of members) transaction.adopt(statements);
    try {
      await transaction.commit();
    } catch (error) {
      await transaction.rollback();
      const isOfOne = isRefusal(error) || isEnd(error) || error instanceof TookTooLongError;
      if (isOfOne && (members.length > 1 || (inAHurry && isTimeout(error)))) this.enter(this.alone, members);
      else members.forEach(({ failed }) => failed(error));
      return;
    }
    await transaction.finish();
    members.forEach(({ done }) => done());
  }
}
