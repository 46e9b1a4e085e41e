import { createHash } from 'node:crypto';
import { DomainError } from '@apollo/contracts';
import { handledMessage } from '@apollo/messaging';
import { currentTenant, newId } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { CURRENCY } from '../plans/offer.table.js';
import { WalletRepository } from '../wallets/wallet.repository.js';
import { type Checkout, PAYMENT_PROVIDER, type PaymentProvider } from './payment.provider.js';
import { type NewOrder, type OfferedCheckout, PaymentRepository, type WayToPay } from './payment.repository.js';

/**
 * Orders in two steps: the provider is asked for a way to pay outside of any transaction, and what it said is written
 * down with the order. Who pays is told where only after both, so nothing can be paid that is not known here.
 */
@Injectable()
export class CheckoutService {
  constructor(
    private readonly payments: PaymentRepository,
    private readonly wallets: WalletRepository,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
  ) {}

  /**
   * Asks for a way to pay. Never within a transaction.
   *
   * @throws DomainError `service_unavailable`; `org_suspended`, which is billed for nothing; `not_found` without a
   *   wallet
   */
  async ask(item: string, cents: number): Promise<WayToPay> {
    const wallet = await this.wallets.find();
    refuseUnlessOpen(wallet?.standing ?? 'no_wallet');
    const checkout: Checkout = await this.provider.checkout({
      key: keyOf(item, cents),
      description: `Apollo Space: ${item}`,
      cents,
      currency: CURRENCY,
    });
    return { provider: this.provider.name, ...checkout };
  }

  /**
   * Writes an order down, and by which name it will be told that it was paid.
   *
   * @returns its id
   * @throws DomainError `state_conflict`; `org_suspended`; `not_found` while no wallet is open
   */
  async order(wanted: NewOrder, way: WayToPay): Promise<string> {
    const { outcome, id } = await this.payments.order(wanted);
    refuseUnlessOpen(outcome);
    if (outcome === 'changed')
      throw new DomainError('state_conflict', 'The plan or the period has changed meanwhile; ask again.');
    await this.offer({ id, ...way });
    return id;
  }

  /**
   * Notes how an order can be paid from now on.
   *
   * @throws DomainError `not_found`, `org_suspended`; `state_conflict` when nothing is to be paid any more
   */
  async offer(checkout: OfferedCheckout): Promise<void> {
    const outcome = await this.payments.offer(checkout);
    refuseUnlessOpen(outcome);
    if (outcome === 'not_found') throw new DomainError('not_found');
    if (outcome === 'over') throw new DomainError('state_conflict', 'Nothing is to be paid any more.');
    // The same command sent twice at once: the other one took effect, and its answer is this one's.
    if (outcome === 'taken') throw new DomainError('state_conflict', 'This was ordered already.');
  }
}

function refuseUnlessOpen(outcome: string): void {
  if (outcome === 'suspended')
    throw new DomainError('org_suspended', 'A suspended organization is billed for nothing.');
  if (outcome === 'closed') throw new DomainError('not_found', 'The organization is gone.');
  if (outcome === 'no_wallet') throw new DomainError('not_found', 'The organization has no wallet yet.');
}

/**
 * The same for a command that is sent again, another one for every other: so the provider offers one way to pay for it.
 */
function keyOf(item: string, cents: number): string {
  const { orgId, actor } = currentTenant();
  return createHash('sha256')
    .update(JSON.stringify([orgId, actor, handledMessage()?.envelope.idempotencyKey ?? newId(), item, cents]))
    .digest('hex');
}
