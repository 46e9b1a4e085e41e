import { type ForeignKey, globalTable, p, vaultTable } from '@apollo/tenancy/postgres';
import { constraint } from '../table.rules.js';

/**
 * One payment that came in for an order: the provider's own (Stripe's payment intent) or a transfer an operator
 * confirmed. `amount` is what the payer's side was charged, in `amount_currency`, taxes included; `cents` is what that
 * is of our price, in `currency`. All of these are null while only a refund or a dispute of it is known.
 * `told_refunded` is the most that was ever told to have gone back; `refunded`, `disputed` and `lost` are what all that
 * is known of it comes to.
 */
export const charges = vaultTable({
  name: 'Charge',
  schema: 'billing_stars',
  table: 'charges',
  properties: {
    paymentId: p.uuid(),
    provider: p.text(),
    // The provider's name for it, or the reference of the operator who confirmed it.
    name: p.text(),
    cents: p.bigint('number').nullable(),
    currency: p.text().nullable(),
    amount: p.bigint('number').nullable(),
    amountCurrency: p.text().nullable(),
    paidAt: p.datetime(6).nullable(),
    toldRefunded: p.bigint('number').default(0),
    refunded: p.bigint('number').default(0),
    disputed: p.bigint('number').default(0),
    lost: p.bigint('number').default(0),
    notedAt: p.datetime(6),
  },
  uniques: [['paymentId', 'provider', 'name']],
});

/**
 * What claims a charge's money back: each refund and each dispute by its own name, as the latest that is known of it.
 */
export const claims = vaultTable({
  name: 'Claim',
  schema: 'billing_stars',
  table: 'claims',
  properties: {
    chargeId: p.uuid(),
    kind: p.enum(['refund', 'dispute']),
    name: p.text(),
    amount: p.bigint('number'),
    currency: p.text(),
    // Of a refund `given` or `failed`; of a dispute `asked` (no money has moved), `open`, `won` or `lost`.
    state: p.enum(['given', 'failed', 'asked', 'open', 'won', 'lost']),
    toldAt: p.datetime(3),
  },
  uniques: [['chargeId', 'kind', 'name']],
});

/** Money that came in and that no order needs, for operators; a row goes when the money has. */
export const overpayments = globalTable({
  name: 'Overpayment',
  schema: 'billing_stars',
  table: 'overpayments',
  reason: 'Operators give money back that was paid twice, in whichever organization that happened.',
  properties: {
    orgId: p.uuid().primary().name('org_id'),
    paymentId: p.uuid().primary().name('payment_id'),
    notedAt: p.datetime(6),
  },
});

export const chargeRules: readonly string[] = [
  constraint(
    'charges',
    'charges_amounts',
    'check (told_refunded >= 0 and refunded >= 0 and disputed >= 0 and lost >= 0 and cents >= 0 and amount > 0 and refunded + disputed + lost <= coalesce(amount, 0))',
  ),
  constraint(
    'charges',
    'charges_paid',
    'check (num_nulls(paid_at, cents, currency, amount, amount_currency) in (0, 5))',
  ),
  constraint('claims', 'claims_amount', 'check (amount > 0)'),
];

export const chargeForeignKeys: readonly ForeignKey[] = [
  { name: 'charges_payment', table: 'charges', columns: ['payment_id'], target: 'payments', targetColumns: ['id'] },
  { name: 'claims_charge', table: 'claims', columns: ['charge_id'], target: 'charges', targetColumns: ['id'] },
];
