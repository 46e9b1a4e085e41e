import { DomainError } from '@apollo/contracts';
import { type Clock, CLOCK, later } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { newPersonToken, openPersonToken } from '../secrets/link.token.js';
import { SecretBox } from '../secrets/secret.box.js';
import { PasswordRepository } from './password.repository.js';

/** How long a reset link works: one hour. */
export const RESET_LIFETIME_MS = 3_600_000;
/** What reset tokens are for. */
const RESET = 'password reset';

/** Whose link it is. */
export interface Linked {
  readonly id: string;
  readonly email: string;
}

/**
 * Makes reset links and finds out whose they are. The directory holds the one that works, so that none that was used,
 * has expired or was never mailed can be put in its place under the person's tag. Platform.
 */
@Injectable()
export class PasswordResetLinks {
  constructor(
    private readonly passwords: PasswordRepository,
    private readonly box: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The token of a new link; the link before stops working. */
  async make(userId: string): Promise<string> {
    const { token, hash } = newPersonToken(userId, RESET, this.box);
    await this.passwords.setReset(userId, hash, later(this.clock(), RESET_LIFETIME_MS));
    return token;
  }

  /**
   * Whose link it is; uses nothing up.
   *
   * @throws DomainError `link_used` for one that works no more or never did
   */
  async find(token: string): Promise<Linked> {
    return linked(token, (id, hash) => this.passwords.findReset(id, hash, this.clock()));
  }

  /** Uses the link up, if the transaction commits. @throws DomainError as `find` */
  async use(token: string): Promise<Linked> {
    return linked(token, (id, hash) => this.passwords.useReset(id, hash, this.clock()));
  }
}

async function linked(
  token: string,
  emailOf: (id: string, hash: string) => Promise<string | undefined>,
): Promise<Linked> {
  const shown = openPersonToken(token);
  const email = shown && (await emailOf(shown.userId, shown.hash));
  if (!shown || email === undefined) throw new DomainError('link_used');
  return { id: shown.userId, email };
}
