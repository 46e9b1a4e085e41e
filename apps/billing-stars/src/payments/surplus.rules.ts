import type { PaymentRow } from './payment.repository.js';

/** What of an order's charges counts when money is to go back: sums in whole cents of the currencies named. */
export interface ChargeBalance {
  readonly id: string;
  readonly cents: number | null;
  readonly currency: string | null;
  readonly amount: number | null;
  readonly refunded: number;
  readonly disputed: number;
  readonly lost: number;
}

/** Money of one charge that no order needs, in the currency it was charged in. */
export interface Surplus {
  readonly charge: string;
  readonly amount: number;
}

/**
 * What is to be given back of an order's charges: what was charged in another currency than its price as a whole, and
 * of the rest what stays beyond the price, from the newest charge on. Of an order that is not paid that is all there
 * is. What is in dispute is not given back: its outcome may take it.
 *
 * @param charges oldest first
 */
export function surplusOf(
  order: { readonly cents: number; readonly currency: string; readonly isPaid: boolean },
  charges: readonly ChargeBalance[],
): Surplus[] {
  const made = charges.filter((charge) => charge.amount !== null);
  const ours = made.filter(({ currency }) => currency === order.currency);
  const kept = ours.reduce((sum, charge) => sum + keptCents(charge), 0);
  let beyond = kept - (order.isPaid ? order.cents : 0);
  const found: Surplus[] = [];
  for (const charge of [...made].reverse()) {
    const left = keptAmount(charge);
    if (charge.disputed > 0 || left === 0) continue;
    const isOurs = charge.currency === order.currency;
    const cents = keptCents(charge);
    const part = isOurs ? Math.min(beyond, cents) : cents;
    if (isOurs) beyond -= Math.max(part, 0);
    const amount = part === cents ? left : share(left, Math.max(part, 0), cents);
    if (amount > 0) found.push({ charge: charge.id, amount });
  }
  return found;
}

/** As `surplusOf`, of an order as it is kept. */
export const surplusOfPayment = ({ cents, currency, paid_at, charges }: PaymentRow): Surplus[] =>
  surplusOf({ cents: Number(cents), currency, isPaid: paid_at !== null }, charges);

const keptAmount = ({ amount, refunded, disputed, lost }: ChargeBalance): number =>
  (amount ?? 0) - refunded - disputed - lost;

/** Of the price, as the database counts it: what has gone is rounded down. */
const keptCents = (charge: ChargeBalance): number =>
  (charge.cents ?? 0) - share(charge.cents ?? 0, (charge.amount ?? 0) - keptAmount(charge), charge.amount ?? 1);

/** `part` of `whole` of a sum, rounded down; exact, whatever the sums. */
const share = (sum: number, part: number, whole: number): number =>
  Number((BigInt(sum) * BigInt(part)) / BigInt(whole));
