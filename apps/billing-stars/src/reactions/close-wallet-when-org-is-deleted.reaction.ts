import { OrgDeletedEvent } from '@apollo/contracts';
import { ReactsTo } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { WalletService } from '../wallets/wallet.service.js';

/** Nothing is reserved for an organization that is gone. */
@Controller()
export class CloseWalletWhenOrgIsDeleted {
  constructor(private readonly wallets: WalletService) {}

  @ReactsTo(OrgDeletedEvent)
  async react(): Promise<void> {
    await this.wallets.close();
  }
}
