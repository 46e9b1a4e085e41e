import { DomainError, type identityMessages } from '@apollo/contracts';
import { type Clock, CLOCK, currentTenant } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { SessionDirectory } from './session.directory.js';
import { SessionEnding } from './session.ending.js';
import { SessionRepository } from './session.repository.js';
import { SessionSecrets } from './session.secrets.js';

/** What a person may see and do about their own sessions. */
@Injectable()
export class SessionService {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly directory: SessionDirectory,
    private readonly ending: SessionEnding,
    private readonly secrets: SessionSecrets,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async check({ id }: identityMessages.SessionRequest): Promise<identityMessages.SessionState> {
    const now = this.clock();
    const [session, open] = await Promise.all([this.sessions.find(id, now), this.directory.find(id)]);
    if (!session || !open || open.expires_at <= now) return { active: false, mfa: false, operator: false };
    return {
      active: true,
      mfa: this.secrets.isMarked(currentTenant().actor, id, session.factor_mark),
      operator: open.operator,
      sign_outs: open.sign_outs,
    };
  }

  async list(): Promise<identityMessages.SessionList> {
    const rows = await this.sessions.list(this.clock());
    const items = rows.map(({ id, created_at, last_used_at, expires_at, address, user_agent }) => ({
      id,
      created_at: created_at.toISOString(),
      last_used_at: last_used_at.toISOString(),
      expires_at: expires_at.toISOString(),
      address,
      user_agent,
    }));
    return { items, next_cursor: null };
  }

  /** @throws DomainError `not_found` for a session that has ended, never was or is somebody else's */
  async revoke({ id }: identityMessages.SessionRequest): Promise<void> {
    if (!(await this.ending.end(id, 'session_revoked'))) throw new DomainError('not_found');
  }

  async revokeAll(): Promise<void> {
    await this.ending.endAll('all_sessions_revoked');
  }
}
