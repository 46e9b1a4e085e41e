import { SessionRevokedEvent } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { describe, LOGGER, type Logger } from '@apollo/service-kit';
import { Inject, Injectable } from '@nestjs/common';

/** Tells whoever relies on what they know of a person's sessions that it is stale. */
@Injectable()
export class SessionAnnouncement {
  constructor(
    private readonly bus: Bus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Call after the commit and wait for it: it must leave before the reply does. Who misses it asks again within
   * seconds, so a failure is a warning and no more.
   */
  async changed(userId: string): Promise<void> {
    await this.bus
      .announce(SessionRevokedEvent, { user_id: userId })
      .catch((error: unknown) => this.logger.warn({ error: describe(error) }, 'change of sessions not announced'));
  }
}
