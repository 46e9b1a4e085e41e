import type { billingStarsMessages } from '@apollo/contracts';
import type { ChargeRow, PaymentRow } from './payment.repository.js';

/** A payment as people are shown it: a way to pay only while there is something to pay. */
export function paymentOf(row: PaymentRow): billingStarsMessages.Payment {
  const { id, kind, item, currency, state, provider, checkout_url, checkout_until, ordered_at, paid_at } = row;
  const isOpen = state === 'open';
  const cents = Number(row.cents);
  const [paid, refunded, disputed] = [row.paid_cents, row.refunded_cents, row.disputed_cents].map(Number) as [
    number,
    number,
    number,
  ];
  return {
    id,
    kind,
    item,
    stars: Number(row.stars),
    cents,
    currency,
    state,
    provider,
    paid_cents: paid,
    refunded_cents: refunded,
    disputed_cents: disputed,
    overpaid_cents: Math.max(0, paid - refunded - disputed - (paid_at ? cents : 0)),
    taken_back_stars: Number(row.refunded_stars),
    charges: row.charges.map(chargeOf),
    checkout_url: isOpen ? checkout_url : null,
    checkout_until: isOpen ? (checkout_until?.toISOString() ?? null) : null,
    ordered_at: ordered_at.toISOString(),
    paid_at: paid_at?.toISOString() ?? null,
  };
}

function chargeOf({ name, amount_currency, paid_at, ...row }: ChargeRow): billingStarsMessages.Charge {
  const { id, provider, cents, currency, amount, refunded, disputed, lost } = row;
  return {
    id,
    provider,
    reference: name,
    amount,
    amount_currency,
    cents,
    currency,
    refunded,
    disputed,
    lost,
    paid_at: paid_at && new Date(paid_at).toISOString(),
  };
}
