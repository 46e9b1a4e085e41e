import { TablePurger } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { type DynamicModule, Module } from '@nestjs/common';
import { AuditController } from './audit/audit.controller.js';
import { CapController } from './caps/cap.controller.js';
import { CapRepository } from './caps/cap.repository.js';
import { CapService } from './caps/cap.service.js';
import { SimulationRepository } from './caps/simulation.repository.js';
import { SimulationService } from './caps/simulation.service.js';
import type { BillingConfig } from './config.js';
import { GrantRepository } from './grants/grant.repository.js';
import { GrantService } from './grants/grant.service.js';
import { HoldBatcher } from './holds/hold.batcher.js';
import { HoldController } from './holds/hold.controller.js';
import { HoldRepository } from './holds/hold.repository.js';
import { HoldService } from './holds/hold.service.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { LedgerRepository } from './ledger/ledger.repository.js';
import { LedgerService } from './ledger/ledger.service.js';
import { ChargeService } from './payments/charge.service.js';
import { ChargeRepository } from './payments/charge.repository.js';
import { CheckoutService } from './payments/checkout.service.js';
import { PaymentController } from './payments/payment.controller.js';
import { PaymentResolver } from './payments/payment.resolver.js';
import { ManualProvider, PAYMENT_PROVIDER } from './payments/payment.provider.js';
import { PaymentRepository } from './payments/payment.repository.js';
import { PaymentService } from './payments/payment.service.js';
import { ProviderMessageService } from './payments/provider.message.service.js';
import { SettlementController } from './payments/settlement.controller.js';
import { SettlementService } from './payments/settlement.service.js';
import { SurplusService } from './payments/surplus.service.js';
import { PlanController } from './plans/plan.controller.js';
import { PlanRepository } from './plans/plan.repository.js';
import { PlanService } from './plans/plan.service.js';
import { PriceController } from './prices/price.controller.js';
import { PriceRepository } from './prices/price.repository.js';
import { PriceService } from './prices/price.service.js';
import { billingStarsPurge } from './purge/purge.plan.js';
import { PurgeController } from './purge/purge.controller.js';
import { CapAgentAsPersonaSays } from './reactions/cap-agent-as-persona-says.reaction.js';
import { CloseWalletWhenOrgIsDeleted } from './reactions/close-wallet-when-org-is-deleted.reaction.js';
import { FollowOrgWhenItIsChanged } from './reactions/follow-org-when-it-is-changed.reaction.js';
import { OpenWalletWhenOrgIsCreated } from './reactions/open-wallet-when-org-is-created.reaction.js';
import { StandAsOperatorsDecided } from './reactions/stand-as-operators-decided.reaction.js';
import { PlatformContext } from './wallets/platform.context.js';
import { WalletController } from './wallets/wallet.controller.js';
import { WalletRepository } from './wallets/wallet.repository.js';
import { WalletService } from './wallets/wallet.service.js';
import { WalletSweeper } from './wallets/wallet.sweeper.js';
import { ZoneCheck } from './wallets/zone.check.js';
import { WarningRepository } from './warnings/warning.repository.js';

/**
 * The billing-stars service: wallets, grants, holds, caps and the ledger beneath them; plans, packs and how they are
 * paid.
 */
@Module({
  controllers: [
    AuditController,
    CapController,
    HoldController,
    LedgerController,
    PaymentController,
    PlanController,
    PriceController,
    PurgeController,
    SettlementController,
    WalletController,
    OpenWalletWhenOrgIsCreated,
    CapAgentAsPersonaSays,
    FollowOrgWhenItIsChanged,
    StandAsOperatorsDecided,
    CloseWalletWhenOrgIsDeleted,
  ],
  providers: [
    CapRepository,
    ChargeRepository,
    GrantRepository,
    HoldRepository,
    LedgerRepository,
    PaymentRepository,
    PlanRepository,
    PriceRepository,
    SimulationRepository,
    WalletRepository,
    WarningRepository,
    CapService,
    ChargeService,
    GrantService,
    HoldBatcher,
    HoldService,
    LedgerService,
    CheckoutService,
    PaymentResolver,
    PaymentService,
    PlanService,
    PlatformContext,
    PriceService,
    ProviderMessageService,
    SettlementService,
    SimulationService,
    SurplusService,
    WalletService,
    WalletSweeper,
    ZoneCheck,
    {
      provide: TablePurger,
      inject: [TenantDatabase],
      useFactory: (database: TenantDatabase) => new TablePurger(database, 'billing_stars', billingStarsPurge),
    },
  ],
})
export class BillingStarsModule {
  /** With the payment provider that the configuration names. Stripe's library is loaded only where it is used. */
  static async with({ stripe }: Pick<BillingConfig, 'stripe'>): Promise<DynamicModule> {
    const useValue = stripe
      ? new (await import('./payments/stripe.provider.js')).StripeProvider(stripe)
      : new ManualProvider();
    return { module: BillingStarsModule, providers: [{ provide: PAYMENT_PROVIDER, useValue }] };
  }
}
