import { handledMessage } from '@apollo/messaging';
import { networksOf } from '@apollo/service-kit/process';
import { type Clock, CLOCK, newId } from '@apollo/tenancy';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { SecretBox } from '../secrets/secret.box.js';
import { ThrottleRepository } from './throttle.repository.js';
import { afterSuccess, afterUndo, type Counter, type Counters, judge, type Verdict } from './throttle.rules.js';

/** What is limited; each purpose counts for itself. */
export type Purpose = 'sign-in' | 'forgot-password' | 're-authentication';

/** An attempt that was counted: the counters it touched. */
export interface Attempt {
  readonly ids: Readonly<Record<keyof Counters, string | undefined>> & { readonly attempt: string };
}

type Taken = Attempt & Pick<Verdict, 'originBlocked' | 'accountBlocked'>;

/** Limits attempts per account and per origin, known account or not. Runs under scope `platform`. */
@Injectable()
export class ThrottleService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly counters: ThrottleRepository,
    private readonly box: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Counts an attempt as failed unless it is blocked. Each process may handle a copy of the attempt's message: together
   * they count once. @param account address key; @param origin network address, or what stands for it
   */
  async take(purpose: Purpose, account: string, origin: string): Promise<Taken> {
    const [{ name: from }, wider, widest] = networksOf(origin);
    const ofOrigin = (name: string): string => this.box.fingerprint(`${purpose}|origin|${name}`);
    const ids = {
      account: this.box.fingerprint(`${purpose}|account|${account}`),
      origin: ofOrigin(from),
      wider: wider && ofOrigin(wider.name),
      widest: widest && ofOrigin(widest.name),
      pair: this.box.fingerprint(`${purpose}|pair|${from}|${account}`),
      attempt: this.box.fingerprint(`${purpose}|attempt|${attemptName()}`),
    };
    const { originBlocked, accountBlocked } = await this.change({ ids }, (counters, now) => judge(counters, now));
    return { ids, originBlocked, accountBlocked };
  }

  /**
   * The attempt was right: its counter starts afresh, account and origin know each other, the origin gets this attempt
   * back.
   */
  async succeeded(attempt: Attempt): Promise<void> {
    await this.change(attempt, (counters, now) => ({ counters: afterSuccess(counters, now) }));
  }

  /** The attempt was right as far as it went: it counts for nothing. */
  async undo(attempt: Attempt): Promise<void> {
    await this.change(attempt, (counters, now) => ({ counters: afterUndo(counters, now) }));
  }

  private async change<Result extends { readonly counters: Counters }>(
    { ids }: Attempt,
    decide: (counters: Counters, now: Date) => Result,
  ): Promise<Result> {
    return this.database.transaction(async () => {
      const now = this.clock();
      const named = Object.entries(ids).filter((entry): entry is [keyof Counters, string] => entry[1] !== undefined);
      const found = await this.counters.locked(
        named.map(([, id]) => id),
        now,
      );
      const fresh: Counter = { failures: 0, lastAt: now, blockedUntil: null, provedAt: null };
      const counters = Object.fromEntries(named.map(([name, id]) => [name, found.get(id) ?? fresh]));
      const result = decide(counters as unknown as Counters, now);
      await this.counters.keep(new Map(named.map(([name, id]) => [id, result.counters[name] ?? fresh])), now);
      return result;
    });
  }
}

/**
 * What copies of an attempt's message have in common, and no other attempt: all that it says, under a name that no
 * caller chooses. The gateway passes its callers' idempotency keys on, so that only the id it gave the message is such
 * a name; the keys of services are their own.
 */
function attemptName(): string {
  const message = handledMessage();
  if (!message) return newId();
  const { issuer, id, idempotencyKey } = message.envelope;
  return JSON.stringify([issuer === 'gateway' ? id : idempotencyKey, message.payload]);
}
