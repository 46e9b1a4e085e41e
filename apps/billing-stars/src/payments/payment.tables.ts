import { type ForeignKey, globalTable, p, vaultTable } from '@apollo/tenancy/postgres';
import { constraint } from '../table.rules.js';

export const PAYMENT_KINDS = ['pack', 'plan', 'renewal'] as const;

export const PAYMENT_STATES = ['open', 'paid', 'disputed', 'refunded', 'void'] as const;

/**
 * What the organization has to pay or has paid, in whole cents. `grant_source` names the Stars it is for: for a pack
 * and a plan they come when it is paid, for a renewal they came with the period. What was paid, went back and is in
 * dispute is the sum of its charges, each in parts of the price: `cents` of them that stay pay the order, what is
 * beyond is too much.
 */
export const payments = vaultTable({
  name: 'Payment',
  schema: 'billing_stars',
  table: 'payments',
  properties: {
    kind: p.enum(PAYMENT_KINDS),
    item: p.text(),
    stars: p.bigint('number'),
    cents: p.bigint('number'),
    currency: p.text(),
    // A month of the plan that a payment of kind `plan` begins.
    planStars: p.bigint('number').nullable(),
    planCents: p.bigint('number').nullable(),
    state: p.enum(PAYMENT_STATES),
    provider: p.text().nullable(),
    checkoutUrl: p.text().nullable(),
    checkoutUntil: p.datetime(3).nullable(),
    grantSource: p.text(),
    period: p.date(),
    orderedBy: p.text(),
    orderedAt: p.datetime(6),
    paidBy: p.text().nullable(),
    paidAt: p.datetime(6).nullable(),
    paidCents: p.bigint('number').default(0),
    refundedCents: p.bigint('number').default(0),
    disputedCents: p.bigint('number').default(0),
    // Stars that are taken back at present, and what they were taken from; the rest of them was owed.
    refundedStars: p.bigint('number').default(0),
    takenMonthly: p.bigint('number').default(0),
    takenPackage: p.bigint('number').default(0),
  },
  uniques: [['grantSource']],
});

/** What a provider or an operator has told of a payment, by its own name for telling it: the same again is known. */
export const paymentEvents = vaultTable({
  name: 'PaymentEvent',
  schema: 'billing_stars',
  table: 'payment_events',
  properties: {
    eventId: p.text(),
    paymentId: p.uuid(),
    what: p.enum(['paid', 'refunded', 'refund', 'dispute']),
    at: p.datetime(6),
  },
  uniques: [['eventId']],
});

/**
 * Whose payment a reference is: our own id, the provider's checkout session, the provider's payment. Of several
 * organizations that note the same one it is the first's, and none of them is told of another.
 */
export const paymentReferences = globalTable({
  name: 'PaymentReference',
  schema: 'billing_stars',
  table: 'payment_references',
  reason:
    'A provider and an operator name a payment before anybody knows whose it is; what they say of an organization is not believed.',
  properties: {
    reference: p.text().primary(),
    orgId: p.uuid().primary().name('org_id'),
    paymentId: p.uuid().name('payment_id'),
    notedAt: p.datetime(6),
  },
  // A key holds the whole of it.
  octets: { reference: 2_000 },
});

export const paymentRules: readonly string[] = [
  constraint(
    'payments',
    'payments_amounts',
    'check (stars > 0 and cents > 0 and paid_cents >= 0 and refunded_cents >= 0 and disputed_cents >= 0 and refunded_cents + disputed_cents <= paid_cents)',
  ),
  constraint(
    'payments',
    'payments_taken',
    'check (refunded_stars between 0 and stars and taken_monthly >= 0 and taken_package >= 0 and taken_monthly + taken_package <= refunded_stars)',
  ),
  constraint(
    'payments',
    'payments_plan',
    "check ((kind = 'plan') = (plan_stars is not null) and (plan_stars is null) = (plan_cents is null))",
  ),
  constraint(
    'payments',
    'payments_paid',
    "check ((state in ('paid', 'disputed', 'refunded')) = (paid_at is not null) and (paid_at is null) = (paid_by is null))",
  ),
];

export const paymentForeignKeys: readonly ForeignKey[] = [
  {
    name: 'payment_events_payment',
    table: 'payment_events',
    columns: ['payment_id'],
    target: 'payments',
    targetColumns: ['id'],
  },
];
