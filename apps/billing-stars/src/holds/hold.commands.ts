import type { billingStarsMessages } from '@apollo/contracts';
import type { RefusingLayer } from '../caps/cap.tables.js';

/** What a reservation is asked for. */
export interface NewHold {
  readonly key: string;
  /** Of the whole request: the same key with another one is refused. */
  readonly hash: string;
  readonly stars: number;
  readonly agent: string;
  readonly person: string | null;
  readonly run: string;
  readonly price: number;
  readonly ttl: number;
}

/** What somebody wants done with a hold of the acting organization's wallet. */
export type HoldCommand =
  | ({ readonly kind: 'reserve' } & NewHold)
  | { readonly kind: 'settle'; readonly hold: string; readonly stars: number }
  | { readonly kind: 'release'; readonly hold: string }
  | { readonly kind: 'extend'; readonly hold: string; readonly ttl: number };

export type ReserveAnswer =
  | {
      readonly outcome: 'reserved';
      readonly hold_id: string;
      readonly from_monthly: number;
      readonly from_package: number;
      readonly expires_at: string;
    }
  | {
      readonly outcome: 'refused';
      readonly layer: RefusingLayer;
      readonly reason: billingStarsMessages.Reservation['reason'];
      readonly cap: number;
      readonly used: number;
    }
  | { readonly outcome: 'key_reused' }
  | { readonly outcome: 'price_changed'; readonly price_version: number };

/** `ended`: the hold's end does not allow what was asked. */
export type HoldAnswer =
  | {
      readonly outcome: 'settled' | 'released' | 'extended' | 'ended';
      readonly hold_id: string;
      readonly state: billingStarsMessages.Hold['state'];
      readonly stars: number;
      readonly settled: number;
      readonly from_monthly: number;
      readonly from_package: number;
      readonly overdrawn: number;
      readonly expires_at: string;
    }
  | { readonly outcome: 'not_found' };

/**
 * Who decides: each command by itself, or with others that meet it at the same wallet.
 *
 * @throws DomainError `service_unavailable` where the wallet cannot be had in time: nothing was changed
 */
export interface HoldDecisions {
  reserve(hold: NewHold): Promise<ReserveAnswer>;
  settle(hold: string, stars: number): Promise<HoldAnswer>;
  release(hold: string): Promise<HoldAnswer>;
  extend(hold: string, ttl: number): Promise<HoldAnswer>;
}
