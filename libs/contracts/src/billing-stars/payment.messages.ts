import { Choice, Flag, Instant, Int, Nested, NestedList, Nullable, Optional, Text, Uuid } from '../message/fields.js';
import { MAX_STARS } from './stars.limits.js';

const amount = { min: 1, max: MAX_STARS };

export const PLAN_NAMES = ['starter', 'team', 'scale'] as const;
export const PACK_NAMES = ['pack-1000', 'pack-5000', 'pack-20000'] as const;

/** Cents of a currency. */
const money = { min: 0, max: 1_000_000_000 };
const plan = ['none', ...PLAN_NAMES] as const;

export class Offer {
  @Text({ max: 40 }) name!: string;
  @Int(amount) stars!: number;
  /** Price in cents, taxes not included. */
  @Int(money) cents!: number;
  @Text({ max: 3 }) currency!: string;
}

/** Whole units of the smallest coin of any currency. */
const anyMoney = { min: 0, max: 9_007_199_254_740_991 };

/** One payment that came in for an order. All sums but `cents` are in the smallest coin of `amount_currency`. */
export class Charge {
  @Uuid() id!: string;
  @Text({ max: 20 }) provider!: string;
  /** The provider's name for it, or the operator's for a transfer. */
  @Text({ max: 255 }) reference!: string;
  /** What was charged, taxes included; null while only a refund or a dispute of it is known. */
  @Nullable() @Int(anyMoney) amount!: number | null;
  @Nullable() @Text({ max: 3 }) amount_currency!: string | null;
  /** What that is of the order's price; it counts only in the order's currency. */
  @Nullable() @Int(anyMoney) cents!: number | null;
  @Nullable() @Text({ max: 3 }) currency!: string | null;
  @Int(anyMoney) refunded!: number;
  /** In a dispute that is open: gone until it is won. */
  @Int(anyMoney) disputed!: number;
  /** Gone by a dispute that was lost. */
  @Int(anyMoney) lost!: number;
  @Nullable() @Instant() paid_at!: string | null;
}

/**
 * Something to be paid, or that was. What was paid, went back and is in dispute is the sum of its charges, in its own
 * currency.
 */
export class Payment {
  @Uuid() id!: string;
  /** A renewal bills a month of the plan whose Stars have come with the month. */
  @Choice(['pack', 'plan', 'renewal']) kind!: 'pack' | 'plan' | 'renewal';
  /** The pack or the plan. */
  @Text({ max: 40 }) item!: string;
  @Int(amount) stars!: number;
  @Int(money) cents!: number;
  @Text({ max: 3 }) currency!: string;
  /**
   * `paid` once its price has come in. `disputed`: what would be missing of it is in dispute. `refunded`: all of it
   * went back, or was lost in a dispute. `void`: replaced by a later order, taken back, or at
   * a price that is none any more; it is honored all the same if it is paid.
   */
  @Choice(['open', 'paid', 'disputed', 'refunded', 'void']) state!: 'open' | 'paid' | 'disputed' | 'refunded' | 'void';
  @Optional() @Int(anyMoney) paid_cents?: number;
  /** Went back, or was lost in a dispute. */
  @Int(anyMoney) refunded_cents!: number;
  @Optional() @Int(anyMoney) disputed_cents?: number;
  /** What stays beyond the price, all of it while the order is not paid: it is given back by an operator. */
  @Optional() @Int(anyMoney) overpaid_cents?: number;
  /** Stars that are taken back, for what went back or is in dispute. */
  @Optional() @Int({ min: 0, max: MAX_STARS }) taken_back_stars?: number;
  /** Oldest first, fifty at most. */
  @Optional() @NestedList(() => Charge, { max: 50 }) charges?: Charge[];
  /** Null while nobody has chosen how to pay. */
  @Nullable() @Text({ max: 20 }) provider!: string | null;
  /** Where to pay; null where an operator confirms the payment. */
  @Nullable() @Text({ max: 4_000 }) checkout_url!: string | null;
  @Nullable() @Instant() checkout_until!: string | null;
  @Instant() ordered_at!: string;
  @Nullable() @Instant() paid_at!: string | null;
}

export class PaymentList {
  @NestedList(() => Payment, { max: 200 }) items!: Payment[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class Plan {
  @Choice(plan) plan!: (typeof plan)[number];
  /** Stars and cents of a month. */
  @Int({ min: 0, max: MAX_STARS }) stars!: number;
  @Int(money) cents!: number;
  @Text({ max: 3 }) currency!: string;
  /** First day of the next period in the organization's time zone, on which a plan renews or changes. */
  @Text({ max: 10 }) next_period!: string;
  /** What comes then; null when nothing changes. `none` where the plan's payment has gone back, whatever was wished. */
  @Nullable() @Choice(plan) changes_to!: (typeof plan)[number] | null;
  /** What is to be paid for the plan: an upgrade that then comes at once, or months that have begun. */
  @NestedList(() => Payment, { max: 10 }) open_payments!: Payment[];
  @NestedList(() => Offer, { max: 10 }) offers!: Offer[];
}

export class ChangePlanRequest {
  /** More Stars a month come when the rest of the running month is paid; fewer, or `none`, with the next period. */
  @Choice(plan) plan!: (typeof plan)[number];
}

export class Packs {
  @NestedList(() => Offer, { max: 10 }) items!: Offer[];
}

export class BuyPackRequest {
  @Choice(PACK_NAMES) pack!: (typeof PACK_NAMES)[number];
}

export class PaymentRequest {
  @Uuid() id!: string;
}

class TransferRequest {
  @Uuid() id!: string;
  /** What the operator knows the transfer by; the same one again changes nothing. */
  @Text({ min: 3, max: 100 }) reference!: string;
}

export class ConfirmPaymentRequest extends TransferRequest {
  /** That it is one more transfer for an order that was paid already, and not the same one under another reference. */
  @Optional() @Flag() additional?: boolean;
}

export class RefundPaymentRequest extends TransferRequest {
  /**
   * What has gone back by now, all refunds of the charge together, in the smallest coin of the currency it was made in.
   */
  @Int({ ...money, min: 1 }) cents!: number;
  /** Needed where several charges were made for the order. */
  @Optional() @Uuid() charge?: string;
}

/** An order for which more money stays than its price, and whose it is. */
export class Overpayment {
  @Uuid() org_id!: string;
  @Nested(() => Payment) payment!: Payment;
}

export class Overpayments {
  /** A hundred at most, oldest first. */
  @NestedList(() => Overpayment, { max: 100 }) items!: Overpayment[];
}

/** Money of one charge that goes back. */
export class GivenBack {
  @Uuid() charge!: string;
  @Text({ max: 20 }) provider!: string;
  @Int({ ...anyMoney, min: 1 }) amount!: number;
  @Text({ max: 3 }) currency!: string;
  /**
   * False where it came in by hand: it is to be transferred back, and that is then told by the refund of its charge.
   */
  @Flag() done!: boolean;
}

export class GivenBackList {
  /** Empty where nothing is to go back. */
  @NestedList(() => GivenBack, { max: 50 }) items!: GivenBack[];
}

/** A provider's message as it came in: what it says is believed only by its signature. */
export class ProviderMessage {
  /** The body, byte for byte, in base64. */
  @Text({ max: 700_000, pattern: /^[A-Za-z0-9+/]+={0,2}$/ }) body!: string;
  @Text({ max: 2_000 }) signature!: string;
}

export class ProviderAnswer {
  /** `known`: told before, or nothing new. `ignored`: about nothing that was ordered here. */
  @Choice(['done', 'known', 'ignored']) outcome!: 'done' | 'known' | 'ignored';
}
