import { statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';

/** The price list that holds for the organization; `next_period` is the first day of the period after this one. */
export interface PriceListRow {
  readonly version: number;
  readonly starts_on: string;
  readonly next_period: string;
  readonly stars: Record<string, number>;
}

const current = statement<PriceListRow>(
  'current prices',
  `
  select v.version, v.starts_on::text as starts_on, (w.period + interval '1 month')::date::text as next_period,
    (select jsonb_object_agg(p.action, p.stars) from billing_stars.prices p where p.org_id = :org and p.version = v.version) as stars
  from billing_stars.wallets w join billing_stars.price_versions v on v.org_id = :org and v.version = w.price_version
  where w.org_id = :org and w.id = :org`,
);

@Injectable()
export class PriceRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Undefined while no wallet is open. */
  async current(): Promise<PriceListRow | undefined> {
    return (await this.database.query(current, {}))[0];
  }
}
