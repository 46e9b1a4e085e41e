import { type ForeignKey, p, vaultTable } from '@apollo/tenancy/postgres';
import { constraint } from '../table.rules.js';

/**
 * A reservation and what became of it. It belongs to the period and day it was made in: those caps it counts against,
 * and that month's Stars it keeps. `answered_until` is the expiry its maker was told first, for the same answer again.
 */
export const holds = vaultTable({
  name: 'Hold',
  schema: 'billing_stars',
  table: 'holds',
  properties: {
    idempotencyKey: p.text(),
    requestHash: p.text(),
    state: p.enum(['open', 'settled', 'released', 'expired']),
    agentId: p.uuid(),
    personId: p.uuid().nullable(),
    runId: p.uuid(),
    actor: p.text(),
    priceVersion: p.integer(),
    period: p.date(),
    day: p.date(),
    stars: p.bigint('number'),
    fromMonthly: p.bigint('number'),
    fromPackage: p.bigint('number'),
    // Real cost, the parts of it that came from each compartment, and what there was no room for.
    settled: p.bigint('number').default(0),
    paidMonthly: p.bigint('number').default(0),
    paidPackage: p.bigint('number').default(0),
    overrun: p.bigint('number').default(0),
    createdAt: p.datetime(6),
    answeredUntil: p.datetime(6),
    expiresAt: p.datetime(6),
    endedAt: p.datetime(6).nullable(),
    /** Of one that was charged after its end: when that was. */
    givenBackAt: p.datetime(6).nullable(),
  },
  uniques: [['idempotencyKey']],
  indexes: [['createdAt']],
  rawIndexes: [
    {
      name: 'holds_open',
      expression: "create index holds_open on billing_stars.holds (org_id, expires_at) where state = 'open'",
    },
  ],
});

export const holdRules: readonly string[] = [
  constraint(
    'holds',
    'holds_split',
    'check (stars > 0 and from_monthly >= 0 and from_package >= 0 and from_monthly + from_package = stars)',
  ),
  constraint(
    'holds',
    'holds_settled',
    "check (settled >= 0 and overrun >= 0 and overrun <= settled and (settled > 0) = (state = 'settled') and (ended_at is null) = (state = 'open'))",
  ),
];

export const holdForeignKeys: readonly ForeignKey[] = [
  {
    name: 'holds_price',
    table: 'holds',
    columns: ['price_version'],
    target: 'price_versions',
    targetColumns: ['version'],
  },
];
