import type { billingStarsMessages } from '@apollo/contracts';
import type { PaymentRow } from './payment.repository.js';

/** A payment as people are shown it: a way to pay only while there is something to pay. */
export function paymentOf(row: PaymentRow): billingStarsMessages.Payment {
  const { stars, cents, refunded_cents, checkout_url, checkout_until, ordered_at, paid_at, ...rest } = row;
  const isOpen = row.state === 'open';
  return {
    ...rest,
    stars: Number(stars),
    cents: Number(cents),
    refunded_cents: Number(refunded_cents),
    checkout_url: isOpen ? checkout_url : null,
    checkout_until: isOpen ? (checkout_until?.toISOString() ?? null) : null,
    ordered_at: ordered_at.toISOString(),
    paid_at: paid_at?.toISOString() ?? null,
  };
}
