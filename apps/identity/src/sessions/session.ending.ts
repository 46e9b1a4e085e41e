import { currentTenant } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { type Clock, CLOCK } from '../process/clock.js';
import { SecurityEventLog } from '../security-events/security.event.log.js';
import { SessionAnnouncement } from './session.announcement.js';
import { SessionRepository } from './session.repository.js';

/** Why sessions end early; also what the person's security events call it. */
export type EndReason =
  'signed_out' | 'session_revoked' | 'all_sessions_revoked' | 'refresh_token_reused' | 'password_changed';

/** Ends sessions of the acting person, records why, and announces it once it is certain. */
@Injectable()
export class SessionEnding {
  constructor(
    private readonly database: TenantDatabase,
    private readonly sessions: SessionRepository,
    private readonly events: SecurityEventLog,
    private readonly announcement: SessionAnnouncement,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @param address where the request that ends it came from, if that matters @returns whether such a session stood */
  async end(sessionId: string, reason: EndReason, address?: string): Promise<boolean> {
    return this.database.transaction(async () => {
      const ended = (await this.endWhere(sessionId, reason)) > 0;
      if (ended) await this.events.record(reason, { sessionId, address });
      return ended;
    });
  }

  /** Ends every session there is. */
  async endAll(reason: EndReason): Promise<void> {
    await this.database.transaction(async () => {
      await this.endWhere(null, reason);
      await this.events.record(reason);
    });
  }

  private async endWhere(sessionId: string | null, reason: EndReason): Promise<number> {
    const userId = currentTenant().actor;
    return this.database.transaction(async (transaction) => {
      const ended = await this.sessions.end(sessionId, reason, this.clock());
      if (ended.length > 0) transaction.afterCommit(() => this.announcement.changed(userId));
      return ended.length;
    });
  }
}
