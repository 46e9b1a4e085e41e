import { functionCall, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { unlessBusy } from '../wallets/busy.wallet.js';
import { PlatformContext } from '../wallets/platform.context.js';
import type { ClaimFact } from './payment.provider.js';

/**
 * The order and charge that a fact of the payment provider is about, and the name of the event that reported it: the
 * same event again changes nothing.
 */
export interface FactSource {
  /** The order's id. */
  readonly id: string;
  readonly event: string;
  readonly provider: string;
  /** The provider's name for the charge. */
  readonly charge: string;
}

/** A charge that was made: `amount` of the payer, which is `cents` of our price. */
export interface Charged extends FactSource {
  readonly cents: number;
  readonly currency: string;
  readonly amount: number;
  readonly amount_currency: string;
}

/** What an order has come to by a fact of one of its charges. */
export interface Followed {
  readonly outcome: 'noted';
  /** Whether its price has come in now. */
  readonly paid: boolean;
  /** Whether more stays now than it is for, and that is new or has grown. */
  readonly surplus: boolean;
  readonly item: string;
  readonly stars: number;
  readonly cents: number;
  /** Stars that were taken back now; below zero those that came again. */
  readonly moved: number;
  /** Cents of its price that went back or into dispute now; below zero those that came again. */
  readonly gone_cents: number;
  readonly kept_cents: number;
}

/** `known`: it was reported before, or says nothing new. */
export type FactAnswer = Followed | { readonly outcome: 'known' | 'not_found' };

interface Asked {
  readonly wallet: string;
}

const pay = functionCall<{ answer: FactAnswer }, Charged & Asked>(
  'pay',
  `select billing_stars.pay(:wallet, :id, :event, :provider, :charge, :cents, :currency, :amount, :amount_currency, :actor) as answer`,
);
const refund = functionCall<{ answer: FactAnswer }, FactSource & Asked & { amount: number }>(
  'refund',
  'select billing_stars.refund(:wallet, :id, :event, :provider, :charge, :amount, :actor) as answer',
);
const claim = functionCall<{ answer: FactAnswer }, FactSource & Asked & Omit<ClaimFact, 'what'>>(
  'claim',
  `select billing_stars.claim(:wallet, :id, :event, :provider, :charge, :kind, :name, :amount, :currency, :state, :at, :actor) as answer`,
);
const overpaid = functionCall<{ org_id: string; payment_id: string }, object>(
  'orders that are overpaid',
  'select * from billing_stars.find_overpayments()',
);

/**
 * Facts of charges, each noted under the platform's tag for the acting organization; the order's Stars follow in the
 * same call.
 */
@Injectable()
export class ChargeRepository {
  constructor(
    private readonly database: TenantDatabase,
    private readonly platform: PlatformContext,
  ) {}

  async pay(charged: Charged): Promise<FactAnswer> {
    const [row] = await this.platform.act((wallet) => unlessBusy(this.database.query(pay, { ...charged, wallet })));
    return row?.answer as FactAnswer;
  }

  /** @param amount all of the charge that has gone back by now, in the currency it was made in */
  async refund(source: FactSource, amount: number): Promise<FactAnswer> {
    const [row] = await this.platform.act((wallet) =>
      unlessBusy(this.database.query(refund, { ...source, amount, wallet })),
    );
    return row?.answer as FactAnswer;
  }

  async claim(source: FactSource, fact: ClaimFact): Promise<FactAnswer> {
    const [row] = await this.platform.act((wallet) =>
      unlessBusy(this.database.query(claim, { ...fact, ...source, wallet })),
    );
    return row?.answer as FactAnswer;
  }

  /**
   * Orders for which more has come in than they are for, a hundred at most, oldest first; only under the platform
   * scope.
   */
  async overpaid(): Promise<{ orgId: string; paymentId: string }[]> {
    const rows = await this.database.query(overpaid, {});
    return rows.map((row) => ({ orgId: row.org_id, paymentId: row.payment_id }));
  }
}
