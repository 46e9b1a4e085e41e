import { OrgCreatedEvent, orgsMessages } from '@apollo/contracts';
import { ReactsTo } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { WalletService } from '../wallets/wallet.service.js';

/** Every organization has a wallet from its beginning, with its welcome Stars. */
@Controller()
export class OpenWalletWhenOrgIsCreated {
  constructor(private readonly wallets: WalletService) {}

  @ReactsTo(OrgCreatedEvent)
  async react(@Payload() facts: orgsMessages.OrgFacts): Promise<void> {
    await this.wallets.open(facts.time_zone);
    await this.wallets.follow(facts);
  }
}
