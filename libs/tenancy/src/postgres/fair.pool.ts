import type pg from 'pg';
import { Tally } from '../context/tally.js';
import type { TenantContext } from '../context/tenant.context.js';
import { DatabaseBusyError, isFull, NotConnectedError } from './database.errors.js';
import { patience } from './patience.js';
import { CONNECTED_WITHIN_MS } from './session.settings.js';

/**
 * Whose share of the connections a context's work takes: its organization's or, without one, the person's; undefined
 * for the platform.
 */
export function holderOf({ scope, orgId, actor }: TenantContext): string | undefined {
  return scope === 'platform' ? undefined : (orgId ?? actor);
}

/** Milliseconds that a connection waits to be counted for one more. */
const JOINED_WITHIN_MS = 250;

/**
 * A pool of which no organization, and no person by themselves, holds more than half: requests that wait for a row
 * which their own organization has locked take no connection that another one needs. What the platform does has all of
 * it. Where the server lets no more connections in, or not in time, those that there are serve everybody in turn.
 */
export class FairPool {
  private readonly share: number;
  private readonly held = new Tally();
  /** Of each connection that is taken, for whom it counts. */
  private readonly holders = new WeakMap<pg.PoolClient, string[]>();
  private readonly waiting = new Map<string, (() => void)[]>();
  /** Whom the server let in no more, or not in time: they go on with what others give back. */
  private readonly turnedAway: { readonly ask: () => void; readonly fail: (error: Error) => void }[] = [];

  /** @param size connections that the pool has at most */
  constructor(
    private readonly pool: pg.Pool,
    size: number,
  ) {
    this.share = Math.max(1, Math.floor(size / 2));
    pool.on('release', () => this.turnedAway.shift()?.ask());
  }

  /**
   * A connection that counts for each of `holders`, to be given back by its `release`.
   *
   * @throws DatabaseBusyError when one of them gave none back for five seconds, or nobody where the server is full;
   *   NotConnectedError; errors of the pool
   */
  async connect(holders: Iterable<string>): Promise<pg.PoolClient> {
    const entered: string[] = [];
    try {
      for (const holder of holders) {
        await this.enter(holder);
        entered.push(holder);
      }
      const client = await this.taken();
      this.count(client, entered);
      return client;
    } catch (error) {
      entered.forEach((holder) => this.leave(holder));
      throw error;
    }
  }

  /** @throws what came of the attempt to connect, where there is no connection to wait for */
  private taken(): Promise<pg.PoolClient> {
    return new Promise((resolve, reject) => {
      let found: Error | undefined;
      let isLate = false;
      const end = patience(CONNECTED_WITHIN_MS, () => {
        isLate = true;
        reject(found ?? new NotConnectedError());
      });
      const fail = (error: Error): void => {
        end();
        reject(error);
      };
      const ask = (): void => {
        // Nobody waits for it any more: the turn is the next one's.
        if (isLate) return this.turnedAway.shift()?.ask();
        this.pool.connect().then(
          (client) => {
            end();
            if (isLate) client.release();
            else resolve(client);
          },
          (error: Error) => {
            if (isFull(error)) found = new DatabaseBusyError();
            else if (!(error instanceof NotConnectedError)) return fail(error);
            if (this.pool.idleCount > 0) ask();
            else if (this.pool.totalCount > 0) this.turnedAway.push({ ask, fail });
            else [{ fail }, ...this.turnedAway.splice(0)].forEach((each) => each.fail(error));
          },
        );
      };
      ask();
    });
  }

  /**
   * Counts a connection that is held already for `holder` too.
   *
   * @throws DatabaseBusyError where it has its share for a quarter of a second: who waits keeps a connection meanwhile
   */
  async join(client: pg.PoolClient, holder: string): Promise<void> {
    await this.enter(holder, JOINED_WITHIN_MS);
    this.holders.get(client)?.push(holder);
  }

  /** Counts a connection for `holders`, and for whoever joins them, until it is given back. */
  private count(client: pg.PoolClient, holders: string[]): void {
    this.holders.set(client, holders);
    const release = client.release.bind(client);
    client.release = (error) => {
      this.holders.delete(client);
      try {
        release(error);
      } finally {
        holders.forEach((holder) => this.leave(holder));
      }
    };
  }

  private async enter(holder: string, withinMs = CONNECTED_WITHIN_MS): Promise<void> {
    if (this.held.of(holder) < this.share) return this.held.add(holder, 1);
    const queue = this.waiting.get(holder) ?? [];
    this.waiting.set(holder, queue);
    await new Promise<void>((resolve, reject) => {
      const admit = (): void => {
        end();
        resolve();
      };
      const end = patience(withinMs, () => {
        queue.splice(queue.indexOf(admit), 1);
        if (queue.length === 0) this.waiting.delete(holder);
        reject(new DatabaseBusyError());
      });
      queue.push(admit);
    });
  }

  /** Hands the place on to whoever waits longest, or gives it up. */
  private leave(holder: string): void {
    const queue = this.waiting.get(holder);
    const next = queue?.shift();
    if (queue?.length === 0) this.waiting.delete(holder);
    if (next) return next();
    this.held.add(holder, -1);
  }
}
