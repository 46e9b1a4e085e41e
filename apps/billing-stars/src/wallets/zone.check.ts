import { TIME_ZONES } from '@apollo/contracts';
import { describe, LOGGER, type Logger } from '@apollo/service-kit';
import { newId, runAsSystem } from '@apollo/tenancy';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { WalletRepository } from './wallet.repository.js';

const reason = 'zones that this database does not know are told to operators';

/**
 * Says once, after the service has started, which zones organizations may choose that its PostgreSQL knows nothing of:
 * an old one, or one without all of its zone files. No start waits for it: PostgreSQL reads all of those files to
 * answer.
 */
@Injectable()
export class ZoneCheck implements OnApplicationBootstrap, OnModuleDestroy {
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly wallets: WalletRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.check();
  }

  async onModuleDestroy(): Promise<void> {
    await this.running;
  }

  private async check(): Promise<void> {
    await runAsSystem({ reason, service: 'billing-stars', scope: 'platform', requestId: newId() }, async () => {
      const zones = await this.wallets.unknownZones([...TIME_ZONES]);
      if (zones.length > 0)
        this.logger.error(
          { zones },
          'PostgreSQL does not know these zones: organizations there keep their days as before',
        );
    }).catch((error: unknown) => this.logger.error({ error: describe(error) }, 'zones not compared'));
  }
}
