import { functionCall, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';

const readHash = statement<{ password_hash: string }, object>(
  'credentials read',
  `select password_hash from identity.credentials where user_id = :actor and id = :actor
     and encode(sha256(convert_to(password_hash, 'UTF8')), 'hex') = (select password_digest from identity.my_account())`,
);
const writeHash = statement<object, { hash: string; now: Date }>(
  'credentials write',
  `insert into identity.credentials (user_id, id, password_hash, changed_at) values (:actor, :actor, :hash, :now)
   on conflict (user_id, id) do update set password_hash = excluded.password_hash, changed_at = excluded.changed_at`,
);
const setPassword = functionCall<object, { id: string; hash: string }>(
  'set password',
  'select * from identity.set_password(:id, :hash)',
);
const setReset = functionCall<object, { id: string; hash: string; until: Date }>(
  'set reset',
  'select * from identity.set_reset(:id, :hash, :until)',
);
const findReset = functionCall<{ email: string }, { id: string; hash: string; now: Date }>(
  'find reset',
  'select * from identity.find_reset(:id, :hash, :now)',
);
const useReset = functionCall<{ email: string }, { id: string; hash: string; now: Date }>(
  'use reset',
  'select * from identity.use_reset(:id, :hash, :now)',
);

/**
 * A person's password hash, in that person's context, and what the directory knows under scope `platform`: which hash
 * is in force, and the reset link.
 */
@Injectable()
export class PasswordRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** The one that is in force: the directory says which, so that one of before is none. */
  async hash(): Promise<string | undefined> {
    const [row] = await this.database.query(readHash, {});
    return row?.password_hash;
  }

  async setHash(hash: string, now: Date): Promise<void> {
    await this.database.query(writeHash, { hash, now });
  }

  /** Platform. From now on no other hash of the person's is in force. */
  async enforce(id: string, hash: string): Promise<void> {
    await this.database.query(setPassword, { id, hash });
  }

  /** Platform. The new link is the only one. */
  async setReset(id: string, hash: string, until: Date): Promise<void> {
    await this.database.query(setReset, { id, hash, until });
  }

  /** Platform. @returns the account's address, undefined where it is not the link that works now */
  async findReset(id: string, hash: string, now: Date): Promise<string | undefined> {
    const [row] = await this.database.query(findReset, { id, hash, now });
    return row?.email;
  }

  /** Platform. Uses the link up. @returns the account's address, undefined where it is not the link that works now */
  async useReset(id: string, hash: string, now: Date): Promise<string | undefined> {
    const [row] = await this.database.query(useReset, { id, hash, now });
    return row?.email;
  }
}
