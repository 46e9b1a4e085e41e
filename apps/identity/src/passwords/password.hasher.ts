import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { SecretBox } from '../secrets/secret.box.js';
import { passwordForm } from './password.rules.js';

/** argon2id (the library's default algorithm) as OWASP's cheat sheet asks for it: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Makes and checks password hashes; a check takes the same time whether there is a hash to check against or not. */
@Injectable()
export class PasswordHasher {
  private readonly nobody = hash('the password of an account that is not there', COST);

  constructor(private readonly box: SecretBox) {}

  /** @param userId whose password it is: a hash is worth nothing to anybody else, nor without the service's key */
  hash(userId: string, password: string): Promise<string> {
    return hash(passwordForm(password), { ...COST, secret: this.secretOf(userId) });
  }

  /** @param stored the hash, or undefined where the account is unknown: then as much work and always false */
  async verify(userId: string, stored: string | undefined, password: string): Promise<boolean> {
    const right = await verify(stored ?? (await this.nobody), passwordForm(password), {
      secret: this.secretOf(userId),
    });
    return right && stored !== undefined;
  }

  private secretOf(userId: string): Buffer {
    return this.box.following(`password of ${userId}`);
  }
}
