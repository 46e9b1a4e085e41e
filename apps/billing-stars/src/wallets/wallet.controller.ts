import { billingStarsMessages, GetBalance, GetWallet, RepayOverdraft } from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { WalletService } from './wallet.service.js';

@Controller()
export class WalletController {
  constructor(private readonly wallets: WalletService) {}

  @Handles(GetBalance)
  balance(): Promise<billingStarsMessages.Balance> {
    return this.wallets.balance();
  }

  @Handles(GetWallet)
  get(): Promise<billingStarsMessages.Wallet> {
    return this.wallets.get();
  }

  @Handles(RepayOverdraft)
  repayOverdraft(): Promise<billingStarsMessages.Wallet> {
    return this.wallets.repayOverdraft();
  }
}
