import { type billingStarsMessages, DomainError } from '@apollo/contracts';
import { AuditTrail, LOGGER, type Logger } from '@apollo/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PaymentDoor } from './payment.door.js';
import { PAYMENT_PROVIDER, type PaymentProvider } from './payment.provider.js';
import { PaymentRepository, type Received, type ReceivedAnswer, type ReturnedAnswer } from './payment.repository.js';

/** Takes in that money has come or gone: from the provider's signed messages, or from operators. */
@Injectable()
export class SettlementService {
  constructor(
    private readonly door: PaymentDoor,
    private readonly payments: PaymentRepository,
    private readonly audit: AuditTrail,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Once, however often and by whomever it is confirmed. @throws DomainError `not_found` */
  async confirm({ id, reference }: billingStarsMessages.ConfirmPaymentRequest): Promise<void> {
    const answer = await this.door.into(id, async () => {
      const payment = await this.payments.find(id);
      if (!payment) throw new DomainError('not_found');
      return this.receive({
        id,
        event: `manual:${id}:${reference}`,
        cents: Number(payment.cents),
        currency: payment.currency,
        provider: 'manual',
        reference: null,
      });
    });
    if (!answer || answer.outcome === 'not_found') throw new DomainError('not_found');
  }

  /** @throws DomainError `not_found`; `state_conflict` for what was not paid, or not that much */
  async refund({ id, reference, cents }: billingStarsMessages.RefundPaymentRequest): Promise<void> {
    const answer = await this.door.into(id, () => this.giveBack(id, `manual-refund:${id}:${reference}`, cents));
    if (!answer || answer.outcome === 'not_found') throw new DomainError('not_found');
    if (answer.outcome === 'not_paid' || answer.outcome === 'another_amount')
      throw new DomainError('state_conflict', 'That much was not paid.');
  }

  /**
   * A message of the provider. One about nothing that was ordered here is somebody else's, and none of ours: an order is
   * written down before anybody can pay it.
   *
   * @throws DomainError `validation_failed` for one that it did not sign; `not_found` for a refund that overtook its
   *   payment: the provider sends it again
   */
  async take({ body, signature }: billingStarsMessages.ProviderMessage): Promise<billingStarsMessages.ProviderAnswer> {
    const event = this.provider.read(Buffer.from(body, 'base64'), signature);
    if (event.what === 'other') return { outcome: 'ignored' };
    const name = `${this.provider.name}:${event.id}`;
    if (event.what === 'refunded') {
      const answer = await this.door.into(event.reference, (id) => this.giveBack(id, name, event.cents));
      if (!answer || answer.outcome === 'not_paid')
        throw new DomainError('not_found', 'No payment of this name is known yet.');
      return this.told(name, answer.outcome);
    }
    const answer = await this.door.into(event.reference, (id) =>
      this.receive({
        id,
        event: name,
        cents: event.cents,
        currency: event.currency,
        provider: this.provider.name,
        reference: event.payment,
      }),
    );
    return this.told(name, answer?.outcome ?? 'unknown');
  }

  private async receive(received: Received): Promise<ReceivedAnswer> {
    const answer = await this.payments.pay(received);
    if (answer.outcome === 'paid')
      await this.audit.done('payment.received', received.id, {
        item: answer.item,
        stars: answer.stars,
        cents: answer.cents,
        provider: received.provider,
      });
    if (answer.outcome === 'another_amount')
      await this.audit.done('payment.refused', received.id, { cents: received.cents, provider: received.provider });
    return answer;
  }

  private async giveBack(id: string, event: string, cents: number): Promise<ReturnedAnswer> {
    const answer = await this.payments.refund(id, event, cents);
    if (answer.outcome === 'refunded')
      await this.audit.done('payment.refunded', id, { stars: answer.stars, cents: answer.cents });
    return answer;
  }

  private told(event: string, outcome: string): billingStarsMessages.ProviderAnswer {
    if (outcome === 'paid' || outcome === 'refunded') return { outcome: 'done' };
    if (outcome === 'known') return { outcome: 'known' };
    this.logger.warn({ event, outcome }, 'a payment provider tells of what was not ordered like this');
    return { outcome: 'ignored' };
  }
}
