import { call, deletion, lookup, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import type { SealedFactor } from './factor.seal.js';

type State = 'pending' | 'confirmed';

/** A TOTP secret as it is stored. */
export interface FactorRow extends SealedFactor {
  /** bigint of Postgres, as text. */
  readonly last_step: string | null;
}

const mine = lookup<{ second_factor: boolean; factor_id: string | null }, object>(
  'my second factor',
  'select * from identity.my_account()',
);
const require = lookup<object, { id: string; factor: string; codes: string[] }>(
  'require factor',
  'select * from identity.require_factor(:id, :factor, :codes)',
);
const useCode = lookup<{ used: boolean }, { id: string; hash: string }>(
  'use recovery code',
  'select * from identity.use_recovery_code(:id, :hash)',
);
const lock = statement<FactorRow, { state: State }>(
  'totp lock',
  'select id, sealed_secret, last_step from identity.totp_factors where user_id = :actor and state = :state for update',
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
const useStep = statement<object, { id: string; step: number }>(
  'totp use',
  'update identity.totp_factors set last_step = :step where user_id = :actor and id = :id',
);
const reseal = statement<object, { id: string; sealed: string }>(
  'totp reseal',
  'update identity.totp_factors set sealed_secret = :sealed where user_id = :actor and id = :id',
);

/** A person's second factor; runs in that person's context, and for what the directory says of it under scope `platform`. */
@Injectable()
export class SecondFactorRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Whether the account has one: the directory says so, which nothing done under a person's tag can change. */
  async isConfirmed(): Promise<boolean> {
    return (await this.confirmed()) !== undefined;
  }

  /** The id of the one the account has, as the directory says; null where it is not known any more which it was. */
  async confirmed(): Promise<string | null | undefined> {
    const [account] = await this.database.query(mine, {});
    return account?.second_factor ? account.factor_id : undefined;
  }

  /** Platform. From now on the account is not entered without this one, or one of these recovery codes. */
  async require(userId: string, factor: string, codeHashes: readonly string[]): Promise<void> {
    await this.database.query(require, { id: userId, factor, codes: [...codeHashes] });
  }

  /** Platform. @returns whether there was such a code; there is none any more */
  async useCode(userId: string, hash: string): Promise<boolean> {
    return (await this.database.query(useCode, { id: userId, hash })).length > 0;
  }

  /** The secret of a state, locked until the transaction ends: a code is checked by one request at a time. */
  async lock(state: State): Promise<FactorRow | undefined> {
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

  async useStep(id: string, step: number): Promise<void> {
    await this.database.query(useStep, { id, step });
  }

  async reseal(id: string, sealedSecret: string): Promise<void> {
    await this.database.query(reseal, { id, sealed: sealedSecret });
  }
}
