import { statement, TenantDatabase } from '@apollo/tenancy/postgres';
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
  | { readonly outcome: 'reserved'; readonly hold_id: string; readonly from_monthly: number; readonly from_package: number; readonly expires_at: string }
  | { readonly outcome: 'refused'; readonly layer: RefusingLayer; readonly reason: string; readonly cap: number; readonly used: number }
  | { readonly outcome: 'key_reused' }
  | { readonly outcome: 'price_changed'; readonly price_version: number };

export type RefusingLayer = 'wallet' | 'org_month' | 'agent_day' | 'user_agent_month';

/** `ended`: the hold's end does not allow what was asked. */
export type HoldAnswer =
  | {
    readonly outcome: 'settled' | 'released' | 'extended' | 'ended'; readonly hold_id: string; readonly state: string; readonly stars: number; readonly settled: number;
    readonly from_monthly: number; readonly from_package: number; readonly overdrawn: number; readonly expires_at: string;
  }
  | { readonly outcome: 'not_found' };

const reserve = statement<{ answer: ReserveAnswer }, NewHold>('reserve',
  'select billing_stars.reserve(:key, :hash, :stars, :agent, :person, :run, :price, :ttl, :actor) as answer');
const settle = statement<{ answer: HoldAnswer }, { hold: string; stars: number }>('settle', 'select billing_stars.settle(:hold, :stars, :actor) as answer');
const release = statement<{ answer: HoldAnswer }, { hold: string }>('release', 'select billing_stars.release(:hold, :actor) as answer');
const extend = statement<{ answer: HoldAnswer }, { hold: string; ttl: number }>('extend', 'select billing_stars.extend(:hold, :ttl) as answer where :org::uuid is not null');

/** Reservations and their ends: each a single call in a single round trip, decided by the database. */
@Injectable()
export class HoldRepository {
  constructor(private readonly database: TenantDatabase) {}

  async reserve(hold: NewHold): Promise<ReserveAnswer> {
    const [row] = await unlessBusy(this.database.query(reserve, hold));
    return row?.answer as ReserveAnswer;
  }

  async settle(hold: string, stars: number): Promise<HoldAnswer> {
    const [row] = await unlessBusy(this.database.query(settle, { hold, stars }));
    return row?.answer as HoldAnswer;
  }

  async release(hold: string): Promise<HoldAnswer> {
    const [row] = await unlessBusy(this.database.query(release, { hold }));
    return row?.answer as HoldAnswer;
  }

  async extend(hold: string, ttl: number): Promise<HoldAnswer> {
    const [row] = await unlessBusy(this.database.query(extend, { hold, ttl }));
    return row?.answer as HoldAnswer;
  }
}
