import { DomainError, type identityMessages } from '@apollo/contracts';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { type Clock, CLOCK, later } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { asPerson } from '../context/person.context.js';
import { openPersonToken } from '../secrets/link.token.js';
import { RefreshTokenRepository } from './refresh.token.repository.js';
import { SessionEnding } from './session.ending.js';
import { judgeRefresh, REFRESH_TOKEN_LIFETIME_MS, type RefreshVerdict } from './session.rules.js';
import { SessionSecrets } from './session.secrets.js';
import type { OpenSession } from './session.start.js';

/**
 * Keeps sessions going by refresh tokens, each of which works once, and for a moment again for whoever used it.
 * Platform.
 */
@Injectable()
export class RefreshService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly tokens: RefreshTokenRepository,
    private readonly ending: SessionEnding,
    private readonly secrets: SessionSecrets,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Trades a refresh token for the next one of its family. The client that did so is given the same one again for 30 s.
   *
   * @throws DomainError `invalid_refresh_token`; when the token had been used otherwise, its whole family is ended
   *   first
   */
  async rotate(request: identityMessages.RefreshRequest): Promise<OpenSession> {
    const arrivedAt = this.clock();
    const presented = openPersonToken(request.refresh_token);
    if (!presented) throw new DomainError('invalid_refresh_token');
    const { userId } = presented;
    // The verdict leaves the transaction as a value: what a reuse ends has to be committed before it is refused.
    const outcome = await asPerson(userId, () =>
      this.database.transaction(() => this.settle(userId, request, arrivedAt)),
    );
    if (typeof outcome !== 'string') return outcome;
    throw new DomainError(
      'invalid_refresh_token',
      outcome === 'overtaken' ? 'Another request has just used this refresh token.' : undefined,
    );
  }

  private async settle(
    userId: string,
    origin: identityMessages.RefreshRequest,
    arrivedAt: Date,
  ): Promise<OpenSession | RefreshVerdict> {
    const given = origin.refresh_token;
    const token = await this.tokens.locked(given);
    const now = this.clock();
    const client = this.secrets.clientOf(origin);
    const verdict = judgeRefresh(token, client, arrivedAt, now);
    if (!token || verdict === 'refused' || verdict === 'overtaken') return verdict;
    const { sessionId } = token;
    if (verdict === 'reused') {
      await this.ending.end(sessionId, 'refresh_token_reused', origin.address);
      return verdict;
    }
    const next = this.secrets.nextToken(userId, sessionId, given);
    const mfa = this.secrets.isMarked(userId, sessionId, token.mark);
    const session = { userId, sessionId, mfa, refreshToken: next.token };
    if (verdict === 'repeated') return session;
    const expires = later(now, REFRESH_TOKEN_LIFETIME_MS);
    await this.tokens.rotate(token, client, {
      hash: next.hash,
      now,
      expires,
      address: origin.address,
      agent: origin.user_agent ?? null,
    });
    return session;
  }

  /**
   * Ends the session a token was made for, whether the token was used or not, whatever rows say; an unknown one ends
   * nothing.
   */
  async end({ refresh_token }: identityMessages.LogoutRequest): Promise<void> {
    const presented = openPersonToken(refresh_token);
    if (!presented) return;
    await asPerson(presented.userId, () =>
      this.database.transaction(async () => {
        const token = await this.tokens.locked(refresh_token);
        if (token) await this.ending.end(token.sessionId, 'signed_out');
      }),
    );
  }
}
