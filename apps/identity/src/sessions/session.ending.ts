import { type Clock, CLOCK, currentTenant } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { SecurityEventLog } from '../security-events/security.event.log.js';
import { SessionAnnouncement } from './session.announcement.js';
import { SessionRepository } from './session.repository.js';

/** Why sessions end early; also what the person's security events call it. */
export type EndReason =
  | 'signed_out'
  | 'session_revoked'
  | 'all_sessions_revoked'
  | 'refresh_token_reused'
  | 'password_changed'
  | 'second_factor_replaced';

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
      const ended = await this.announced((now) => this.sessions.end(sessionId, reason, now));
      if (ended) await this.events.record(reason, { sessionId, address });
      return ended;
    });
  }

  /** Ends every session there is. */
  async endAll(reason: EndReason): Promise<void> {
    await this.database.transaction(async () => {
      await this.announced((now) => this.sessions.end(null, reason, now));
      await this.events.record(reason);
    });
  }

  /** Ends every session but one. */
  async endOthers(kept: string, reason: EndReason): Promise<void> {
    await this.database.transaction(async () => {
      await this.announced((now) => this.sessions.endOthers(kept, reason, now));
      await this.events.record(reason);
    });
  }

  /** @returns whether any ended */
  private async announced(end: (now: Date) => Promise<string[]>): Promise<boolean> {
    const userId = currentTenant().actor;
    return this.database.transaction(async (transaction) => {
      const ended = await end(this.clock());
      if (ended.length > 0) transaction.afterCommit(() => this.announcement.changed(userId));
      return ended.length > 0;
    });
  }
}
