import {
  billingStarsMessages,
  ConfirmPayment,
  Done,
  GiveBackOverpayment,
  ListOverpayments,
  RefundPayment,
  TakeProviderMessage,
} from '@apollo/contracts';
import { Handles, Prepares } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ProviderMessageService, type ReadMessage } from './provider.message.service.js';
import { SettlementService } from './settlement.service.js';
import { type PreparedReturn, SurplusService } from './surplus.service.js';

@Controller()
export class SettlementController {
  constructor(
    private readonly settlements: SettlementService,
    private readonly messages: ProviderMessageService,
    private readonly surplus: SurplusService,
  ) {}

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

  @Handles(ListOverpayments)
  overpayments(): Promise<billingStarsMessages.Overpayments> {
    return this.surplus.list();
  }

  @Prepares(GiveBackOverpayment)
  prepareReturn(@Payload() { id }: billingStarsMessages.PaymentRequest): Promise<PreparedReturn[]> {
    return this.surplus.prepare(id);
  }

  @Handles(GiveBackOverpayment)
  giveBack(
    @Payload() { id }: billingStarsMessages.PaymentRequest,
    @Ctx() returns: PreparedReturn[],
  ): Promise<billingStarsMessages.GivenBackList> {
    return this.surplus.giveBack(id, returns);
  }

  @Prepares(TakeProviderMessage)
  read(@Payload() message: billingStarsMessages.ProviderMessage): Promise<ReadMessage> {
    return this.messages.read(message);
  }

  @Handles(TakeProviderMessage)
  take(
    @Payload() _message: billingStarsMessages.ProviderMessage,
    @Ctx() read: ReadMessage,
  ): Promise<billingStarsMessages.ProviderAnswer> {
    return this.messages.take(read);
  }
}
