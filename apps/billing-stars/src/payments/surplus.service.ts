import { createHash } from 'node:crypto';
import { type billingStarsMessages, DomainError } from '@apollo/contracts';
import { DatabaseBusyError } from '@apollo/tenancy/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { ChargeService } from './charge.service.js';
import { ChargeRepository } from './charge.repository.js';
import { PaymentResolver } from './payment.resolver.js';
import { type ClaimFact, PAYMENT_PROVIDER, type PaymentProvider } from './payment.provider.js';
import { type ChargeRow, PaymentRepository } from './payment.repository.js';
import { paymentOf } from './payment.view.js';
import { type Surplus, surplusOfPayment } from './surplus.rules.js';

/** A charge, what of it is to go back, and the refund that the provider made of that; none where it came in by hand. */
export interface PreparedReturn extends Surplus {
  readonly row: ChargeRow;
  readonly refund: ClaimFact | null;
}

/** Money that no order needs: which there is, and giving it back. */
@Injectable()
export class SurplusService {
  constructor(
    private readonly resolver: PaymentResolver,
    private readonly charges: ChargeRepository,
    private readonly payments: PaymentRepository,
    private readonly chargeService: ChargeService,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
  ) {}

  /**
   * Orders of all organizations, a hundred at most, oldest first. One of an organization that keeps its connections
   * busy is told of the next time: it hides no others.
   */
  async list(): Promise<billingStarsMessages.Overpayments> {
    const items: billingStarsMessages.Overpayment[] = [];
    for (const { orgId, paymentId } of await this.charges.overpaid()) {
      const row = await this.resolver
        .into(paymentId, () => this.payments.find(paymentId))
        .catch((error: unknown) => {
          if (error instanceof DatabaseBusyError) return undefined;
          throw error;
        });
      if (row) items.push({ org_id: orgId, payment: paymentOf(row) });
    }
    return { items };
  }

  /**
   * Has the provider give back what stays beyond the order's price. Asked for again it is the same refund, until it is
   * noted: then there is nothing more to give back. Not within a transaction.
   *
   * @throws DomainError `not_found`, `service_unavailable`; `state_conflict` where the provider refuses
   */
  async prepare(id: string): Promise<PreparedReturn[]> {
    const payment = await this.resolver.into(id, () => this.payments.find(id));
    if (!payment) throw new DomainError('not_found');
    const returns: PreparedReturn[] = [];
    for (const surplus of surplusOfPayment(payment)) {
      const row = payment.charges.find((charge) => charge.id === surplus.charge) as ChargeRow;
      const isOurs = row.provider === this.provider.name && row.provider !== 'manual';
      const wish = { key: keyOf(row, surplus.amount), charge: row.name, amount: surplus.amount };
      returns.push({ ...surplus, row, refund: isOurs ? await this.provider.giveBack(wish) : null });
    }
    return returns;
  }

  /** Notes what was given back. */
  async giveBack(id: string, returns: readonly PreparedReturn[]): Promise<billingStarsMessages.GivenBackList> {
    await this.resolver.into(id, async () => {
      for (const { row, refund } of returns) {
        if (!refund) continue;
        const source = { id, event: `${row.provider}:${refund.id}`, provider: row.provider, charge: row.name };
        await this.chargeService.claim(source, refund);
      }
    });
    return {
      items: returns.map(({ charge, amount, row, refund }) => ({
        charge,
        provider: row.provider,
        amount,
        currency: row.amount_currency ?? '',
        done: refund !== null,
      })),
    };
  }
}

/** Another one once anything more of the charge has gone. */
function keyOf({ id, refunded, lost }: ChargeRow, amount: number): string {
  return createHash('sha256')
    .update(JSON.stringify(['give back', id, refunded, lost, amount]))
    .digest('hex');
}
