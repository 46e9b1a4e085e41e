import type { billingStarsMessages } from '@apollo/contracts';
import { AuditTrail, createLogger, CursorCodec } from '@apollo/service-kit';
import { Outbox } from '@apollo/messaging';
import { newId } from '@apollo/tenancy';
import { asPlatform, Attacker, testDatabase, type TestDatabase, testOrg, type TestOrg } from '@apollo/testing';
import { billingStarsSchema } from '../billing-stars.schema.js';
import { CapRepository } from '../caps/cap.repository.js';
import { CapService } from '../caps/cap.service.js';
import { GrantRepository, type NewGrant, type NewReversal } from '../grants/grant.repository.js';
import { GrantService } from '../grants/grant.service.js';
import { HoldBatcher } from '../holds/hold.batcher.js';
import { HoldRepository } from '../holds/hold.repository.js';
import { HoldService } from '../holds/hold.service.js';
import { ChargeService } from '../payments/charge.service.js';
import { ChargeRepository } from '../payments/charge.repository.js';
import { CheckoutService } from '../payments/checkout.service.js';
import { PaymentResolver } from '../payments/payment.resolver.js';
import { type ClaimFact, ManualProvider, type PaymentProvider } from '../payments/payment.provider.js';
import { PaymentRepository } from '../payments/payment.repository.js';
import { PaymentService } from '../payments/payment.service.js';
import { SettlementService } from '../payments/settlement.service.js';
import { PlanRepository } from '../plans/plan.repository.js';
import { PlanService } from '../plans/plan.service.js';
import { PlatformContext } from '../wallets/platform.context.js';
import { WalletRepository } from '../wallets/wallet.repository.js';
import { WalletService } from '../wallets/wallet.service.js';
import { WarningRepository } from '../warnings/warning.repository.js';

const FINDINGS = 'select * from billing_stars.ledger_findings()';

/** Who an organization is followed as: what orgs tells of it. */
export const ORGS = { actor: 'system:orgs', role: 'system' } as const;

/** What a spec says of a reservation; the rest is made up, anew for each. */
export type Wish = Partial<billingStarsMessages.ReserveRequest> & { readonly stars: number };

/**
 * How commands about holds reach the database: by themselves, each on a connection, or as the service has them decided.
 */
export const WAYS = [
  ['each by itself', false],
  ['decided together', true],
] as const;

/** The services of billing-stars over a database of their own, whose clock a spec may stop. */
export class StarsWorld {
  /** How often the relay was told that there is something to publish. */
  woken = 0;
  readonly holds: HoldService;
  readonly holdRows: HoldRepository;
  readonly caps: CapService;
  readonly grants: GrantService;
  readonly wallets: WalletService;
  readonly walletRows: WalletRepository;
  readonly plans: PlanService;
  readonly payments: PaymentService;
  readonly settlements: SettlementService;
  readonly chargeService: ChargeService;
  readonly paymentRows: PaymentRepository;
  readonly orders: CheckoutService;

  private constructor(
    readonly test: TestDatabase,
    isGathered: boolean,
  ) {
    const { database } = test;
    const cursors = new CursorCodec(test.tagKey);
    const platform = new PlatformContext(database);
    const audit = new AuditTrail(database, cursors, 'billing_stars');
    this.holdRows = new HoldRepository(database, new Outbox(database, 'billing_stars', () => (this.woken += 1)));
    this.holds = new HoldService(isGathered ? new HoldBatcher(this.holdRows) : this.holdRows);
    this.grants = new GrantService(database, new GrantRepository(database, platform), audit);
    this.walletRows = new WalletRepository(database, platform);
    this.wallets = new WalletService(database, this.walletRows, new WarningRepository(database), audit);
    this.caps = new CapService(new CapRepository(database), this.wallets, audit, cursors);
    const provider: PaymentProvider = new ManualProvider();
    const rows = (this.paymentRows = new PaymentRepository(database, platform));
    const checkouts = (this.orders = new CheckoutService(rows, this.walletRows, provider));
    this.plans = new PlanService(new PlanRepository(database), rows, checkouts, audit);
    this.payments = new PaymentService(rows, checkouts, audit, cursors);
    this.chargeService = new ChargeService(
      new ChargeRepository(database, platform),
      audit,
      database,
      createLogger('billing-stars', 'silent'),
    );
    this.settlements = new SettlementService(new PaymentResolver(database, rows), rows, this.chargeService);
  }

  /**
   * @param server superuser URL of another server than the run's
   * @param isGathered whether what meets at a wallet is decided together, as in the service; else each by itself
   */
  static async start(
    poolSize = 16,
    { server, isGathered = false }: { readonly server?: string; readonly isGathered?: boolean } = {},
  ): Promise<StarsWorld> {
    return new StarsWorld(await testDatabase(billingStarsSchema, { poolSize, server }), isGathered);
  }

  /** An organization with an open wallet: the welcome Stars and what is asked for on top. */
  async org(stars: { package?: number; monthly?: number } = {}, timeZone = 'UTC'): Promise<TestOrg> {
    const org = testOrg();
    await org.as(() => this.wallets.open(timeZone));
    if (stars.package) await this.grant(org, { compartment: 'package', stars: stars.package });
    if (stars.monthly) await this.grant(org, { compartment: 'monthly', stars: stars.monthly });
    return org;
  }

  grant(org: TestOrg, grant: Partial<NewGrant> & { stars: number }): Promise<string> {
    return org.as(() => this.grants.grant({ source: newId(), compartment: 'package', ...grant }));
  }

  reverse(org: TestOrg, reversal: Partial<NewReversal> & { of: string; stars: number }): Promise<string> {
    return org.as(() => this.grants.reverse({ source: newId(), ...reversal }));
  }

  reserve(org: TestOrg, wish: Wish): Promise<billingStarsMessages.Reservation> {
    return org.as(() =>
      this.holds.reserve({ key: newId(), agent_id: newId(), run_id: newId(), price_version: 1, ...wish }),
    );
  }

  /** Reserves what is surely granted, and gives the hold's id. */
  async hold(org: TestOrg, wish: Wish): Promise<string> {
    const { hold_id, ...refusal } = await this.reserve(org, wish);
    if (!hold_id) throw new Error(`refused: ${JSON.stringify(refusal)}`);
    return hold_id;
  }

  settle(org: TestOrg, hold: string, stars: number): Promise<billingStarsMessages.Hold> {
    return org.as(() => this.holds.settle(hold, stars));
  }

  release(org: TestOrg, hold: string): Promise<billingStarsMessages.Hold> {
    return org.as(() => this.holds.release(hold));
  }

  /** Takes a plan or wishes for it, as the command does. */
  async plan(org: TestOrg, plan: string): Promise<billingStarsMessages.Plan> {
    return org.as(async () => {
      const prepared = await this.plans.prepare(plan);
      return this.test.database.transaction(() => this.plans.change(plan, prepared));
    });
  }

  /** Orders a pack, as the command does. */
  async pack(org: TestOrg, pack: string): Promise<billingStarsMessages.Payment> {
    return org.as(async () => {
      const checkout = await this.payments.preparePack(pack);
      return this.test.database.transaction(() => this.payments.orderPack(pack, checkout));
    });
  }

  /** An operator confirms that a payment has come in, or one more for the same order. */
  confirm(id: string, reference = newId(), additional?: true): Promise<void> {
    const confirmed = { id, reference, ...(additional && { additional }) };
    return asPlatform(() => this.test.database.transaction(() => this.settlements.confirm(confirmed)), newId());
  }

  /** An order is confirmed, and then lost in a dispute of half of it. */
  async lose(org: TestOrg, id: string): Promise<void> {
    await this.confirm(id, 'transfer');
    await this.dispute(org, id, { amount: 600, state: 'lost' });
  }

  /** What is told of a dispute of the order's transfer that was confirmed as `transfer`. */
  async dispute(org: TestOrg, id: string, told: Pick<ClaimFact, 'amount' | 'state'>, at = new Date()): Promise<void> {
    const charge = 'transfer';
    const claim = { what: 'claim', id: newId(), charge, kind: 'dispute', name: 'd', currency: 'EUR', at } as const;
    await org.as(() =>
      this.chargeService.claim({ id, event: newId(), provider: 'manual', charge }, { ...claim, ...told }),
    );
  }

  wallet(org: TestOrg): Promise<billingStarsMessages.Wallet> {
    return org.as(() => this.wallets.get());
  }

  /** Stops the database's clock, or lets it run again. Only a superuser or the schema's owner can. */
  async clock(instant: string | null): Promise<void> {
    const now = instant ? `timestamptz ''${instant}''` : 'clock_timestamp()';
    await this.test.admin(
      `create or replace function billing_stars.clock() returns timestamptz language sql as 'select ${now}'`,
    );
  }

  /** What does not add up anywhere, looked at from outside. */
  findings(): Promise<Record<string, unknown>[]> {
    return this.test.admin(FINDINGS);
  }

  /** What does not add up after `sql` was done behind the functions' back; undone again. */
  async seeded(sql: string): Promise<Record<string, unknown>[]> {
    const superuser = await Attacker.connect({ ...this.test, appUrl: this.test.adminUrl }, testOrg());
    const outcomes = [];
    for (const text of ['begin', sql, FINDINGS, 'rollback']) outcomes.push(await superuser.plain(text));
    await superuser.close();
    if (outcomes.some(({ code }) => code)) throw new Error(JSON.stringify(outcomes));
    return outcomes[2]?.rows ?? [];
  }

  /** Runs `load` and checks the equations all the while: gives how often, and everything found. */
  async watched<T>(load: () => Promise<T>): Promise<{ result: T; looks: number; findings: Record<string, unknown>[] }> {
    const over = { done: false };
    const running = load().finally(() => {
      over.done = true;
    });
    const findings: Record<string, unknown>[] = [];
    let looks = 0;
    while (!over.done || looks === 0) {
      findings.push(...(await this.findings()));
      looks += 1;
    }
    return { result: await running, looks, findings };
  }
}

/** The code an attempt ends with; `ok` for none. */
export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  );
}
