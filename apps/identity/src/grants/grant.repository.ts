import { platformStatement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { addressKey } from '../accounts/address.rules.js';

/** A grant to be stored. */
export interface NewGrant {
  readonly id: string;
  readonly email: string;
  readonly state: 'pending' | 'activated';
  /** Null for a grant that needs no link. */
  readonly tokenHash: string | null;
  readonly issuedBy: string;
  readonly now: Date;
  readonly expires: Date;
}

const supersede = platformStatement<object, { key: string }>(
  'grants supersede',
  "update identity.access_grants set state = 'superseded', token_hash = null where email_key = :key and state = 'pending'",
);
const add = platformStatement<
  object,
  Omit<NewGrant, 'tokenHash' | 'issuedBy'> & { key: string; hash: string | null; by: string }
>(
  'grants add',
  `insert into identity.access_grants (id, email, email_key, token_hash, state, issued_by, created_at, expires_at, activated_at)
   values (:id, :email, :key, :hash, :state, :by, :now, :expires, case when :state::text = 'activated' then :now::timestamptz end)`,
);
const activate = platformStatement<{ email: string }, { hash: string; now: Date }>(
  'grants activate',
  `update identity.access_grants set state = 'activated', token_hash = null, activated_at = :now
   where token_hash = :hash and state = 'pending' and expires_at > :now returning email`,
);
const waiting = platformStatement<{ email: string }, { hash: string; now: Date }>(
  'grants waiting',
  "select email from identity.access_grants where token_hash = :hash and state = 'pending' and expires_at > :now",
);
const activateFor = platformStatement<{ id: string }, { key: string; now: Date }>(
  'grants activate for address',
  `update identity.access_grants set state = 'activated', token_hash = null, activated_at = :now
   where email_key = :key and state = 'pending' and expires_at > :now returning id`,
);

/** Access grants; scope `platform`. A link that no longer works leaves no hash behind. */
@Injectable()
export class GrantRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** @throws unique violation `one_pending` when another pending grant for the address is stored at the same moment */
  async add({ tokenHash, issuedBy, ...grant }: NewGrant): Promise<void> {
    const key = addressKey(grant.email);
    await this.database.query(supersede, { key });
    await this.database.query(add, { ...grant, key, hash: tokenHash, by: issuedBy });
  }

  /** @returns the address to which a link was mailed, undefined when it works no more or never did */
  async waiting(tokenHash: string, now: Date): Promise<string | undefined> {
    const [row] = await this.database.query(waiting, { hash: tokenHash, now });
    return row?.email;
  }

  /** Uses a link up. @returns the address it was mailed to, undefined when it works no more or never did */
  async activate(tokenHash: string, now: Date): Promise<string | undefined> {
    const [row] = await this.database.query(activate, { hash: tokenHash, now });
    return row?.email;
  }

  /** Uses up whatever grant waits for an address. @returns whether there was one */
  async activateFor(email: string, now: Date): Promise<boolean> {
    return (await this.database.query(activateFor, { key: addressKey(email), now })).length > 0;
  }
}
