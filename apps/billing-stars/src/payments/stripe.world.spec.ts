import {
  BuyPack,
  type billingStarsMessages,
  ListPayments,
  type RequestContract,
  TakeProviderMessage,
} from '@apollo/contracts';
import { type RunningService, startService } from '@apollo/service-kit';
import { newId } from '@apollo/tenancy';
import { asPlatform, type TestOrg, testOrgs, testPeer, type TestPeer, testServiceConfig } from '@apollo/testing';
import { BillingStarsModule } from '../billing-stars.module.js';
import { billingStarsSchema } from '../billing-stars.schema.js';
import type { PackName } from '../plans/offer.table.js';
import { StarsWorld } from '../spec/stars.world.spec.js';
import { type AskedSession, LocalStripe, type SignedMessage } from './stripe.server.spec.js';

/** The running service with a local Stripe, and a gateway that speaks to it. */
export class StripeWorld {
  private constructor(
    readonly stars: StarsWorld,
    readonly stripe: LocalStripe,
    readonly gateway: TestPeer,
    private readonly orgs: TestPeer,
    private readonly service: RunningService,
  ) {}

  static async start(change: { automaticTax?: boolean } = {}): Promise<StripeWorld> {
    const [stars, stripe] = [await StarsWorld.start(4), await LocalStripe.start()];
    const config = { ...testServiceConfig('billing-stars', stars.test), stripe: { ...stripe.config, ...change } };
    const service = await startService({
      name: 'billing-stars',
      schema: billingStarsSchema,
      config,
      module: await BillingStarsModule.with(config),
    });
    return new StripeWorld(stars, stripe, await testPeer('gateway'), await testOrgs(), service);
  }

  async stop(): Promise<void> {
    await this.gateway.close();
    await this.service.stop();
    await this.orgs.close();
    await this.stripe.stop();
    await this.stars.test.drop();
  }

  ask<Q extends object, R extends object>(
    org: TestOrg,
    contract: RequestContract<Q, R>,
    request: NoInfer<Q>,
    idempotencyKey = newId(),
  ): Promise<R> {
    return org.as(() => this.gateway.bus.request(contract, request, { idempotencyKey, timeoutMs: 20_000 }));
  }

  /** An operator's request. */
  operate<Q extends object, R extends object>(contract: RequestContract<Q, R>, request: NoInfer<Q>): Promise<R> {
    return asPlatform(
      () => this.gateway.bus.request(contract, request, { idempotencyKey: newId(), timeoutMs: 20_000 }),
      newId(),
    );
  }

  /** What Stripe's message is answered with. */
  async tell(message: SignedMessage): Promise<string> {
    return (await asPlatform(() => this.gateway.bus.request(TakeProviderMessage, message, { timeoutMs: 20_000 })))
      .outcome;
  }

  /** A pack that is ordered, and the session it is to be paid in. */
  async order(org: TestOrg, pack: PackName = 'pack-1000'): Promise<{ id: string; session: AskedSession }> {
    const payment = await this.ask(org, BuyPack, { pack });
    return { id: payment.id, session: this.sessionOf(payment) };
  }

  sessionOf({ checkout_url }: billingStarsMessages.Payment): AskedSession {
    return this.stripe.sessions.find(({ id }) => checkout_url?.endsWith(id)) as AskedSession;
  }

  /** The organization's newest order, as it is shown to people. */
  async shown(org: TestOrg): Promise<billingStarsMessages.Payment> {
    return (await this.ask(org, ListPayments, { limit: 1 })).items[0] as billingStarsMessages.Payment;
  }

  async balance(org: TestOrg): Promise<number> {
    return (await this.stars.wallet(org)).package_balance;
  }

  /** What the organization's audit log says of payments, oldest first. */
  async audited(org: TestOrg): Promise<string[]> {
    const rows = await this.stars.test.admin(
      "select action from billing_stars.audit_entries where org_id = $1 and action like 'payment.%' order by seq",
      [org.id],
    );
    return rows.map(({ action }) => String(action));
  }
}
