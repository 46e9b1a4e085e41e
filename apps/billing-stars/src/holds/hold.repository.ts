import { Outbox } from '@apollo/messaging';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { unlessBusy } from '../wallets/busy.wallet.js';
import { type CallOutcome, callsOf } from './hold.calls.js';
import type { HoldAnswer, HoldCommand, HoldDecisions, NewHold, ReserveAnswer } from './hold.commands.js';

/** Reservations and their ends, decided by the database. */
@Injectable()
export class HoldRepository implements HoldDecisions {
  constructor(
    private readonly database: TenantDatabase,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Decides all of `commands` under the acting organization and actor, in one round trip and one commit: all or none.
   * Settlements go first, then releases, extensions and reservations, each kind in the order given.
   *
   * @param commands at most `MAX_BATCH` of a kind
   * @returns an answer for each, in their order
   * @throws DomainError `service_unavailable`; pg errors of any of them, after which none has had an effect
   */
  async decide(commands: readonly HoldCommand[]): Promise<(ReserveAnswer | HoldAnswer)[]> {
    const calls = callsOf(commands);
    const outcomes = (await unlessBusy(this.database.batch(calls.map(({ call }) => call)))).map(
      ([outcome]) => outcome as CallOutcome,
    );
    if (outcomes.some(({ told }) => told)) this.outbox.wake();
    const answers: unknown[] = [];
    calls.forEach(({ places }, n) => {
      const answer = outcomes[n]?.answer;
      places.forEach((place, at) => (answers[place] = places.length === 1 ? answer : (answer as unknown[])[at]));
    });
    return answers as (ReserveAnswer | HoldAnswer)[];
  }

  reserve(hold: NewHold): Promise<ReserveAnswer> {
    return this.ask({ kind: 'reserve', ...hold });
  }

  settle(hold: string, stars: number): Promise<HoldAnswer> {
    return this.ask({ kind: 'settle', hold, stars });
  }

  release(hold: string): Promise<HoldAnswer> {
    return this.ask({ kind: 'release', hold });
  }

  extend(hold: string, ttl: number): Promise<HoldAnswer> {
    return this.ask({ kind: 'extend', hold, ttl });
  }

  private async ask<Answer extends ReserveAnswer | HoldAnswer>(command: HoldCommand): Promise<Answer> {
    const [answer] = await this.decide([command]);
    return answer as Answer;
  }
}
