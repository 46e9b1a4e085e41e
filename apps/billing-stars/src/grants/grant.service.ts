import { DomainError } from '@apollo/contracts';
import { AuditTrail } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { GrantRepository, type NewGrant, type NewReversal } from './grant.repository.js';

/** What brings Stars in: payments, plans, operators. */
@Injectable()
export class GrantService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly grants: GrantRepository,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Grants Stars once per source, and pays an overdraft from them first.
   *
   * @returns the grant's id, the same when the source came before
   * @throws DomainError `idempotency_mismatch` for a known source with another amount, `not_found` without a wallet
   */
  async grant(given: NewGrant): Promise<string> {
    return this.database.transaction(async () => {
      const answer = await this.grants.grant(given);
      if (answer.outcome === 'source_reused')
        throw new DomainError('idempotency_mismatch', 'The source was granted with another amount.');
      if (answer.outcome === 'no_wallet') throw new DomainError('not_found', 'The organization has no wallet yet.');
      if (answer.new)
        await this.audit.done('stars.granted', answer.id, { compartment: given.compartment, stars: given.stars });
      return answer.id;
    });
  }

  /**
   * Takes Stars of a grant back: a refund, a chargeback. What is spent already is owed and blocks reservations.
   *
   * @returns the reversal's id, the same when its source came before
   * @throws DomainError `not_found` for an unknown grant, `state_conflict` for more than is left of it,
   *   `idempotency_mismatch` for a known source with another amount or grant
   */
  async reverse(given: NewReversal): Promise<string> {
    return this.database.transaction(async () => {
      const answer = await this.grants.reverse(given);
      switch (answer.outcome) {
        case 'reversed':
          break;
        case 'source_reused':
          throw new DomainError('idempotency_mismatch', 'The source took back another amount.');
        case 'too_much':
          throw new DomainError('state_conflict', 'More than is left of the grant.');
        default:
          throw new DomainError('not_found');
      }
      if (answer.new) await this.audit.done('stars.taken-back', answer.id, { stars: given.stars });
      return answer.id;
    });
  }
}
