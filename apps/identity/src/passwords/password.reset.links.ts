import { DomainError } from '@apollo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository.js';
import { asPerson } from '../doors/person.door.js';
import { type Clock, CLOCK, later } from '../process/clock.js';
import { isPersonTokenFor, newPersonToken, openPersonToken } from '../secrets/link.token.js';
import { SecretBox } from '../secrets/secret.box.js';
import { PasswordRepository } from './password.repository.js';

/** How long a reset link works: one hour. */
const RESET_LIFETIME_MS = 3_600_000;
/** What reset tokens are for. */
const RESET = 'password reset';

/** Makes reset links and finds out whose they are. */
@Injectable()
export class PasswordResetLinks {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly passwords: PasswordRepository,
    private readonly box: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Person. The token of a new link; the link before stops working. */
  async make(userId: string): Promise<string> {
    const now = this.clock();
    const { token, hash } = newPersonToken(userId, RESET, this.box);
    await this.passwords.replaceReset(hash, now, later(now, RESET_LIFETIME_MS));
    return token;
  }

  /** Platform. Locks the link until the transaction ends. @throws DomainError `link_used` for one that works no more or never did */
  async open(token: string): Promise<{ userId: string; email: string }> {
    const shown = openPersonToken(token);
    const presented = shown && isPersonTokenFor(token, shown.userId, RESET, this.box) ? shown : undefined;
    const account = presented && (await this.accounts.describe(presented.userId));
    const link = presented && (await asPerson(presented.userId, () => this.passwords.lockReset(presented.hash)));
    if (!presented || !account || !link || link.expires_at <= this.clock()) throw new DomainError('link_used');
    return { userId: presented.userId, email: account.email };
  }
}
