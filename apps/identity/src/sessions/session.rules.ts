const MINUTE_MS = 60_000;

/** Access tokens: 10 minutes. */
export const ACCESS_TOKEN_LIFETIME_MS = 10 * MINUTE_MS;
/** Refresh tokens, and with them an unused session: 30 days. */
export const REFRESH_TOKEN_LIFETIME_MS = 30 * 24 * 60 * MINUTE_MS;
/** Sessions a person may have at once; one more ends the one unused for longest. */
export const MOST_SESSIONS = 100;

/** A used token is honoured again for so long: of two tabs, or after a lost answer, nobody is signed out. */
export const REFRESH_GRACE_MS = 30_000;

/** What is known of a refresh token when somebody presents it. */
export interface PresentedToken {
  /** The token had been used when the request arrived. */
  readonly usedOnArrival: boolean;
  /** As read under the session's lock, after whoever was first has finished. */
  readonly usedAt: Date | null;
  /** The client that used it. */
  readonly usedBy: string | null;
  /** Of the session. */
  readonly expiresAt: Date;
  /**
   * Rows of the person's say that nobody goes on by it. Whether it was used, and what that ends, does not depend on
   * them.
   */
  readonly sessionEnded: boolean;
}

/**
 * When a token was used, by its row and by the directory, which nobody's statement writes: what is not its session's
 * current token was used at the session's last rotation at the latest, whatever the row says.
 */
export function trulyUsed(usedAt: Date | null, current: boolean, rotatedAt: Date): Date | null {
  if (current) return usedAt;
  return usedAt === null || usedAt > rotatedAt ? rotatedAt : usedAt;
}

/**
 * What a refresh comes to. The first request with a token rotates. The same client is given the same next token again
 * for a short grace: `repeated`. Another client's request that was under way at the same moment is only turned away:
 * `overtaken`. In all other cases a used token is in two hands: `reused`, and the whole family goes.
 */
export type RefreshVerdict = 'rotate' | 'repeated' | 'overtaken' | 'reused' | 'refused';

/** @param client who presents the token, as `usedBy` says who used it */
export function judgeRefresh(
  token: PresentedToken | undefined,
  client: string,
  arrivedAt: Date,
  now: Date,
): RefreshVerdict {
  if (!token || token.expiresAt <= now) return 'refused';
  if (token.usedAt === null) return token.sessionEnded ? 'refused' : 'rotate';
  if (token.usedBy === client && now.getTime() - token.usedAt.getTime() <= REFRESH_GRACE_MS)
    return token.sessionEnded ? 'refused' : 'repeated';
  return !token.usedOnArrival || arrivedAt < token.usedAt ? 'overtaken' : 'reused';
}
