import { AccessChangedEvent } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { describe, LOGGER, type Logger } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Inject, Injectable } from '@nestjs/common';

/** Tells every gateway that what it remembers about somebody's access to the organization is stale. */
@Injectable()
export class AccessAnnouncer {
  constructor(
    private readonly database: TenantDatabase,
    private readonly bus: Bus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Announces a change of the acting organization once the open transaction is durable and before its reply leaves, on
   * the same connection. An announcement that fails changes nothing: what gateways remember ends by itself in 5 s.
   *
   * @param person whose access changed; null for everybody's
   */
  async changed(person: string | null): Promise<void> {
    await this.database.transaction(async (transaction) => transaction.afterCommit(() => this.announce(person)));
  }

  /** Announces at once that access to the acting organization has changed. Asks nothing of the database. */
  async announce(person: string | null): Promise<void> {
    await this.bus
      .announce(AccessChangedEvent, { user_id: person })
      .catch((error: unknown) => this.logger.error({ error: describe(error) }, 'change of access not announced'));
  }
}
