import { functionCall, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import type { PlanName } from '../plans/offer.table.js';
import { unlessBusy } from '../wallets/busy.wallet.js';
import { PlatformContext } from '../wallets/platform.context.js';
import type { PAYMENT_STATES } from './payment.tables.js';

/** A payment as it is kept; sums are bigint texts. */
export interface PaymentRow {
  readonly id: string;
  readonly kind: 'pack' | 'plan' | 'renewal';
  readonly item: string;
  readonly stars: string;
  readonly cents: string;
  readonly currency: string;
  readonly state: (typeof PAYMENT_STATES)[number];
  readonly paid_cents: string;
  readonly refunded_cents: string;
  readonly disputed_cents: string;
  readonly refunded_stars: string;
  readonly charges: readonly ChargeRow[];
  readonly provider: string | null;
  readonly checkout_url: string | null;
  readonly checkout_until: Date | null;
  readonly ordered_at: Date;
  readonly paid_at: Date | null;
}

/** `changed`: another plan or period holds than the price was made for. */
export type OrderOutcome = 'ordered' | 'changed' | 'no_wallet' | 'suspended' | 'closed';

/** `over`: nothing is to be paid any more. `taken`: the way to pay is another order's. */
export type OfferOutcome = 'offered' | 'over' | 'not_found' | 'taken' | 'suspended' | 'closed';

/**
 * A charge as it is kept, as JSON: sums are numbers, moments texts. What it was paid with is null while only a refund
 * or a dispute of it is known.
 */
export interface ChargeRow {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly cents: number | null;
  readonly currency: string | null;
  readonly amount: number | null;
  readonly amount_currency: string | null;
  readonly refunded: number;
  readonly disputed: number;
  readonly lost: number;
  readonly paid_at: string | null;
}

/** How something can be paid, as the provider says. */
export interface WayToPay {
  readonly provider: string;
  readonly reference: string | null;
  readonly url: string | null;
  readonly until: Date | null;
}

/** How an order can be paid. */
export interface OfferedCheckout extends WayToPay {
  readonly id: string;
}

/** What is ordered. Of a plan: the plan and period its price was made for. */
export interface NewOrder {
  readonly kind: 'pack' | 'plan';
  readonly item: string;
  readonly stars: number;
  readonly cents: number;
  readonly expected_plan: PlanName | null;
  readonly expected_period: string | null;
}

/** Charges of an order that are shown at most, oldest first. */
const CHARGES = 50;

const columns = `b.id, b.kind, b.item, b.stars, b.cents, b.currency, b.state, b.paid_cents, b.refunded_cents, b.disputed_cents, b.refunded_stars,
  b.provider, b.checkout_url, b.checkout_until, b.ordered_at, b.paid_at, coalesce((
    select jsonb_agg(jsonb_build_object('id', c.id, 'provider', c.provider, 'name', c.name, 'cents', c.cents, 'currency', c.currency, 'amount', c.amount,
      'amount_currency', c.amount_currency, 'refunded', c.refunded, 'disputed', c.disputed, 'lost', c.lost, 'paid_at', c.paid_at) order by c.id)
    from (select * from billing_stars.charges x where x.org_id = :org and x.payment_id = b.id order by x.id limit ${CHARGES}) c), '[]') as charges
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
const order = functionCall<{ outcome: OrderOutcome; order_id: string }, NewOrder>(
  'place order',
  `select * from billing_stars.place_order(:kind, :item, :stars, :cents, :expected_plan, :expected_period, :actor)`,
);
const offer = functionCall<{ offer_checkout: OfferOutcome }, OfferedCheckout & { wallet: string }>(
  'offer checkout',
  'select * from billing_stars.offer_checkout(:wallet, :id, :provider, :reference, :url, :until)',
);
const whose = functionCall<{ org_id: string; payment_id: string }, { reference: string }>(
  'whose payment',
  'select * from billing_stars.find_payment(:reference)',
);

@Injectable()
export class PaymentRepository {
  constructor(
    private readonly database: TenantDatabase,
    private readonly platform: PlatformContext,
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

  /** @returns what became of it, and the id it has where it is `ordered` */
  async order(wanted: NewOrder): Promise<{ outcome: OrderOutcome; id: string }> {
    const [{ outcome, order_id: id } = { outcome: 'no_wallet', order_id: '' } as const] = await unlessBusy(
      this.database.query(order, wanted),
    );
    return { outcome, id };
  }

  /** Notes how the acting organization's order can be paid, and by which name it will be told that it was. */
  async offer(checkout: OfferedCheckout): Promise<OfferOutcome> {
    const [row] = await this.platform.act((wallet) => unlessBusy(this.database.query(offer, { ...checkout, wallet })));
    return row?.offer_checkout as OfferOutcome;
  }

  /** Whose payment a reference is; only under the platform scope. */
  async whose(reference: string): Promise<{ orgId: string; paymentId: string } | undefined> {
    const [row] = await this.database.query(whose, { reference });
    return row && { orgId: row.org_id, paymentId: row.payment_id };
  }
}
