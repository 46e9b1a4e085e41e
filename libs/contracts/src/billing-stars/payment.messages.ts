import { Choice, Instant, Int, NestedList, Nullable, Text, Uuid } from '../message/fields.js';
import { MAX_STARS } from './stars.limits.js';

const amount = { min: 1, max: MAX_STARS };

export const PLAN_NAMES = ['starter', 'team', 'scale'] as const;
export const PACK_NAMES = ['pack-1000', 'pack-5000', 'pack-20000'] as const;

/** Cents of a currency. */
const money = { min: 0, max: 1_000_000_000 };
const plan = ['none', ...PLAN_NAMES];

export class Offer {
  @Text({ max: 40 }) name!: string;
  @Int(amount) stars!: number;
  /** Price in cents, taxes not included. */
  @Int(money) cents!: number;
  @Text({ max: 3 }) currency!: string;
}

/** Something to be paid, or that was. */
export class Payment {
  @Uuid() id!: string;
  /** A renewal bills a month of the plan whose Stars have come with the month. */
  @Choice(['pack', 'plan', 'renewal']) kind!: string;
  /** The pack or the plan. */
  @Text({ max: 40 }) item!: string;
  @Int(amount) stars!: number;
  @Int(money) cents!: number;
  @Text({ max: 3 }) currency!: string;
  /** `void`: replaced by a later order; it is honored all the same if it is paid. */
  @Choice(['open', 'paid', 'refunded', 'void']) state!: string;
  @Int(money) refunded_cents!: number;
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
  @Choice(plan) plan!: string;
  /** Stars and cents of a month. */
  @Int({ min: 0, max: MAX_STARS }) stars!: number;
  @Int(money) cents!: number;
  @Text({ max: 3 }) currency!: string;
  /** First day of the next period in the organization's time zone, on which a plan renews or changes. */
  @Text({ max: 10 }) next_period!: string;
  /** What comes then; null when nothing changes. */
  @Nullable() @Choice(plan) changes_to!: string | null;
  /** What is to be paid for the plan: an upgrade that then comes at once, or months that have begun. */
  @NestedList(() => Payment, { max: 10 }) open_payments!: Payment[];
  @NestedList(() => Offer, { max: 10 }) offers!: Offer[];
}

export class ChangePlanRequest {
  /** More Stars a month come when the rest of the running month is paid; fewer, or `none`, with the next period. */
  @Choice(plan) plan!: string;
}

export class Packs {
  @NestedList(() => Offer, { max: 10 }) items!: Offer[];
}

export class BuyPackRequest {
  @Choice(PACK_NAMES) pack!: string;
}

export class PaymentRequest {
  @Uuid() id!: string;
}

export class ConfirmPaymentRequest {
  @Uuid() id!: string;
  /** What the operator knows the transfer by; the same one again changes nothing. */
  @Text({ min: 3, max: 100 }) reference!: string;
}

export class RefundPaymentRequest extends ConfirmPaymentRequest {
  /** What has gone back by now, all refunds of the payment together. */
  @Int({ ...money, min: 1 }) cents!: number;
}

/** A provider's message as it came in: what it says is believed only by its signature. */
export class ProviderMessage {
  /** The body, byte for byte, in base64. */
  @Text({ max: 700_000, pattern: /^[A-Za-z0-9+/]+={0,2}$/ }) body!: string;
  @Text({ max: 2_000 }) signature!: string;
}

export class ProviderAnswer {
  /** `ignored`: about nothing that was ordered here. */
  @Choice(['done', 'known', 'ignored']) outcome!: string;
}
