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
import { PriceController } from './prices/price.controller.js';
import { PriceRepository } from './prices/price.repository.js';
import { PriceService } from './prices/price.service.js';
import { CloseWalletWhenOrgIsDeleted } from './reactions/close-wallet-when-org-is-deleted.reaction.js';
import { FollowOrgWhenItIsChanged } from './reactions/follow-org-when-it-is-changed.reaction.js';
import { OpenWalletWhenOrgIsCreated } from './reactions/open-wallet-when-org-is-created.reaction.js';
import { WalletController } from './wallets/wallet.controller.js';
import { WalletRepository } from './wallets/wallet.repository.js';
import { WalletService } from './wallets/wallet.service.js';
import { WalletSweeper } from './wallets/wallet.sweeper.js';
import { WarningRepository } from './warnings/warning.repository.js';

/** The billing-stars service: wallets, grants, holds, caps and the ledger beneath them. */
@Module({
  controllers: [AuditController, CapController, HoldController, LedgerController, PriceController, WalletController, OpenWalletWhenOrgIsCreated, FollowOrgWhenItIsChanged, CloseWalletWhenOrgIsDeleted],
  providers: [
    CapRepository, GrantRepository, HoldRepository, LedgerRepository, PriceRepository, WalletRepository, WarningRepository,
    CapService, GrantService, HoldService, LedgerChecker, LedgerService, PriceService, WalletService, WalletSweeper,
  ],
})
export class BillingStarsModule {}
