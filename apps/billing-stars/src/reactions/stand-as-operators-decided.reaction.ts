import { orgsMessages, OrgStandingEvent } from '@apollo/contracts';
import { ReactsTo } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { WalletService } from '../wallets/wallet.service.js';

/** A suspended organization reserves nothing. */
@Controller()
export class StandAsOperatorsDecided {
  constructor(private readonly wallets: WalletService) {}

  @ReactsTo(OrgStandingEvent)
  async react(@Payload() standing: orgsMessages.OrgStanding): Promise<void> {
    await this.wallets.stand(standing);
  }
}
