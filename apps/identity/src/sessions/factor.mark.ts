import { Injectable } from '@nestjs/common';
import { SecretBox } from '../secrets/secret.box.js';

/**
 * How a session's row says that a second factor was given: by a mark that only this process can make, for this session of
 * this person. A statement that somebody smuggled in can write any row of its person, and no such mark.
 */
@Injectable()
export class FactorMark {
  constructor(private readonly box: SecretBox) {}

  /** The mark of a session, null for one without a second factor. */
  of(userId: string, sessionId: string, given: boolean): string | null {
    return given ? this.box.fingerprint(`second factor|${userId}|${sessionId}`) : null;
  }

  /** Whether a session's row bears its mark. */
  isOn(userId: string, sessionId: string, mark: string | null): boolean {
    return mark !== null && mark === this.of(userId, sessionId, true);
  }
}
