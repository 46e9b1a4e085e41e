import { call, deletion, platformStatement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import type { Counter } from './throttle.rules.js';

interface Row {
  id: string;
  failures: number;
  last_at: Date;
  blocked_until: Date | null;
  proved_at: Date | null;
}

/**
 * Counters nobody has touched for a day are forgotten, familiar ones after three months; one attempt in so many looks.
 */
const FORGET_SHARE = 0.01;

const table = 'identity.throttles';
const ensure = platformStatement<object, { ids: string[]; now: Date }>(
  'throttles ensure',
  `insert into ${table} (id, failures, last_at) select id, 0, :now from unnest(:ids::uuid[]) as wanted (id) order by id on conflict (realm, id) do nothing`,
);
// In the order of ids, so that two attempts never wait for each other in a circle.
const lock = platformStatement<Row, { ids: string[] }>(
  'throttles lock',
  `select id, failures, last_at, blocked_until, proved_at from ${table} where id = any(:ids::uuid[]) order by id for update`,
);
const keep = platformStatement<
  object,
  { ids: string[]; failures: number[]; last: Date[]; blocked: (Date | null)[]; proved: (Date | null)[] }
>(
  'throttles keep',
  `update ${table} t set failures = n.failures, last_at = n.last_at, blocked_until = n.blocked_until, proved_at = n.proved_at
   from unnest(:ids::uuid[], :failures::int[], :last::timestamptz[], :blocked::timestamptz[], :proved::timestamptz[]) as n (id, failures, last_at, blocked_until, proved_at)
   where t.id = n.id`,
);
const forget = platformStatement<object, { now: Date }>(
  'throttles forget',
  deletion(
    table,
    "last_at < :now::timestamptz - interval '1 day' and (proved_at is null or proved_at < :now::timestamptz - interval '90 days')",
  ),
);

/** Keeps counters of attempts; survives restarts and counts over all instances of the service. */
@Injectable()
export class ThrottleRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** The counters by id, made where missing and locked until the end of the transaction. */
  async locked(ids: readonly string[], now: Date): Promise<Map<string, Counter>> {
    const sorted = [...ids].sort();
    const [, rows] = await this.database.batch([call(ensure, { ids: sorted, now }), call(lock, { ids: sorted })]);
    return new Map(
      rows.map((row) => [
        row.id,
        { failures: row.failures, lastAt: row.last_at, blockedUntil: row.blocked_until, provedAt: row.proved_at },
      ]),
    );
  }

  /** Stores counters with the transaction's commit. */
  async keep(counters: ReadonlyMap<string, Counter>, now: Date): Promise<void> {
    const values = [...counters.values()];
    await this.database.transaction(async (transaction) => {
      transaction.defer(keep, {
        ids: [...counters.keys()],
        failures: values.map((counter) => counter.failures),
        last: values.map((counter) => counter.lastAt),
        blocked: values.map((counter) => counter.blockedUntil),
        proved: values.map((counter) => counter.provedAt),
      });
      if (Math.random() < FORGET_SHARE) transaction.defer(forget, { now });
    });
  }
}
