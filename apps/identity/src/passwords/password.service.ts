import { type Clock, CLOCK, currentTenant, newId } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { AccountRepository } from '../accounts/account.repository.js';
import { asPerson, asPlatform } from '../context/person.context.js';
import { SessionDirectory } from '../sessions/session.directory.js';
import { type Asker, PasswordHasher } from './password.hasher.js';
import { PasswordRepository } from './password.repository.js';
import { assertPassword } from './password.rules.js';

/** What checking an address and a password found. */
export interface PasswordCheck {
  readonly right: boolean;
  /** Whose address it is; a stranger's id, which belongs to nobody, where the address is unknown. */
  readonly userId: string;
  /**
   * How often that person had been signed out everywhere before the password was looked at, which then may be replaced.
   */
  readonly signOuts: number;
}

/** Sets and checks passwords. */
@Injectable()
export class PasswordService {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly passwords: PasswordRepository,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Platform. The same queries and the same hashing for every address, known or not.
   *
   * @param from the network address that asks
   * @throws DomainError as `PasswordHasher.hash`
   */
  async check(email: string, password: string, from: string): Promise<PasswordCheck> {
    const userId = (await this.accounts.find(email)) ?? newId();
    const signOuts = await this.sessions.signOutsOf(userId);
    return { userId, signOuts, right: await asPerson(userId, () => this.isMine(password, from)) };
  }

  /**
   * Person. Whether it is the acting person's password.
   *
   * @throws DomainError as `PasswordHasher.hash`
   */
  async isMine(password: string, from: Asker): Promise<boolean> {
    return this.hasher.verify(currentTenant().actor, await this.passwords.hash(), password, from);
  }

  /**
   * Before an attempt is counted: one that is refused for want of room is none.
   *
   * @throws DomainError `rate_limited` where too many passwords wait to be checked
   */
  assertRoom(from: Asker): void {
    this.hasher.assertRoom(from);
  }

  /**
   * The hash that `set` takes. Outside of transactions: it waits for its turn.
   *
   * @throws DomainError `validation_failed` for a password that is guessed first; as `PasswordHasher.hash`
   */
  async prepare(password: string, { id, email }: { id: string; email: string }, from: Asker): Promise<string> {
    assertPassword(password, email);
    return this.hasher.hash(id, password, from);
  }

  /** Person, inside a transaction. @param hash that `prepare` made for the acting person */
  async set(hash: string): Promise<void> {
    const { actor } = currentTenant();
    await this.passwords.setHash(hash, this.clock());
    await asPlatform(() => this.passwords.enforce(actor, hash));
  }
}
