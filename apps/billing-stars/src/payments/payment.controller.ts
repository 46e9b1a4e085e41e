import { billingStarsMessages, BuyPack, CheckOut, ListPacks, ListPayments, Page } from '@apollo/contracts';
import { Handles, Prepares } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { OfferedCheckout, WayToPay } from './payment.repository.js';
import { PaymentService } from './payment.service.js';

@Controller()
export class PaymentController {
  constructor(private readonly payments: PaymentService) {}

  @Handles(ListPacks)
  packs(): billingStarsMessages.Packs {
    return this.payments.packs();
  }

  @Handles(ListPayments)
  list(@Payload() request: Page): Promise<billingStarsMessages.PaymentList> {
    return this.payments.list(request);
  }

  @Prepares(BuyPack)
  preparePack(@Payload() { pack }: billingStarsMessages.BuyPackRequest): Promise<WayToPay> {
    return this.payments.preparePack(pack);
  }

  @Handles(BuyPack)
  buyPack(
    @Payload() { pack }: billingStarsMessages.BuyPackRequest,
    @Ctx() checkout: WayToPay,
  ): Promise<billingStarsMessages.Payment> {
    return this.payments.orderPack(pack, checkout);
  }

  @Prepares(CheckOut)
  prepareCheckout(@Payload() { id }: billingStarsMessages.PaymentRequest): Promise<OfferedCheckout> {
    return this.payments.prepareCheckout(id);
  }

  @Handles(CheckOut)
  checkOut(
    @Payload() _request: billingStarsMessages.PaymentRequest,
    @Ctx() checkout: OfferedCheckout,
  ): Promise<billingStarsMessages.Payment> {
    return this.payments.offerCheckout(checkout);
  }
}
