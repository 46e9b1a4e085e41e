import { TIME_ZONES } from '@apollo/contracts';
import { describe, LOGGER, type Logger } from '@apollo/service-kit';
import { newId, runAsSystem } from '@apollo/tenancy';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { WalletRepository } from './wallet.repository.js';

const reason = 'zones that this database does not know are told to operators';

/** Says once, when the service starts, which zones organizations may choose that its PostgreSQL knows nothing of: an old one, or one without all of its zone files. */
@Injectable()
export class ZoneCheck implements OnApplicationBootstrap {
  constructor(
    private readonly wallets: WalletRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
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
