import { newId } from '@apollo/tenancy';
import { call, deletion, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';

const readHash = statement<{ password_hash: string }, object>(
  'credentials read',
  'select password_hash from identity.credentials where user_id = :actor and id = :actor',
);
const writeHash = statement<object, { hash: string; now: Date }>(
  'credentials write',
  `insert into identity.credentials (user_id, id, password_hash, changed_at) values (:actor, :actor, :hash, :now)
   on conflict (user_id, id) do update set password_hash = excluded.password_hash, changed_at = excluded.changed_at`,
);
const dropResets = statement<object, object>(
  'password resets drop',
  deletion('identity.password_resets', 'user_id = :actor'),
);
const addReset = statement<object, { id: string; hash: string; now: Date; expires: Date }>(
  'password resets add',
  'insert into identity.password_resets (user_id, id, token_hash, created_at, expires_at) values (:actor, :id, :hash, :now, :expires)',
);
const lockReset = statement<{ expires_at: Date }, { hash: string }>(
  'password resets lock',
  'select expires_at from identity.password_resets where user_id = :actor and token_hash = :hash for update',
);

/** A person's password hash and reset links; runs in that person's context. */
@Injectable()
export class PasswordRepository {
  constructor(private readonly database: TenantDatabase) {}

  async hash(): Promise<string | undefined> {
    const [row] = await this.database.query(readHash, {});
    return row?.password_hash;
  }

  /** Stores the hash; every reset link dies with the password it was for. */
  async setHash(hash: string, now: Date): Promise<void> {
    await this.database.batch([call(writeHash, { hash, now }), call(dropResets, {})]);
  }

  /** The new link is the only one. */
  async replaceReset(tokenHash: string, now: Date, expires: Date): Promise<void> {
    await this.database.batch([call(dropResets, {}), call(addReset, { id: newId(), hash: tokenHash, now, expires })]);
  }

  /** The reset link of this token, locked until the transaction ends. */
  async lockReset(tokenHash: string): Promise<{ expires_at: Date } | undefined> {
    const [row] = await this.database.query(lockReset, { hash: tokenHash });
    return row;
  }
}
