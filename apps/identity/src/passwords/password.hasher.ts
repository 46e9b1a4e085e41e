import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { SecretBox } from '../secrets/secret.box.js';
import { passwordForm } from './password.rules.js';

/** argon2id (the library's default algorithm) as OWASP's cheat sheet asks for it: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** A hash of that cost and of one length. What a hash says it costs, a check spends: rows do not decide that. */
const FORM = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/;

/** Makes and checks password hashes; a check takes the same time whether there is a hash to check against or not. */
@Injectable()
export class PasswordHasher {
  private readonly nobody = hash('the password of an account that is not there', COST);

  constructor(private readonly box: SecretBox) {}

  /** @param userId whose password it is: a hash is worth nothing to anybody else, nor without the service's key */
  hash(userId: string, password: string): Promise<string> {
    return hash(passwordForm(password), { ...COST, secret: this.secretOf(userId) });
  }

  /**
   * @param found the hash, or undefined where the account is unknown: then, or for one of another form, as much work
   *   and always false
   */
  async verify(userId: string, found: string | undefined, password: string): Promise<boolean> {
    const stored = found !== undefined && FORM.test(found) ? found : undefined;
    const right = await verify(stored ?? (await this.nobody), passwordForm(password), {
      secret: this.secretOf(userId),
    });
    return right && stored !== undefined;
  }

  private secretOf(userId: string): Buffer {
    return this.box.following(`password of ${userId}`);
  }
}
