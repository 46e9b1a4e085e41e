import { type ForeignKey, p, vaultTable } from '@apollo/tenancy/postgres';
import { constraint } from '../table.rules.js';

/**
 * The organization's plan, on the terms it was taken on; one row, whose id is the organization's. `changes` says that
 * another one, or none, comes with the next period: the organization's own wish, and nothing else. `payment_id` is the
 * money that came in last for it, null while it is on trust alone; where that has gone back, the plan ends with its
 * period whatever is wished.
 */
export const subscriptions = vaultTable({
  name: 'Subscription',
  schema: 'billing_stars',
  table: 'subscriptions',
  properties: {
    plan: p.text().nullable(),
    stars: p.bigint('number').default(0),
    cents: p.bigint('number').default(0),
    since: p.date().nullable(),
    changes: p.boolean().default(false),
    nextPlan: p.text().nullable(),
    nextStars: p.bigint('number').default(0),
    nextCents: p.bigint('number').default(0),
    paymentId: p.uuid().nullable(),
  },
});

export const planRules: readonly string[] = [
  constraint('subscriptions', 'subscriptions_one', 'check (id = org_id)'),
  constraint(
    'subscriptions',
    'subscriptions_terms',
    'check (stars >= 0 and cents >= 0 and (plan is null) = (stars = 0) and (since is null) = (plan is null))',
  ),
  constraint('subscriptions', 'subscriptions_paid', 'check (plan is not null or payment_id is null)'),
  constraint(
    'subscriptions',
    'subscriptions_next',
    'check (next_stars >= 0 and next_cents >= 0 and (next_plan is null) = (next_stars = 0) and (changes or next_plan is null))',
  ),
];

export const planForeignKeys: readonly ForeignKey[] = [
  {
    name: 'subscriptions_payment',
    table: 'subscriptions',
    columns: ['payment_id'],
    target: 'payments',
    targetColumns: ['id'],
  },
];
