import { Module } from '@nestjs/common';
import { AuditController } from './audit/audit.controller.js';
import { CapController } from './caps/cap.controller.js';
import { CapRepository } from './caps/cap.repository.js';
import { CapService } from './caps/cap.service.js';
import { GrantRepository } from './grants/grant.repository.js';
import { GrantService } from './grants/grant.service.js';
import { HoldController } from './holds/hold.controller.js';
import { HoldRepository } from './holds/hold.repository.js';
import { HoldService } from './holds/hold.service.js';
import { LedgerChecker } from './ledger/ledger.checker.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { LedgerRepository } from './ledger/ledger.repository.js';
import { LedgerService } from './ledger/ledger.service.js';
import { WalletController } from './wallets/wallet.controller.js';
import { WalletRepository } from './wallets/wallet.repository.js';
import { WalletService } from './wallets/wallet.service.js';
import { WalletSweeper } from './wallets/wallet.sweeper.js';

/** The billing-stars service: wallets, grants, holds, caps and the ledger beneath them. */
@Module({
  controllers: [AuditController, CapController, HoldController, LedgerController, WalletController],
  providers: [
    CapRepository, GrantRepository, HoldRepository, LedgerRepository, WalletRepository,
    CapService, GrantService, HoldService, LedgerChecker, LedgerService, WalletService, WalletSweeper,
  ],
})
export class BillingStarsModule {}
