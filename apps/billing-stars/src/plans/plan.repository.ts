import { functionCall, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { unlessBusy } from '../wallets/busy.wallet.js';
import type { PlanName } from './offer.table.js';

/**
 * The plan that holds, and what was wished for the next period. Dates are `yyyy-mm-dd` where the organization is.
 * `went_back`: what was paid for it has gone back as a whole, so that it ends with its period whatever was wished.
 */
export interface PlanRow {
  readonly plan: PlanName | null;
  readonly stars: string;
  readonly cents: string;
  readonly changes: boolean;
  readonly next_plan: PlanName | null;
  readonly went_back: boolean;
  readonly day: string;
  readonly period: string;
  readonly next_period: string;
}

const find = statement<PlanRow>(
  'find plan',
  `
  select s.plan, coalesce(s.stars, 0) as stars, coalesce(s.cents, 0) as cents, coalesce(s.changes, false) as changes, s.next_plan,
    coalesce(b.state = 'refunded', false) as went_back, n.day::text as day, date_trunc('month', n.day::timestamp)::date::text as period, (date_trunc('month', n.day::timestamp) + interval '1 month')::date::text as next_period
  from billing_stars.wallets w
  cross join lateral (select greatest(w.day, (billing_stars.clock() at time zone w.time_zone)::date) as day) n
  left join billing_stars.subscriptions s on s.org_id = :org and s.id = :org
  left join billing_stars.payments b on b.org_id = :org and b.id = s.payment_id
  where w.org_id = :org and w.id = :org`,
);
const schedule = functionCall<{ outcome: string }, { expected: PlanName | null; becomes: PlanName | null }>(
  'schedule plan',
  'select billing_stars.schedule_plan(:expected, :becomes) as outcome',
);

@Injectable()
export class PlanRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Undefined while no wallet is open. */
  async find(): Promise<PlanRow | undefined> {
    return (await this.database.query(find, {}))[0];
  }

  /**
   * @param becomes null for none; the plan that holds takes an earlier wish back
   * @returns `changed` also where the money of the plan has gone back meanwhile and it is to be kept or another to come
   */
  async schedule(expected: PlanName | null, becomes: PlanName | null): Promise<'scheduled' | 'changed' | 'no_wallet'> {
    const [row] = await unlessBusy(this.database.query(schedule, { expected, becomes }));
    return row?.outcome as 'scheduled' | 'changed' | 'no_wallet';
  }
}
