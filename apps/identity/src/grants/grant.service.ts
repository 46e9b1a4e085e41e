import { DomainError, type identityMessages } from '@apollo/contracts';
import { type Clock, CLOCK, currentTenant, later, newId } from '@apollo/tenancy';
import { isUniqueViolation, TenantDatabase } from '@apollo/tenancy/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository.js';
import { IdentityMails } from '../mail/identity.mails.js';
import { newToken } from '../secrets/link.token.js';
import { GrantRepository, type NewGrant } from './grant.repository.js';

/** How long an activation link works: 7 days. */
const GRANT_LIFETIME_MS = 7 * 24 * 3_600_000;

/** Lets addresses in: operators grant, the mailed link activates. */
@Injectable()
export class GrantService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly grants: GrantRepository,
    private readonly accounts: AccountRepository,
    private readonly mails: IdentityMails,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Grants an address access. An address with an account needs no link: it may create organizations from now on. */
  async issue({ email }: identityMessages.AccessGrantRequest): Promise<identityMessages.AccessGrant> {
    const now = this.clock();
    const expires = later(now, GRANT_LIFETIME_MS);
    const issued = { id: newId(), email, issuedBy: currentTenant().actor, now, expires };
    await this.database.transaction(async () => {
      const userId = await this.accounts.find(email);
      if (userId) {
        await this.accounts.allowOrgs(userId);
        await this.store({ ...issued, state: 'activated', tokenHash: null });
        await this.mails.grantedToAccount(email);
        return;
      }
      const { token, hash } = newToken();
      await this.store({ ...issued, state: 'pending', tokenHash: hash });
      await this.mails.activation(email, token);
    });
    return { id: issued.id, email, expires_at: expires.toISOString() };
  }

  private async store(grant: NewGrant): Promise<void> {
    try {
      await this.grants.add(grant);
    } catch (error) {
      if (isUniqueViolation(error, 'one_pending'))
        throw new DomainError('state_conflict', 'The address is being granted access at this moment.');
      throw error;
    }
  }
}
