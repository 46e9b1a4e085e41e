import { setTimeout as sleep } from 'node:timers/promises';
import { patience } from '@apollo/tenancy/postgres';
import type { Logger } from 'pino';
import { describe } from './health.server.js';

/** Milliseconds between two looks whether a service can serve again. */
const EVERY_MS = 500;
/** Milliseconds within which a database serves. One that a busy process hears late is still one that does. */
const SERVED_WITHIN_MS = 2_000;

/** What takes a share of a service's requests. */
export interface ShareTaker {
  takeShare(): void;
  leaveShare(): Promise<void>;
}

/**
 * Has a process whose database does not serve it leave the requests to the service's other processes, and take its
 * share again once it does. It looks when a request has failed for that, not before: nothing is asked of a database
 * that serves.
 */
export class ServingWatch {
  private looking: Promise<void> | undefined;
  private stopped = false;

  /** @param alive rejects where the database does not serve */
  constructor(
    private readonly share: ShareTaker,
    private readonly alive: () => Promise<void>,
    private readonly logger: Logger,
  ) {}

  /** A request failed since the database did not serve it. */
  doubt(): void {
    if (!this.stopped) this.looking ??= this.look().finally(() => (this.looking = undefined));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.looking;
  }

  private async look(): Promise<void> {
    const refusal = await this.refusal();
    if (!refusal) return;
    this.logger.error(
      { error: describe(refusal) },
      'the database does not serve: requests are left to other processes',
    );
    await this.share.leaveShare();
    while (!this.stopped && (await this.refusal())) await sleep(EVERY_MS);
    if (this.stopped) return;
    this.share.takeShare();
    this.logger.info('the database serves again');
  }

  private refusal(): Promise<unknown> {
    return new Promise((resolve) => {
      const end = patience(SERVED_WITHIN_MS, () => resolve(new Error('no answer in time')));
      const found = (refusal?: unknown): void => {
        end();
        resolve(refusal);
      };
      this.alive().then(() => found(), found);
    });
  }
}
