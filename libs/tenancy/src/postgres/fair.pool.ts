import type pg from 'pg';
import { currentTenant } from '../context/tenant.context.js';
import { DatabaseBusyError } from './database.errors.js';
import { CONNECTED_WITHIN_MS } from './session.settings.js';

/**
 * A pool of which no organization, and no person by themselves, holds more than half: requests that wait for a row which
 * their own organization has locked take no connection that another one needs. What the platform does has all of it.
 */
export class FairPool {
  private readonly share: number;
  private readonly held = new Map<string, number>();
  private readonly waiting = new Map<string, (() => void)[]>();

  /** @param size connections that the pool has at most */
  constructor(
    private readonly pool: pg.Pool,
    size: number,
  ) {
    this.share = Math.max(1, Math.floor(size / 2));
  }

  /**
   * A connection for the open context, to be given back by its `release`.
   *
   * @throws DatabaseBusyError when its organization gave none back for five seconds; errors of the pool
   */
  async connect(): Promise<pg.PoolClient> {
    const { scope, orgId, actor } = currentTenant();
    if (scope === 'platform') return this.pool.connect();
    const holder = orgId ?? actor;
    await this.enter(holder);
    try {
      const client = await this.pool.connect();
      const release = client.release.bind(client);
      client.release = (error) => {
        release(error);
        this.leave(holder);
      };
      return client;
    } catch (error) {
      this.leave(holder);
      throw error;
    }
  }

  private async enter(holder: string): Promise<void> {
    const held = this.held.get(holder) ?? 0;
    if (held < this.share) {
      this.held.set(holder, held + 1);
      return;
    }
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
      }, CONNECTED_WITHIN_MS);
      queue.push(admit);
    });
  }

  /** Hands the place on to whoever waits longest, or gives it up. */
  private leave(holder: string): void {
    const queue = this.waiting.get(holder);
    const next = queue?.shift();
    if (queue?.length === 0) this.waiting.delete(holder);
    if (next) return next();
    const left = (this.held.get(holder) ?? 1) - 1;
    if (left === 0) this.held.delete(holder);
    else this.held.set(holder, left);
  }
}
