import { AuditTrail, callOperator, LOGGER, type Logger } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { type Charged, ChargeRepository, type FactAnswer, type Told } from './charge.repository.js';
import type { ClaimFact } from './payment.provider.js';

/**
 * Notes facts of the acting organization's charges, says in its audit log what came of them, and calls an operator
 * where one is needed.
 */
@Injectable()
export class ChargeService {
  constructor(
    private readonly charges: ChargeRepository,
    private readonly audit: AuditTrail,
    private readonly database: TenantDatabase,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async pay(charged: Charged): Promise<FactAnswer> {
    return this.tell(charged, await this.charges.pay(charged), 'payment.refunded');
  }

  async refund(told: Told, amount: number): Promise<FactAnswer> {
    return this.tell(told, await this.charges.refund(told, amount), 'payment.refunded');
  }

  async claim(told: Told, fact: ClaimFact): Promise<FactAnswer> {
    const answer = await this.charges.claim(told, fact);
    const isDispute = fact.kind === 'dispute';
    // A dispute that opens takes money, and one that is lost keeps it: what is told of it in between calls nobody.
    if (isDispute && answer.outcome === 'noted' && (answer.gone_cents > 0 || fact.state === 'lost'))
      await this.call('dispute', { payment: told.id, state: fact.state }, 'a payment is in dispute, or lost');
    return this.tell(told, answer, isDispute ? 'payment.disputed' : 'payment.refunded');
  }

  private async tell(told: Told, answer: FactAnswer, gone: string): Promise<FactAnswer> {
    if (answer.outcome !== 'noted') return answer;
    const { item, stars, cents, moved, gone_cents, kept_cents } = answer;
    const { provider } = told;
    if (answer.paid) await this.audit.done('payment.received', told.id, { item, stars, cents, provider });
    if (gone_cents > 0) await this.audit.done(gone, told.id, { stars: Math.max(moved, 0), cents: gone_cents });
    if (gone_cents < 0)
      await this.audit.done('payment.reinstated', told.id, { stars: -Math.min(moved, 0), cents: -gone_cents });
    if (answer.surplus) {
      await this.audit.done('payment.overpaid', told.id, { cents, kept_cents, provider });
      const facts = { payment: told.id };
      await this.call('overpayment', facts, 'money came in that no order needs: it is for an operator to give back');
    }
    return answer;
  }

  /** Once it is committed: for what is taken back nobody is called. */
  private call(what: string, facts: Record<string, unknown>, why: string): Promise<void> {
    return this.database.transaction(async (transaction) =>
      transaction.afterCommit(() => callOperator(this.logger, what, facts, why)),
    );
  }
}
