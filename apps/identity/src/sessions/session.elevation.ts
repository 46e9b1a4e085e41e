import { type Clock, CLOCK, currentTenant } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { SessionAnnouncement } from './session.announcement.js';
import { SessionRepository } from './session.repository.js';
import { SessionSecrets } from './session.secrets.js';

/** Has sessions count as begun with a second factor. */
@Injectable()
export class SessionElevation {
  constructor(
    private readonly database: TenantDatabase,
    private readonly sessions: SessionRepository,
    private readonly secrets: SessionSecrets,
    private readonly announcement: SessionAnnouncement,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Has one of the acting person's sessions count as begun with a second factor. Call once it has proved one: its
   * holder knows then what a sign-in would ask for.
   */
  async raise(id: string): Promise<void> {
    const { actor } = currentTenant();
    await this.database.transaction(async (transaction) => {
      const raised = await this.sessions.raise(id, this.secrets.factorMark(actor, id, true), this.clock());
      if (raised) transaction.afterCommit(() => this.announcement.changed(actor));
    });
  }
}
