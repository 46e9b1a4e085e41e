import { OrgChangedEvent, orgsMessages } from '@apollo/contracts';
import { ReactsTo } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { WalletService } from '../wallets/wallet.service.js';

/** Days and months are counted where the organization is. */
@Controller()
export class FollowOrgWhenItIsChanged {
  constructor(private readonly wallets: WalletService) {}

  @ReactsTo(OrgChangedEvent)
  async react(@Payload() facts: orgsMessages.OrgFacts): Promise<void> {
    await this.wallets.follow(facts);
  }
}
