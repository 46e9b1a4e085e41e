import { billingStarsMessages, ListLedger } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { LedgerService } from './ledger.service.js';

@Controller()
export class LedgerController {
  constructor(private readonly ledger: LedgerService) {}

  @Handles(ListLedger)
  list(@Payload() request: billingStarsMessages.LedgerRequest): Promise<billingStarsMessages.Ledger> {
    return this.ledger.list(request);
  }
}
