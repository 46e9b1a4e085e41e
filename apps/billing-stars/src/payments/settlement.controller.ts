import { billingStarsMessages, ConfirmPayment, Done, RefundPayment, TakeProviderMessage } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { SettlementService } from './settlement.service.js';

@Controller()
export class SettlementController {
  constructor(private readonly settlements: SettlementService) {}

  @Handles(ConfirmPayment)
  async confirm(@Payload() request: billingStarsMessages.ConfirmPaymentRequest): Promise<Done> {
    await this.settlements.confirm(request);
    return { done: true };
  }

  @Handles(RefundPayment)
  async refund(@Payload() request: billingStarsMessages.RefundPaymentRequest): Promise<Done> {
    await this.settlements.refund(request);
    return { done: true };
  }

  @Handles(TakeProviderMessage)
  take(@Payload() message: billingStarsMessages.ProviderMessage): Promise<billingStarsMessages.ProviderAnswer> {
    return this.settlements.take(message);
  }
}
