import { statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { unlessBusy } from '../wallets/busy.wallet.js';
import type { COMPARTMENTS } from './grant.tables.js';

/** Stars that come in: for what, into which compartment, how many. */
export interface NewGrant {
  /** What they come from, e.g. a payment's id; the same source is granted once. */
  readonly source: string;
  readonly compartment: (typeof COMPARTMENTS)[number];
  readonly stars: number;
}

export type GrantAnswer =
  | { readonly outcome: 'granted'; readonly id: string; readonly new: boolean }
  | { readonly outcome: 'source_reused' }
  | { readonly outcome: 'no_wallet' };

const grant = statement<{ answer: GrantAnswer }, NewGrant>('grant stars',
  'select billing_stars.grant_stars(:source, :compartment, :stars, :actor) as answer');

@Injectable()
export class GrantRepository {
  constructor(private readonly database: TenantDatabase) {}

  async grant(given: NewGrant): Promise<GrantAnswer> {
    const [row] = await unlessBusy(this.database.query(grant, given));
    return row?.answer as GrantAnswer;
  }
}
