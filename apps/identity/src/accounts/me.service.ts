import { DomainError, type identityMessages } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { SecondFactorRepository } from '../second-factor/second.factor.repository.js';
import { SessionGate } from '../sessions/session.gate.js';
import { AccountRepository } from './account.repository.js';

/** What a person sees of their own account. */
@Injectable()
export class MeService {
  constructor(
    private readonly session: SessionGate,
    private readonly accounts: AccountRepository,
    private readonly factors: SecondFactorRepository,
  ) {}

  /** @throws DomainError `not_found` for a person who has no account; `unauthenticated` where the session has ended */
  async describe(): Promise<identityMessages.Me> {
    const [account, person, mfaEnabled] = await Promise.all([
      this.accounts.mine(),
      this.accounts.person(),
      this.factors.isConfirmed(),
      this.session.assertStands(),
    ]);
    if (!account || !person) throw new DomainError('not_found');
    return {
      id: currentTenant().actor,
      email: account.email,
      name: person.name,
      mfa_enabled: mfaEnabled,
      operator: account.operator,
    };
  }
}
