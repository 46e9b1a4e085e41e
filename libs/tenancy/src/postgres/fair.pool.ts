import type pg from 'pg';
import { Tally } from '../context/tally.js';
import type { TenantContext } from '../context/tenant.context.js';
import { DatabaseBusyError } from './database.errors.js';
import { CONNECTED_WITHIN_MS } from './session.settings.js';

/** Whose share of the connections a context's work takes: its organization's or, without one, the person's; undefined for the platform. */
export function holderOf({ scope, orgId, actor }: TenantContext): string | undefined {
  return scope === 'platform' ? undefined : (orgId ?? actor);
}

/** Milliseconds that a connection waits to be counted for one more. */
const JOINED_WITHIN_MS = 250;

/**
 * A pool of which no organization, and no person by themselves, holds more than half: requests that wait for a row which
 * their own organization has locked take no connection that another one needs. What the platform does has all of it.
 */
export class FairPool {
  private readonly share: number;
  private readonly held = new Tally();
  private readonly waiting = new Map<string, (() => void)[]>();

  /** @param size connections that the pool has at most */
  constructor(
    private readonly pool: pg.Pool,
    size: number,
  ) {
    this.share = Math.max(1, Math.floor(size / 2));
  }

  /**
   * A connection that counts for each of `holders`, to be given back by its `release`.
   *
   * @throws DatabaseBusyError when one of them gave none back for five seconds; errors of the pool
   */
  async connect(holders: Iterable<string>): Promise<pg.PoolClient> {
    const entered: string[] = [];
    try {
      for (const holder of holders) {
        await this.enter(holder);
        entered.push(holder);
      }
      const client = await this.pool.connect();
      entered.forEach((holder) => this.leaveWith(client, holder));
      return client;
    } catch (error) {
      entered.forEach((holder) => this.leave(holder));
      throw error;
    }
  }

  /**
   * Counts a connection that is held already for `holder` too.
   *
   * @throws DatabaseBusyError where it has its share for a quarter of a second: who waits keeps a connection meanwhile
   */
  async join(client: pg.PoolClient, holder: string): Promise<void> {
    await this.enter(holder, JOINED_WITHIN_MS);
    this.leaveWith(client, holder);
  }

  private leaveWith(client: pg.PoolClient, holder: string): void {
    const release = client.release.bind(client);
    client.release = (error) => {
      release(error);
      this.leave(holder);
    };
  }

  private async enter(holder: string, withinMs = CONNECTED_WITHIN_MS): Promise<void> {
    if (this.held.of(holder) < this.share) return this.held.add(holder, 1);
    const queue = this.waiting.get(holder) ?? [];
    this.waiting.set(holder, queue);
    await new Promise<void>((resolve, reject) => {
      const admit = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(admit), 1);
        if (queue.length === 0) this.waiting.delete(holder);
        reject(new DatabaseBusyError());
      }, withinMs);
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
