import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Polls in the background, with a pause after each look that `wake` cuts short. It keeps no process alive.
 */
export class Poller {
  private readonly stopping = new AbortController();
  private rest = new AbortController();
  private running: Promise<void> = Promise.resolve();

  /**
   * @param pauseMs milliseconds between two looks when nothing calls for an earlier one
   * @param look says `true` where there is more, which is looked for at once
   * @param failed called with why a look failed; the next one comes all the same
   */
  constructor(
    private readonly pauseMs: number,
    private readonly look: () => Promise<unknown>,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Aborted once it is to stop: a look that takes long heeds it. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /** Looks at once, and from then on. */
  start(): void {
    this.running = this.run();
  }

  /** As `start`, for whoever has just looked: the first look comes after the first pause. */
  startLater(): void {
    this.running = this.pause().then(() => this.run());
  }

  /** Looks now, or once more after the look under way. */
  wake(): void {
    this.rest.abort();
  }

  /** Resolves when the look under way has ended; there is none after it. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.signal.aborted) {
      this.rest = new AbortController();
      const more = await this.look().catch(this.failed);
      if (more !== true && !this.signal.aborted) await this.pause();
    }
  }

  private async pause(): Promise<void> {
    await sleep(this.pauseMs, undefined, { signal: this.rest.signal, ref: false }).catch(() => undefined);
  }
}
