import { lookup, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import type { PlanName } from '../plans/offer.table.js';
import { unlessBusy } from '../wallets/busy.wallet.js';
import { PlatformDoor } from '../wallets/platform.door.js';

/** A payment as it is kept; sums are bigint texts. */
export interface PaymentRow {
  readonly id: string;
  readonly kind: 'pack' | 'plan' | 'renewal';
  readonly item: string;
  readonly stars: string;
  readonly cents: string;
  readonly currency: string;
  readonly state: 'open' | 'paid' | 'refunded' | 'void';
  readonly refunded_cents: string;
  readonly provider: string | null;
  readonly checkout_url: string | null;
  readonly checkout_until: Date | null;
  readonly ordered_at: Date;
  readonly paid_at: Date | null;
}

/** How an order can be paid. */
export interface OfferedCheckout {
  readonly id: string;
  readonly provider: string;
  readonly reference: string | null;
  readonly url: string | null;
  readonly until: Date | null;
}

/** What is ordered. Of a plan: the plan and period its price was made for. */
export interface NewOrder extends OfferedCheckout {
  readonly kind: 'pack' | 'plan';
  readonly item: string;
  readonly stars: number;
  readonly cents: number;
  readonly expected_plan: PlanName | null;
  readonly expected_period: string | null;
}

/** Money that has come. */
export interface Received {
  readonly id: string;
  /** Whatever tells of it; the same one again changes nothing. */
  readonly event: string;
  readonly cents: number;
  readonly currency: string;
  readonly provider: string;
  /** The provider's name for the payment, by which it tells of refunds. */
  readonly reference: string | null;
}

export type ReceivedAnswer =
  | {
      readonly outcome: 'paid';
      readonly kind: string;
      readonly item: string;
      readonly stars: number;
      readonly cents: number;
    }
  | { readonly outcome: 'known' | 'another_amount' | 'not_found' };

export type ReturnedAnswer =
  | { readonly outcome: 'refunded'; readonly stars: number; readonly cents: number }
  | { readonly outcome: 'known' | 'another_amount' | 'not_paid' | 'not_found' };

const columns = `b.id, b.kind, b.item, b.stars, b.cents, b.currency, b.state, b.refunded_cents, b.provider, b.checkout_url, b.checkout_until, b.ordered_at, b.paid_at
  from billing_stars.payments b where b.org_id = :org`;
const find = statement<PaymentRow, { id: string }>('find payment', `select ${columns} and b.id = :id`);
const page = statement<PaymentRow, { before: string | null; limit: number }>(
  'page of payments',
  `select ${columns} and (:before::uuid is null or b.id < :before) order by b.id desc limit :limit`,
);
const openOfPlan = statement<PaymentRow>(
  'open payments of plan',
  `select ${columns} and b.state = 'open' and b.kind in ('plan', 'renewal') order by b.ordered_at limit 10`,
);
const order = statement<{ outcome: string }, NewOrder>(
  'order payment',
  `select billing_stars.order_payment(:id, :kind, :item, :stars, :cents, :expected_plan, :expected_period,
  :provider, :reference, :url, :until, :actor) as outcome`,
);
const offer = statement<{ outcome: string }, OfferedCheckout>(
  'offer checkout',
  'select billing_stars.offer_checkout(:id, :provider, :reference, :url, :until) as outcome where :org::uuid is not null',
);
const pay = statement<{ answer: ReceivedAnswer }, Received & { wallet: string }>(
  'pay',
  'select billing_stars.pay(:wallet, :id, :event, :cents, :currency, :provider, :reference, :actor) as answer',
);
const refund = statement<{ answer: ReturnedAnswer }, { wallet: string; id: string; event: string; cents: number }>(
  'refund',
  'select billing_stars.refund(:wallet, :id, :event, :cents, :actor) as answer',
);
const whose = lookup<{ org_id: string; payment_id: string }, { reference: string }>(
  'whose payment',
  'select * from billing_stars.find_payment(:reference)',
);

@Injectable()
export class PaymentRepository {
  constructor(
    private readonly database: TenantDatabase,
    private readonly platform: PlatformDoor,
  ) {}

  async find(id: string): Promise<PaymentRow | undefined> {
    return (await this.database.query(find, { id }))[0];
  }

  /** Newest first, from below the id `before`. */
  async page(before: string | null, limit: number): Promise<PaymentRow[]> {
    return this.database.query(page, { before, limit });
  }

  /** Oldest first. */
  async openOfPlan(): Promise<PaymentRow[]> {
    return this.database.query(openOfPlan, {});
  }

  /** `changed`: another plan or period holds than the price was made for. `taken`: the way to pay is another order's of the organization. */
  async order(wanted: NewOrder): Promise<'ordered' | 'changed' | 'taken' | 'no_wallet'> {
    const [row] = await unlessBusy(this.database.query(order, wanted));
    return row?.outcome as 'ordered' | 'changed' | 'taken' | 'no_wallet';
  }

  /** `over`: it is paid or void. */
  async offer(checkout: OfferedCheckout): Promise<'offered' | 'over' | 'not_found'> {
    const [row] = await unlessBusy(this.database.query(offer, checkout));
    return row?.outcome as 'offered' | 'over' | 'not_found';
  }

  async pay(received: Received): Promise<ReceivedAnswer> {
    const [row] = await this.platform.act((wallet) => unlessBusy(this.database.query(pay, { ...received, wallet })));
    return row?.answer as ReceivedAnswer;
  }

  /** @param cents all that has gone back by now */
  async refund(id: string, event: string, cents: number): Promise<ReturnedAnswer> {
    const [row] = await this.platform.act((wallet) =>
      unlessBusy(this.database.query(refund, { wallet, id, event, cents })),
    );
    return row?.answer as ReturnedAnswer;
  }

  /** Whose payment a reference is; only under the platform scope. */
  async whose(reference: string): Promise<{ orgId: string; paymentId: string } | undefined> {
    const [row] = await this.database.query(whose, { reference });
    return row && { orgId: row.org_id, paymentId: row.payment_id };
  }
}
