import { type billingStarsMessages, GetPriceList, GetPrices } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { PriceService } from './price.service.js';

@Controller()
export class PriceController {
  constructor(private readonly prices: PriceService) {}

  @Handles(GetPrices)
  shown(): Promise<billingStarsMessages.Prices> {
    return this.prices.current();
  }

  @Handles(GetPriceList)
  list(): Promise<billingStarsMessages.Prices> {
    return this.prices.current();
  }
}
