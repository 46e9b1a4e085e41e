import { setTimeout as sleep } from 'node:timers/promises';
import { type Claim, Jobs } from '@apollo/work';
import { Injectable } from '@nestjs/common';

/** Milliseconds between two looks at whether somebody has taken the work away: it ends within a second. */
const LOOK_MS = 400;

/** Looks after work that waits for a model, and ends it where the run is cancelled or somebody else has it. */
@Injectable()
export class ClaimWatch {
  constructor(private readonly jobs: Jobs) {}

  /** @param work is given a signal that is aborted once `signal` is, or the claim is gone */
  async during<T>(claim: Claim, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const [gone, over] = [new AbortController(), new AbortController()];
    const looking = this.look(claim, gone, over.signal);
    try {
      return await work(AbortSignal.any([signal, gone.signal]));
    } finally {
      over.abort();
      await looking;
    }
  }

  private async look(claim: Claim, gone: AbortController, over: AbortSignal): Promise<void> {
    for (;;) {
      await sleep(LOOK_MS, undefined, { signal: over }).catch(() => undefined);
      if (over.aborted) return;
      // A look that fails says nothing: the next step does.
      const isOurs = await this.jobs.keep(claim).catch(() => true);
      if (!isOurs) return gone.abort();
    }
  }
}
