import type { identityMessages } from '@apollo/contracts';
import { type Clock, CLOCK, later, newId } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { SecurityEventLog } from '../security-events/security.event.log.js';
import { SessionRepository } from './session.repository.js';
import { REFRESH_TOKEN_LIFETIME_MS } from './session.rules.js';
import { SessionSecrets } from './session.secrets.js';

/** Where a request came from. */
export type Origin = Pick<identityMessages.LoginRequest, 'address' | 'user_agent'>;

/** A session with the refresh token that works now. */
export interface OpenSession {
  readonly userId: string;
  readonly sessionId: string;
  readonly mfa: boolean;
  readonly refreshToken: string;
}

/** What was proved before a session begins. */
export interface Proof {
  /** How often the person had been signed out everywhere by then. */
  readonly signOuts: number;
  /** Whether by a second factor, too. */
  readonly mfa: boolean;
}

/** Begins sessions. */
@Injectable()
export class SessionStart {
  constructor(
    private readonly database: TenantDatabase,
    private readonly sessions: SessionRepository,
    private readonly events: SecurityEventLog,
    private readonly secrets: SessionSecrets,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Person. Begins a session of the acting person, who has proved to be that person.
   *
   * @throws DomainError `invalid_credentials` where that person was signed out everywhere since the proof
   */
  async begin(userId: string, { address, user_agent }: Origin, { mfa, signOuts }: Proof): Promise<OpenSession> {
    const now = this.clock();
    const expires = later(now, REFRESH_TOKEN_LIFETIME_MS);
    const sessionId = newId();
    const mark = this.secrets.factorMark(userId, sessionId, mfa);
    const { token, hash } = this.secrets.firstToken(userId, sessionId);
    await this.database.transaction(async () => {
      await this.sessions.add({
        id: sessionId,
        address,
        userAgent: user_agent ?? null,
        mark,
        tokenHash: hash,
        signOuts,
        now,
        expires,
      });
      await this.events.record('signed_in', { sessionId, address });
    });
    return { userId, sessionId, mfa, refreshToken: token };
  }
}
