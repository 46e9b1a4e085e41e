import { AuditTrail, callOperator, LOGGER, type Logger } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { type Charged, ChargeRepository, type FactAnswer, type FactSource } from './charge.repository.js';
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
    return this.record(charged, await this.charges.pay(charged), 'payment.refunded');
  }

  async refund(source: FactSource, amount: number): Promise<FactAnswer> {
    return this.record(source, await this.charges.refund(source, amount), 'payment.refunded');
  }

  async claim(source: FactSource, fact: ClaimFact): Promise<FactAnswer> {
    const answer = await this.charges.claim(source, fact);
    const isDispute = fact.kind === 'dispute';
    // A dispute that opens takes money, and one that is lost keeps it: what is reported of it in between calls nobody.
    if (isDispute && answer.outcome === 'noted' && (answer.gone_cents > 0 || fact.state === 'lost'))
      await this.call('dispute', { payment: source.id, state: fact.state }, 'a payment is in dispute, or lost');
    return this.record(source, answer, isDispute ? 'payment.disputed' : 'payment.refunded');
  }

  private async record(source: FactSource, answer: FactAnswer, gone: string): Promise<FactAnswer> {
    if (answer.outcome !== 'noted') return answer;
    const { item, stars, cents, moved, gone_cents, kept_cents } = answer;
    const { provider } = source;
    if (answer.paid) await this.audit.done('payment.received', source.id, { item, stars, cents, provider });
    if (gone_cents > 0) await this.audit.done(gone, source.id, { stars: Math.max(moved, 0), cents: gone_cents });
    if (gone_cents < 0)
      await this.audit.done('payment.reinstated', source.id, { stars: -Math.min(moved, 0), cents: -gone_cents });
    if (answer.surplus) {
      await this.audit.done('payment.overpaid', source.id, { cents, kept_cents, provider });
      const facts = { payment: source.id };
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
