import { type billingStarsMessages, DomainError, type Page } from '@apollo/contracts';
import { AuditTrail, CursorCodec } from '@apollo/service-kit';
import { Injectable } from '@nestjs/common';
import { CURRENCY, PACKS, type PackName } from '../plans/offer.table.js';
import { CheckoutService } from './checkout.service.js';
import { type OfferedCheckout, PaymentRepository, type PaymentRow, type WayToPay } from './payment.repository.js';
import { paymentOf } from './payment.view.js';

/** What the acting organization buys and pays. */
@Injectable()
export class PaymentService {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly checkouts: CheckoutService,
    private readonly audit: AuditTrail,
    private readonly cursors: CursorCodec,
  ) {}

  packs(): billingStarsMessages.Packs {
    return {
      items: Object.entries(PACKS).map(([name, { stars, cents }]) => ({ name, stars, cents, currency: CURRENCY })),
    };
  }

  async list(request: Page): Promise<billingStarsMessages.PaymentList> {
    const page = await this.cursors.page(
      'payments',
      request,
      (before: { id: string } | undefined, limit) => this.payments.page(before?.id ?? null, limit),
      ({ id }) => ({ id }),
    );
    return { ...page, items: page.items.map(paymentOf) };
  }

  /** How a pack can be paid; asks the provider, so not within a transaction. */
  async preparePack(pack: string): Promise<WayToPay> {
    return this.checkouts.ask(pack, PACKS[pack as PackName].cents);
  }

  async orderPack(pack: string, checkout: WayToPay): Promise<billingStarsMessages.Payment> {
    const { stars, cents } = PACKS[pack as PackName];
    const id = await this.checkouts.order(
      {
        kind: 'pack',
        item: pack,
        stars,
        cents,
        expected_plan: null,
        expected_period: null,
      },
      checkout,
    );
    await this.audit.done('pack.ordered', id, { pack, cents });
    return paymentOf(await this.known(id));
  }

  /**
   * How an open payment can be paid from now on; asks the provider, so not within a transaction.
   *
   * @throws DomainError `not_found`, `state_conflict`
   */
  async prepareCheckout(id: string): Promise<OfferedCheckout> {
    const payment = await this.known(id);
    if (payment.state !== 'open') throw new DomainError('state_conflict', `The payment is ${payment.state}.`);
    return { id, ...(await this.checkouts.ask(payment.item, Number(payment.cents))) };
  }

  /** @throws DomainError `not_found`; `state_conflict` when nothing is to be paid any more */
  async offerCheckout(checkout: OfferedCheckout): Promise<billingStarsMessages.Payment> {
    await this.checkouts.offer(checkout);
    await this.audit.done('payment.checkout-offered', checkout.id);
    return paymentOf(await this.known(checkout.id));
  }

  private async known(id: string): Promise<PaymentRow> {
    const row = await this.payments.find(id);
    if (!row) throw new DomainError('not_found');
    return row;
  }
}
