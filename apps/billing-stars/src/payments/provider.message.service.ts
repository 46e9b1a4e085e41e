import type { billingStarsMessages } from '@apollo/contracts';
import { LOGGER, type Logger } from '@apollo/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ChargeService } from './charge.service.js';
import type { FactAnswer } from './charge.repository.js';
import { PaymentResolver } from './payment.resolver.js';
import { PAYMENT_PROVIDER, type PaymentProvider, type ProviderFact } from './payment.provider.js';

/** A message as it was read, and the name that was noted here for what it is about. */
export interface ReadMessage {
  readonly fact: ProviderFact;
  readonly reference: string;
}

/** Takes in what the payment provider tells, in whatever order, however late and often. */
@Injectable()
export class ProviderMessageService {
  constructor(
    private readonly resolver: PaymentResolver,
    private readonly chargeService: ChargeService,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Reads a message. A refund or a dispute may be told before the payment it is of: the provider is asked then, which
   * checkout its charge was made in. Not within a transaction.
   *
   * @throws DomainError `validation_failed` for one that the provider did not sign, lately; `service_unavailable`
   */
  async read({ body, signature }: billingStarsMessages.ProviderMessage): Promise<ReadMessage> {
    const fact = this.provider.read(Buffer.from(body, 'base64'), signature);
    if (fact.what === 'other') return { fact, reference: '' };
    if (fact.what === 'paid') return { fact, reference: fact.reference };
    const isKnown = await this.resolver.knows(fact.charge);
    return { fact, reference: isKnown ? fact.charge : ((await this.provider.checkoutOf(fact.charge)) ?? '') };
  }

  /**
   * Notes what a message says. One about nothing that was ordered here is somebody else's, and none of ours: an order
   * is written down before anybody can pay it.
   */
  async take({ fact, reference }: ReadMessage): Promise<billingStarsMessages.ProviderAnswer> {
    if (fact.what === 'other') return { outcome: 'ignored' };
    const answer = reference ? await this.resolver.into(reference, (id) => this.note(id, fact)) : undefined;
    if (answer?.outcome === 'noted') return { outcome: 'done' };
    if (answer?.outcome === 'known') return { outcome: 'known' };
    this.logger.warn({ event: fact.id, what: fact.what }, 'a payment provider tells of what was not ordered here');
    return { outcome: 'ignored' };
  }

  private async note(id: string, fact: Exclude<ProviderFact, { what: 'other' }>): Promise<FactAnswer> {
    const source = { id, event: `${this.provider.name}:${fact.id}`, provider: this.provider.name, charge: fact.charge };
    switch (fact.what) {
      case 'paid': {
        const { cents, currency, amount, amountCurrency: amount_currency } = fact;
        return this.chargeService.pay({ ...source, cents, currency, amount, amount_currency });
      }
      case 'refunded':
        return this.chargeService.refund(source, fact.amount);
      case 'claim':
        return this.chargeService.claim(source, fact);
    }
  }
}
