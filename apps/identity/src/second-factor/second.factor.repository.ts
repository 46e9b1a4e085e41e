import { newId } from '@apollo/tenancy';
import { call, deletion, lookup, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';

type State = 'pending' | 'confirmed';

/** A TOTP secret as it is stored. */
export interface FactorRow {
  readonly id: string;
  readonly sealed_secret: string;
  /** bigint of Postgres, as text. */
  readonly last_step: string | null;
}

const mine = lookup<{ second_factor: boolean }, object>('my second factor', 'select * from identity.my_account()');
const require = lookup<object, { id: string }>('require factor', 'select * from identity.require_factor(:id)');
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
const useCode = statement<{ id: string }, { hash: string }>(
  'recovery codes use',
  deletion('identity.recovery_codes', 'user_id = :actor and code_hash = :hash'),
);
const dropCodes = statement<object, object>(
  'recovery codes drop',
  deletion('identity.recovery_codes', 'user_id = :actor'),
);
const addCodes = statement<object, { ids: string[]; hashes: string[] }>(
  'recovery codes add',
  'insert into identity.recovery_codes (user_id, id, code_hash) select :actor, id, hash from unnest(:ids::uuid[], :hashes::text[]) as c (id, hash)',
);

/** A person's second factor; runs in that person's context. */
@Injectable()
export class SecondFactorRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Whether the account has one: the directory says so, which nothing done under a person's tag can change. */
  async isConfirmed(): Promise<boolean> {
    return (await this.database.query(mine, {})).some(({ second_factor }) => second_factor);
  }

  /** Platform. From now on the account is not entered without one. */
  async require(userId: string): Promise<void> {
    await this.database.query(require, { id: userId });
  }

  /** The secret of a state, locked until the transaction ends: a code is checked by one request at a time. */
  async lock(state: State): Promise<FactorRow | undefined> {
    const [row] = await this.database.query(lock, { state });
    return row;
  }

  async replacePending(id: string, sealedSecret: string, now: Date): Promise<void> {
    await this.database.batch([call(drop, { state: 'pending' }), call(addPending, { id, sealed: sealedSecret, now })]);
  }

  /** The pending secret takes the place of the confirmed one, and its recovery codes that of the old codes. */
  async confirm(id: string, codeHashes: readonly string[]): Promise<void> {
    await this.database.batch([
      call(drop, { state: 'confirmed' }),
      call(confirm, { id }),
      call(dropCodes, {}),
      call(addCodes, { ids: codeHashes.map(() => newId()), hashes: [...codeHashes] }),
    ]);
  }

  async useStep(id: string, step: number): Promise<void> {
    await this.database.query(useStep, { id, step });
  }

  /** @returns whether there was such a code; there is none any more */
  async useCode(hash: string): Promise<boolean> {
    return (await this.database.query(useCode, { hash })).length > 0;
  }
}
