import { inLanes } from '@apollo/messaging';
import { describe, LOGGER, type Logger, RepeatedLook } from '@apollo/service-kit';
import { newId, runAsSystem } from '@apollo/tenancy';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { WalletRepository } from './wallet.repository.js';

/** Milliseconds between two looks for wallets that are due. */
const PAUSE = 5_000;

/** Wallets that are swept at once: one that somebody keeps busy holds up none of the others. */
const AT_ONCE = 4;

const reason = 'holds and monthly Stars expire when nobody asks';

/**
 * Books what has expired in organizations where nothing else happens. Never needed for a decision: whoever changes a
 * wallet does the same first. Any number of replicas may sweep at once; the second one finds nothing left to do.
 */
@Injectable()
export class WalletSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly looking = new RepeatedLook(
    PAUSE,
    () => this.sweep(),
    (error) => this.logger.error({ error: describe(error) }, 'looking for due wallets failed'),
  );

  constructor(
    private readonly wallets: WalletRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.looking.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.looking.stop();
  }

  /** Sweeps every wallet that is due now, a hundred at most. @returns how many there were */
  async sweep(): Promise<number> {
    const due = await runAsSystem({ reason, service: 'billing-stars', scope: 'platform', requestId: newId() }, () =>
      this.wallets.findDue(),
    );
    await inLanes(due, AT_ONCE, async (owner) => {
      if (this.looking.signal.aborted) return;
      await runAsSystem({ reason, service: 'billing-stars', scope: 'org', orgId: owner, requestId: newId() }, () =>
        this.wallets.sweep(),
      ).catch((error: unknown) => this.logger.error({ org_id: owner, error: describe(error) }, 'wallet not swept'));
    });
    return due.length;
  }
}
