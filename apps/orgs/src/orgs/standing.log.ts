import { concurrently, Poller } from '@apollo/messaging';
import { AuditTrail, describe, LOGGER, type Logger } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { askForAll, enterDecided } from '../access/org.context.js';
import { type Decision, DirectoryRepository } from '../directory/directory.repository.js';

/** Milliseconds between two looks by itself: for what could not be logged, or whose process did not live to log it. */
const PAUSE = 5_000;

/** Organizations whose logs are written at once: one that holds its own log locked holds up few others. */
const AT_ONCE = 2;

/**
 * Puts what operators decided into the audit log of the organization. A decision does not wait for that: the log is
 * written under the organization's own tag, under which it may be held locked. Until it is there, the directory
 * remembers.
 */
@Injectable()
export class StandingLog implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly looking = new Poller(
    PAUSE,
    () => this.round(),
    (error) => this.logger.error({ error: describe(error) }, 'looking for decisions to log failed'),
  );

  constructor(
    private readonly database: TenantDatabase,
    private readonly directory: DirectoryRepository,
    private readonly audit: AuditTrail,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.looking.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.looking.stop();
  }

  /** Has it look now: something was decided. */
  wake(): void {
    this.looking.wake();
  }

  private async round(): Promise<void> {
    const waiting = await askForAll(() => this.directory.standingsToLog());
    await concurrently(waiting, AT_ONCE, async (decision) => {
      if (this.looking.signal.aborted) return;
      await this.write(decision).catch((error: unknown) =>
        this.logger.warn({ org_id: decision.org_id, error: describe(error) }, 'decision not in the audit log yet'),
      );
    });
  }

  /** Marks and logs in one transaction: of several processes that are at it, one does. */
  private async write(decision: Decision): Promise<void> {
    await enterDecided(decision, () =>
      this.database.transaction(async () => {
        if (!(await askForAll(() => this.directory.markLogged(decision)))) return;
        await this.audit.done(decision.status === 'suspended' ? 'org.suspended' : 'org.resumed', decision.org_id);
      }),
    );
    this.wake();
  }
}
