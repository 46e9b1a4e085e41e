import { functionCall, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { unlessBusy } from '../wallets/busy.wallet.js';
import { PlatformContext } from '../wallets/platform.context.js';
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

/** Stars that are taken back. */
export interface NewReversal {
  /** What takes them back, e.g. a refund's id; the same source takes back once. */
  readonly source: string;
  /** The source of the grant. */
  readonly of: string;
  readonly stars: number;
}

export type ReversalAnswer =
  | { readonly outcome: 'reversed'; readonly id: string; readonly new: boolean }
  | { readonly outcome: 'source_reused' }
  | { readonly outcome: 'not_found' }
  | { readonly outcome: 'too_much' }
  | { readonly outcome: 'no_wallet' };

const grant = functionCall<{ answer: GrantAnswer }, NewGrant & { wallet: string }>(
  'grant stars',
  'select billing_stars.grant_stars(:wallet, :source, :compartment, :stars, :actor) as answer',
);
const reverse = functionCall<{ answer: ReversalAnswer }, NewReversal & { wallet: string }>(
  'reverse grant',
  'select billing_stars.reverse_grant(:wallet, :source, :of, :stars, :actor) as answer',
);

@Injectable()
export class GrantRepository {
  constructor(
    private readonly database: TenantDatabase,
    private readonly platform: PlatformContext,
  ) {}

  async grant(given: NewGrant): Promise<GrantAnswer> {
    const [row] = await this.platform.act((wallet) => unlessBusy(this.database.query(grant, { ...given, wallet })));
    return row?.answer as GrantAnswer;
  }

  async reverse(given: NewReversal): Promise<ReversalAnswer> {
    const [row] = await this.platform.act((wallet) => unlessBusy(this.database.query(reverse, { ...given, wallet })));
    return row?.answer as ReversalAnswer;
  }
}
