import { deletion, platformStatement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import type { KeyPeriod } from './signing.key.rules.js';

/** A key as it is stored: the private part sealed. */
export interface StoredKey extends KeyPeriod {
  readonly id: string;
  /** The Ed25519 public key, base64url. */
  readonly publicX: string;
  readonly sealedPrivate: string;
}

interface Row {
  id: string;
  generation: number;
  public_x: string;
  sealed_private: string;
  signs_from: Date;
}

const all = platformStatement<Row, object>(
  'signing keys read',
  'select id, generation, public_x, sealed_private, signs_from from identity.signing_keys order by generation',
);
const add = platformStatement<object, Row & { now: Date }>(
  'signing keys add',
  `insert into identity.signing_keys (id, generation, public_x, sealed_private, signs_from, created_at)
   values (:id, :generation, :public_x, :sealed_private, :signs_from, :now) on conflict (realm, generation) do nothing`,
);
const drop = platformStatement<object, { ids: string[] }>(
  'signing keys drop',
  deletion('identity.signing_keys', 'id = any(:ids::uuid[])'),
);

/** Signing keys; scope `platform`. */
@Injectable()
export class SigningKeyRepository {
  constructor(private readonly database: TenantDatabase) {}

  async all(): Promise<StoredKey[]> {
    const rows = await this.database.query(all, {});
    return rows.map((row) => ({
      id: row.id,
      generation: row.generation,
      publicX: row.public_x,
      sealedPrivate: row.sealed_private,
      signsFrom: row.signs_from,
    }));
  }

  /** Stores a key unless another instance was first with this generation. */
  async add(key: StoredKey, now: Date): Promise<void> {
    await this.database.query(add, {
      id: key.id,
      generation: key.generation,
      public_x: key.publicX,
      sealed_private: key.sealedPrivate,
      signs_from: key.signsFrom,
      now,
    });
  }

  async drop(ids: readonly string[]): Promise<void> {
    await this.database.query(drop, { ids: [...ids] });
  }
}
