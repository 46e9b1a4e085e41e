import { Injectable } from '@nestjs/common';
import { SessionElevation } from '../sessions/session.elevation.js';
import { SessionEnding } from '../sessions/session.ending.js';

/** What a confirmed second factor does to the sessions of its person. Person, inside a transaction. */
@Injectable()
export class FactorSessionService {
  constructor(
    private readonly elevation: SessionElevation,
    private readonly ending: SessionEnding,
  ) {}

  /**
   * The session that confirmed it counts as one with a second factor. One that takes another's place ends all others:
   * who began them may have nothing but the factor that was replaced.
   *
   * @param sessionId which confirmed it; undefined where the gateway of the release before did not say
   */
  async follow(sessionId: string | undefined, replaces: boolean): Promise<void> {
    if (replaces && sessionId === undefined) await this.ending.endAll('second_factor_replaced');
    if (replaces && sessionId !== undefined) await this.ending.endOthers(sessionId, 'second_factor_replaced');
    if (sessionId !== undefined) await this.elevation.raise(sessionId);
  }
}
