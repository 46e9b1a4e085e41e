import { CheckSession, DomainError, type identityMessages } from '@apollo/contracts';
import type { Bus } from '@apollo/messaging';
import { FreshCache } from './fresh.cache.js';
import type { SignedIn } from './access.token.js';
import { askAsPlatform } from './platform.question.js';

/** Longest time, in milliseconds, a revoked session or a changed membership may go unnoticed when no event arrives. */
export const FRESH_FOR_MS = 5_000;

/** Whether sessions still stand. */
export class SessionGate {
  private readonly states: FreshCache<identityMessages.SessionState>;

  constructor(
    private readonly bus: Bus,
    now?: () => number,
  ) {
    this.states = new FreshCache({ maxAgeMs: FRESH_FOR_MS, maxEntries: 20_000, now });
  }

  /** The state of a standing session. @throws DomainError `unauthenticated` for an ended one, `service_unavailable` when nobody can tell */
  async check(who: SignedIn, requestId: string): Promise<identityMessages.SessionState> {
    const state = await this.states.get(`${who.userId} ${who.sessionId}`, who.userId, () => this.ask(who, requestId));
    if (!state.active) throw new DomainError('unauthenticated', 'The session has ended.');
    return state;
  }

  /** Forgets what is known about a person's sessions. */
  forgetPerson(userId: string): void {
    this.states.forget({ owner: userId });
  }

  forgetAll(): void {
    this.states.clear();
  }

  private async ask(who: SignedIn, requestId: string): Promise<identityMessages.SessionState> {
    const context = { scope: 'self', orgId: null, actor: who.userId, role: 'none', requestId } as const;
    try {
      return await askAsPlatform(this.bus, CheckSession, { id: who.sessionId }, context, [
        'not_found',
        'unauthenticated',
      ]);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'not_found')
        throw new DomainError('unauthenticated', 'The session has ended.');
      throw error;
    }
  }
}
