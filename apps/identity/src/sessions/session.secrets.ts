import type { identityMessages } from '@apollo/contracts';
import { Injectable } from '@nestjs/common';
import { newPersonToken, type NewToken, nextPersonToken } from '../secrets/link.token.js';
import { SecretBox } from '../secrets/secret.box.js';

/**
 * What of a session only this process can make: its refresh tokens, and the mark by which its row says that a second
 * factor was given. A statement that somebody smuggled in can write any row of its person, and no such mark.
 */
@Injectable()
export class SessionSecrets {
  constructor(private readonly box: SecretBox) {}

  /** The refresh token that a session begins with. */
  firstToken(userId: string, sessionId: string): NewToken {
    return newPersonToken(userId, sessionId, this.box);
  }

  /** The token that follows one of a session: the same one each time. */
  nextToken(userId: string, sessionId: string, token: string): NewToken {
    return nextPersonToken(userId, sessionId, token, this.box);
  }

  /**
   * Who presents a token, as a row may say it. With the token: as what used this one, no row can name what used
   * another.
   */
  clientOf({ refresh_token, address, user_agent }: identityMessages.RefreshRequest): string {
    return this.box.fingerprint(JSON.stringify([refresh_token, address, user_agent ?? null]));
  }

  /** The mark of a session, null for one without a second factor. */
  factorMark(userId: string, sessionId: string, given: boolean): string | null {
    return given ? this.box.fingerprint(`second factor|${userId}|${sessionId}`) : null;
  }

  /** Whether a session's row bears its mark. */
  isMarked(userId: string, sessionId: string, mark: string | null): boolean {
    return mark !== null && mark === this.factorMark(userId, sessionId, true);
  }
}
