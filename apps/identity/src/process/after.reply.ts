import { describe, LOGGER, type Logger } from '@apollo/service-kit';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';

/**
 * Runs work once the answer is on its way, so that its duration tells the caller nothing. Keeps the context of the
 * request. Call it outside of transactions, or from `afterCommit`. The process waits for it when it stops.
 */
@Injectable()
export class AfterReply implements OnModuleDestroy {
  private readonly pending = new Set<Promise<void>>();

  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  /** Starts `work` in the next turn of the event loop; a failure is logged under `name`. */
  run(name: string, work: () => Promise<void>): void {
    const done = new Promise<void>((resolve) => setImmediate(resolve))
      .then(work)
      .catch((error: unknown) =>
        this.logger.error({ work: name, error: describe(error) }, 'work after the reply failed'),
      )
      .finally(() => this.pending.delete(done));
    this.pending.add(done);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.pending);
  }
}
