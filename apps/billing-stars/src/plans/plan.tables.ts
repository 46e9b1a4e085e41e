import { p, vaultTable } from '@apollo/tenancy/postgres';
import { constraint } from '../table.rules.js';

/**
 * The organization's plan, on the terms it was taken on; one row, whose id is the organization's. `changes` says that
 * another one, or none, comes with the next period.
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
  },
});

export const planRules: readonly string[] = [
  constraint('subscriptions', 'subscriptions_one', 'check (id = org_id)'),
  constraint(
    'subscriptions',
    'subscriptions_terms',
    'check (stars >= 0 and cents >= 0 and (plan is null) = (stars = 0) and (since is null) = (plan is null))',
  ),
  constraint(
    'subscriptions',
    'subscriptions_next',
    'check (next_stars >= 0 and next_cents >= 0 and (next_plan is null) = (next_stars = 0) and (changes or next_plan is null))',
  ),
];
