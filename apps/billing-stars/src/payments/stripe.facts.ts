import type { Stripe } from 'stripe';
import type { ClaimFact, PaidFact, ProviderFact } from './payment.provider.js';

const idOf = (named: string | { id: string } | null): string | null =>
  typeof named === 'string' ? named : (named?.id ?? null);

/** What Stripe's message says of an order's money, or that it is about something else. */
export function factOf(event: Stripe.Event): ProviderFact {
  const other = { what: 'other', id: event.id } as const;
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
      return paidFact(event.id, event.data.object) ?? other;
    case 'charge.refunded': {
      const { payment_intent, amount_refunded } = event.data.object;
      const charge = idOf(payment_intent);
      return charge ? { what: 'refunded', id: event.id, charge, amount: amount_refunded } : other;
    }
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
      return refundFact(event.id, event.data.object, new Date(event.created * 1000)) ?? other;
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.closed':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated':
      return disputeFact(event.id, event.data.object, new Date(event.created * 1000)) ?? other;
    default:
      return other;
  }
}

/**
 * A session that was paid. Our price is the subtotal: tax that came on top is not of it. Where the payer chose a
 * currency of their own, older versions of the API tell the session in that one and our price in `currency_conversion`;
 * later ones tell the session in ours.
 */
function paidFact(id: string, session: Stripe.Checkout.Session): PaidFact | undefined {
  const { amount_total, currency, currency_conversion: conversion, total_details: totals } = session;
  if (session.payment_status !== 'paid' || !amount_total || !currency) return undefined;
  const subtotal = session.amount_subtotal ?? amount_total - (totals?.amount_tax ?? 0);
  const price = conversion?.amount_subtotal ?? subtotal;
  const discount = totals?.amount_discount ?? 0;
  return {
    what: 'paid',
    id,
    reference: session.id,
    charge: idOf(session.payment_intent) ?? session.id,
    cents: discount > 0 ? Math.floor((price * (subtotal - discount)) / subtotal) : price,
    currency: (conversion?.source_currency ?? currency).toUpperCase(),
    amount: amount_total,
    amountCurrency: currency.toUpperCase(),
  };
}

/** A refund counts from when it is made: until it fails, its money is gone. */
export function refundFact(id: string, refund: Stripe.Refund, at: Date): ClaimFact | undefined {
  const failed = refund.status === 'failed' || refund.status === 'canceled';
  return claimFact(id, 'refund', refund, failed ? 'failed' : 'given', at);
}

function disputeFact(id: string, dispute: Stripe.Dispute, at: Date): ClaimFact | undefined {
  return claimFact(id, 'dispute', dispute, DISPUTES[dispute.status] ?? 'open', at);
}

/**
 * An inquiry (`warning_…`) has moved no money, and ends without. An appeal follows a dispute that was lost: its money
 * is gone till it is won.
 */
const DISPUTES: Readonly<Record<string, ClaimFact['state']>> = {
  warning_needs_response: 'asked',
  warning_under_review: 'asked',
  warning_closed: 'won',
  prevented: 'won',
  won: 'won',
  lost: 'lost',
};

function claimFact(
  id: string,
  kind: ClaimFact['kind'],
  claim: Stripe.Refund | Stripe.Dispute,
  state: ClaimFact['state'],
  at: Date,
): ClaimFact | undefined {
  const charge = idOf(claim.payment_intent);
  if (!charge || claim.amount < 1) return undefined;
  const { amount, currency } = claim;
  return { what: 'claim', id, charge, kind, name: claim.id, amount, currency: currency.toUpperCase(), state, at };
}
