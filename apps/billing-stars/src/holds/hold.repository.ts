import { Outbox } from '@apollo/messaging';
import { type Statement, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { unlessBusy } from '../wallets/busy.wallet.js';

/** What a reservation is asked for. */
export interface NewHold {
  readonly key: string;
  /** Of the whole request: the same key with another one is refused. */
  readonly hash: string;
  readonly stars: number;
  readonly agent: string;
  readonly person: string | null;
  readonly run: string;
  readonly price: number;
  readonly ttl: number;
}

export type ReserveAnswer =
  | {
      readonly outcome: 'reserved';
      readonly hold_id: string;
      readonly from_monthly: number;
      readonly from_package: number;
      readonly expires_at: string;
    }
  | {
      readonly outcome: 'refused';
      readonly layer: RefusingLayer;
      readonly reason: string;
      readonly cap: number;
      readonly used: number;
    }
  | { readonly outcome: 'key_reused' }
  | { readonly outcome: 'price_changed'; readonly price_version: number };

export type RefusingLayer = 'wallet' | 'org_month' | 'agent_day' | 'user_agent_month';

/** `ended`: the hold's end does not allow what was asked. */
export type HoldAnswer =
  | {
      readonly outcome: 'settled' | 'released' | 'extended' | 'ended';
      readonly hold_id: string;
      readonly state: string;
      readonly stars: number;
      readonly settled: number;
      readonly from_monthly: number;
      readonly from_package: number;
      readonly overdrawn: number;
      readonly expires_at: string;
    }
  | { readonly outcome: 'not_found' };

interface Outcome<Answer> {
  readonly answer: Answer;
  /** Whether an event was written down on the way. */
  readonly told: boolean | null;
}

/** One call of a function; what is said beside it is looked up after it. */
const calling = (of: string): string =>
  `select ${of} as answer, current_setting('billing_stars.told', true) = 'on' as told`;

const reserve = statement<Outcome<ReserveAnswer>, NewHold>(
  'reserve',
  calling('billing_stars.reserve(:key, :hash, :stars, :agent, :person, :run, :price, :ttl, :actor)'),
);
const settle = statement<Outcome<HoldAnswer>, { hold: string; stars: number }>(
  'settle',
  calling('billing_stars.settle(:hold, :stars, :actor)'),
);
const release = statement<Outcome<HoldAnswer>, { hold: string }>(
  'release',
  calling('billing_stars.release(:hold, :actor)'),
);
const extend = statement<Outcome<HoldAnswer>, { hold: string; ttl: number }>(
  'extend',
  `${calling('billing_stars.extend(:hold, :ttl)')} where :org::uuid is not null`,
);

/** Reservations and their ends: each a single call in a single round trip, decided by the database. */
@Injectable()
export class HoldRepository {
  constructor(
    private readonly database: TenantDatabase,
    private readonly outbox: Outbox,
  ) {}

  reserve(hold: NewHold): Promise<ReserveAnswer> {
    return this.ask(reserve, hold);
  }

  settle(hold: string, stars: number): Promise<HoldAnswer> {
    return this.ask(settle, { hold, stars });
  }

  release(hold: string): Promise<HoldAnswer> {
    return this.ask(release, { hold });
  }

  extend(hold: string, ttl: number): Promise<HoldAnswer> {
    return this.ask(extend, { hold, ttl });
  }

  private async ask<Answer, Params extends object>(
    target: Statement<Outcome<Answer>, Params>,
    params: Params,
  ): Promise<Answer> {
    const [row] = await unlessBusy(this.database.query(target, params));
    if (row?.told) this.outbox.wake();
    return row?.answer as Answer;
  }
}
