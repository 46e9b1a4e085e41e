const MINUTE_MS = 60_000;

/** Access tokens: 10 minutes. */
export const ACCESS_TOKEN_LIFETIME_MS = 10 * MINUTE_MS;
/** Refresh tokens, and with them an unused session: 30 days. */
export const REFRESH_TOKEN_LIFETIME_MS = 30 * 24 * 60 * MINUTE_MS;
/** Sessions a person may have at once; one more ends the one unused for longest. */
export const MOST_SESSIONS = 100;

/** What is known of a refresh token when somebody presents it. */
export interface PresentedToken {
  /** The token had been used when the request arrived. */
  readonly usedOnArrival: boolean;
  /** As read under the session's lock, after whoever was first has finished. */
  readonly usedAt: Date | null;
  readonly expiresAt: Date;
  readonly sessionEnded: boolean;
}

/**
 * What a refresh comes to. Of two requests with one token that are under way at the same moment (two tabs, a retry)
 * the first rotates and the other is only turned away: `overtaken`. A token that was used before the request arrived
 * is in two hands: `reused`, and the whole family goes.
 */
export type RefreshVerdict = 'rotate' | 'overtaken' | 'reused' | 'refused';

export function judgeRefresh(token: PresentedToken | undefined, arrivedAt: Date, now: Date): RefreshVerdict {
  if (!token || token.sessionEnded || token.expiresAt <= now) return 'refused';
  if (token.usedAt === null) return 'rotate';
  return !token.usedOnArrival || arrivedAt < token.usedAt ? 'overtaken' : 'reused';
}
