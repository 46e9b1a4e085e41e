import { call, deletion, functionCall, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import type { SealedFactor } from './factor.seal.js';

type State = 'pending' | 'confirmed';

/** What the directory says of the second factor of an account. */
export interface ConfirmedFactor {
  /** The last time step that was accepted. */
  readonly usedUpTo: number | null;
}

const mine = functionCall<
  /** `factor_step` is a bigint of Postgres, as text. */
  { second_factor: boolean; factor_step: string | null },
  object
>('my second factor', 'select * from identity.my_account()');
const begin = functionCall<object, { id: string; factor: string; until: Date; session: string | null }>(
  'await factor',
  'select * from identity.await_factor(:id, :factor, :until, :session::uuid)',
);
const tryPending = functionCall<{ tries: number }, { id: string; attempt: string; now: Date; most: number }>(
  'try factor',
  'select * from identity.try_factor(:id, :attempt, :now, :most)',
);
const require = functionCall<{ required: boolean }, { id: string; factor: string; step: number; codes: string[] }>(
  'require factor',
  'select * from identity.require_factor(:id, :factor, :step, :codes)',
);
const useStep = functionCall<{ used: boolean }, { id: string; factor: string; step: number }>(
  'use factor step',
  'select * from identity.use_factor_step(:id, :factor, :step)',
);
const useCode = functionCall<{ used: boolean }, { id: string; hash: string }>(
  'use recovery code',
  'select * from identity.use_recovery_code(:id, :hash)',
);
const lock = statement<SealedFactor, { state: State }>(
  'totp lock',
  'select id, sealed_secret from identity.totp_factors where user_id = :actor and state = :state for update',
);
const drop = statement<object, { state: State }>(
  'totp drop',
  deletion('identity.totp_factors', 'user_id = :actor and state = :state'),
);
const addPending = statement<object, { id: string; sealed: string; now: Date }>(
  'totp add',
  "insert into identity.totp_factors (user_id, id, state, sealed_secret, created_at) values (:actor, :id, 'pending', :sealed, :now)",
);
const confirm = statement<object, { id: string }>(
  'totp confirm',
  "update identity.totp_factors set state = 'confirmed' where user_id = :actor and id = :id",
);
const reseal = statement<object, { id: string; sealed: string }>(
  'totp reseal',
  'update identity.totp_factors set sealed_secret = :sealed where user_id = :actor and id = :id',
);

/**
 * A person's second factor; runs in that person's context, and for what the directory says of it under scope
 * `platform`.
 */
@Injectable()
export class SecondFactorRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Whether the account has one: the directory says so, which nothing done under a person's tag can change. */
  async isConfirmed(): Promise<boolean> {
    return (await this.confirmed()) !== undefined;
  }

  /** The one the account has, undefined where it has none. */
  async confirmed(): Promise<ConfirmedFactor | undefined> {
    const [account] = await this.database.query(mine, {});
    if (!account?.second_factor) return undefined;
    return { usedUpTo: account.factor_step === null ? null : Number(account.factor_step) };
  }

  /**
   * Platform. From now on this one waits to be confirmed, and no other.
   *
   * @param session which began it: it waits no longer than that one stands
   */
  async begin(userId: string, factor: string, until: Date, session: string | undefined): Promise<void> {
    await this.database.query(begin, { id: userId, factor, until, session: session ?? null });
  }

  /**
   * Platform. Counts a code that is tried of what waits, whatever the person's rows say it is; copies of an attempt
   * count once.
   *
   * @param most codes that are tried of one
   * @returns how many were tried, with this one; undefined when nothing waits, or not any more
   */
  async tryPending(userId: string, attempt: string, now: Date, most: number): Promise<number | undefined> {
    const [row] = await this.database.query(tryPending, { id: userId, attempt, now, most });
    return row?.tries;
  }

  /**
   * Platform. From now on the account is not entered without this one, or one of these recovery codes.
   *
   * @param step the time step whose code confirmed it
   * @returns whether it is the one that waited
   */
  async require(userId: string, factor: string, step: number, codeHashes: readonly string[]): Promise<boolean> {
    return (await this.database.query(require, { id: userId, factor, step, codes: [...codeHashes] })).length > 0;
  }

  /**
   * Platform. Uses up the codes of this time step and of those before it.
   *
   * @returns whether this is the account's factor, and this step's were not used up yet
   */
  async useStep(userId: string, factor: string, step: number): Promise<boolean> {
    return (await this.database.query(useStep, { id: userId, factor, step })).length > 0;
  }

  /** Platform. @returns whether there was such a code; there is none any more */
  async useCode(userId: string, hash: string): Promise<boolean> {
    return (await this.database.query(useCode, { id: userId, hash })).length > 0;
  }

  /** The secret of a state, locked until the transaction ends: a code is checked by one request at a time. */
  async lock(state: State): Promise<SealedFactor | undefined> {
    const [row] = await this.database.query(lock, { state });
    return row;
  }

  async replacePending(id: string, sealedSecret: string, now: Date): Promise<void> {
    await this.database.batch([call(drop, { state: 'pending' }), call(addPending, { id, sealed: sealedSecret, now })]);
  }

  /** The pending secret takes the place of the confirmed one. */
  async confirm(id: string): Promise<void> {
    await this.database.batch([call(drop, { state: 'confirmed' }), call(confirm, { id })]);
  }

  async reseal(id: string, sealedSecret: string): Promise<void> {
    await this.database.query(reseal, { id, sealed: sealedSecret });
  }
}
