import { FairQueue, type Holder } from '@apollo/messaging';
import { networksOf } from '@apollo/service-kit/process';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { SecretBox } from '../secrets/secret.box.js';
import { passwordForm } from './password.rules.js';

/** argon2id (the library's default algorithm) as OWASP's cheat sheet asks for it: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** A hash of that cost and of one length. What a hash says it costs, a check spends: rows do not decide that. */
const FORM = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/;

/** Hashes made at once: each takes a thread, of which a process has four, and a core. */
const AT_ONCE = 2;
/** Hashes that wait: about as many as are made before those who asked for them have gone. */
const WAITING = 100;

/**
 * For whom a hash is made or checked: the address of a network, or the id of an organization. Never the person: whoever
 * has never asked has the next turn, and one can be many persons. Undefined where a gateway of the release before asks.
 */
export type Asker = string | undefined;

/**
 * Makes and checks password hashes; a check takes the same time whether there is a hash to check against or not. They
 * wait in one line, in turns by who asks, and one that nobody waits for any more is not made.
 */
@Injectable()
export class PasswordHasher {
  private readonly nobody = hash('the password of an account that is not there', COST);

  private readonly queue = new FairQueue({
    atOnce: AT_ONCE,
    atOnceOfHolder: Infinity,
    waiting: WAITING,
    waitingOfHolder: WAITING,
  });

  constructor(private readonly box: SecretBox) {}

  /**
   * @param userId whose password it is: a hash is worth nothing to anybody else, nor without the service's key
   * @param from whoever asks: a network address, or an organization that invited
   * @throws DomainError `rate_limited` where too many wait, `deadline_exceeded` where nobody waits for it any more
   */
  hash(userId: string, password: string, from: Asker): Promise<string> {
    return this.queue.run(holdersOf(from), () =>
      hash(passwordForm(password), { ...COST, secret: this.secretOf(userId) }),
    );
  }

  /**
   * @param found the hash, or undefined where the account is unknown: then, or for one of another form, as much work
   *   and always false
   * @param from as of `hash`
   * @throws DomainError as `hash`
   */
  verify(userId: string, found: string | undefined, password: string, from: Asker): Promise<boolean> {
    return this.queue.run(holdersOf(from), async () => {
      const stored = found !== undefined && FORM.test(found) ? found : undefined;
      const right = await verify(stored ?? (await this.nobody), passwordForm(password), {
        secret: this.secretOf(userId),
      });
      return right && stored !== undefined;
    });
  }

  /** For what is counted before a hash is made. @param from as of `hash` @throws DomainError as `hash` */
  assertRoom(from: Asker): void {
    this.queue.assertRoom(holdersOf(from));
  }

  private secretOf(userId: string): Buffer {
    return this.box.following(`password of ${userId}`);
  }
}

function holdersOf(from: Asker): Holder[] {
  return networksOf(from ?? 'unknown').map((network) => ({
    ...network,
    refusal: 'Too many passwords are being checked at once.',
  }));
}
