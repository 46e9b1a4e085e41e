import { currentRequestId, currentTenant, runAsSystem } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { PaymentRepository } from './payment.repository.js';

const reason = 'a provider or an operator tells of a payment';

/**
 * Steps from the platform into the organization whose payment a reference is: by what was ordered here and by nothing
 * else.
 */
@Injectable()
export class PaymentResolver {
  constructor(
    private readonly database: TenantDatabase,
    private readonly payments: PaymentRepository,
  ) {}

  /** Whether a reference was noted for any order. */
  async knows(reference: string): Promise<boolean> {
    return (await this.payments.whose(reference)) !== undefined;
  }

  /**
   * Runs `work` for the payment's organization, in one transaction with the look-up; undefined for a reference nobody
   * knows.
   */
  async into<T>(reference: string, work: (paymentId: string) => Promise<T>): Promise<T | undefined> {
    return this.database.transaction(async () => {
      const found = await this.payments.whose(reference);
      if (!found) return undefined;
      const { actor, role } = currentTenant();
      return runAsSystem(
        {
          reason,
          service: 'billing-stars',
          scope: 'org',
          orgId: found.orgId,
          requestId: currentRequestId(),
          ...(role === 'operator' && { actor }),
        },
        () => work(found.paymentId),
      );
    });
  }
}
