import {
  Choice,
  Flag,
  FlatMap,
  Instant,
  Int,
  Nested,
  NestedList,
  Nullable,
  Optional,
  Text,
  TextList,
  Uuid,
} from '../message/fields.js';
import { Page } from '../message/shared.messages.js';
import { MAX_STARS, REFUSING_LAYERS } from './stars.limits.js';

export { MAX_STARS, REFUSING_LAYERS };
export * from './payment.messages.js';

const amount = { min: 1, max: MAX_STARS };
/** A sum: bounded by what a number holds exactly. */
const sum = { min: 0, max: 9_007_199_254_740_991 };
const version = { min: 1, max: 2_000_000_000 };
const ttl = { min: 1, max: 3_600 };

export const CAP_LAYERS = ['org_month', 'agent_day', 'user_agent_month'] as const;

export class ReserveRequest {
  /** One per action, the caller's; a repeated request with it gets the same answer. */
  @Text({ min: 8, max: 100 }) key!: string;
  /** The estimated cost in Stars. */
  @Int(amount) stars!: number;
  @Uuid() agent_id!: string;
  /** For whom the agent acts; absent when it acts on its own. */
  @Optional() @Uuid() person_id?: string;
  @Uuid() run_id!: string;
  /** The price-book version the estimate was made with. */
  @Int(version) price_version!: number;
  /** Seconds until the hold expires by itself; 600 when absent. */
  @Optional() @Int(ttl) ttl_seconds?: number;
}

export class Reservation {
  @Choice(['reserved', 'refused']) outcome!: 'reserved' | 'refused';
  /** Null when refused. */
  @Nullable() @Uuid() hold_id!: string | null;
  @Int(sum) from_monthly!: number;
  @Int(sum) from_package!: number;
  @Nullable() @Instant() expires_at!: string | null;
  /** The first layer that refused; null when reserved. */
  @Nullable() @Choice(REFUSING_LAYERS) refused_by!: (typeof REFUSING_LAYERS)[number] | null;
  /**
   * `balance`: too few Stars are free; `owing`: an overdraft is to be paid first; `cap`; `no_wallet`; `suspended` and
   * `closed` are the organization.
   */
  @Nullable() @Choice(['balance', 'owing', 'cap', 'no_wallet', 'suspended', 'closed']) reason!:
    'balance' | 'owing' | 'cap' | 'no_wallet' | 'suspended' | 'closed' | null;
  /** What the refusing layer allows, and how much of it is spent or held. */
  @Nullable() @Int(sum) cap!: number | null;
  @Nullable() @Int(sum) used!: number | null;
  /** Roles that may raise what refused; empty when reserved. */
  @TextList({ max: 4, length: 10 }) raised_by!: string[];
}

export class SettleRequest {
  @Uuid() hold_id!: string;
  /** The real cost. Less than the hold gives the rest back, more is booked as overdraft. */
  @Int(amount) stars!: number;
}

export class HoldRequest {
  @Uuid() hold_id!: string;
}

export class ExtendRequest {
  @Uuid() hold_id!: string;
  /** Seconds from now; never shortens. */
  @Int(ttl) ttl_seconds!: number;
}

export class Hold {
  @Uuid() id!: string;
  @Choice(['open', 'settled', 'released', 'expired']) state!: 'open' | 'settled' | 'released' | 'expired';
  @Int(sum) stars!: number;
  /** What was charged; 0 unless settled. */
  @Int(sum) settled!: number;
  @Int(sum) from_monthly!: number;
  @Int(sum) from_package!: number;
  /** The part of what was charged that the wallet owes. */
  @Int(sum) overdrawn!: number;
  @Instant() expires_at!: string;
}

export class Balance {
  /** Stars that may still be reserved; below zero by what is owed. Advice only: a reservation decides. */
  @Int({ min: -9_007_199_254_740_991, max: 9_007_199_254_740_991 }) total!: number;
}

/** A threshold of a cap, or of all the Stars that the wallet has had in the period, was reached. */
export class Warning {
  @Choice(REFUSING_LAYERS) layer!: (typeof REFUSING_LAYERS)[number];
  @Nullable() @Uuid() agent_id!: string | null;
  @Nullable() @Uuid() person_id!: string | null;
  /** First day of the period; the day itself for a cap of a day. */
  @Text({ max: 10 }) starts!: string;
  /** Parts of a hundred; each is told of once in a period. */
  @Int({ min: 50, max: 100 }) threshold!: number;
  /** What was allowed then, and how much of it was spent or held. */
  @Int(sum) stars!: number;
  @Int(sum) used!: number;
}

export class PastWarning extends Warning {
  @Instant() at!: string;
}

export class Wallet {
  @Choice(['active', 'owing']) state!: 'active' | 'owing';
  /** Expires at the end of the period; used first. Held Stars included. */
  @Int(sum) monthly_balance!: number;
  @Int(sum) package_balance!: number;
  /** Monthly Stars of earlier periods that open holds still keep. */
  @Int(sum) carried!: number;
  /** Of all three, what open holds have taken. */
  @Int(sum) held!: number;
  @Int(sum) overdraft!: number;
  @Int(sum) available!: number;
  /** First day of the running month in the organization's time zone. */
  @Text({ max: 10 }) period!: string;
  @Text({ max: 60 }) time_zone!: string;
  @Int(version) price_version!: number;
  /** `suspended` and `closed` as the organization is: nothing is reserved then. */
  @Optional() @Choice(['open', 'suspended', 'closed']) standing?: 'open' | 'suspended' | 'closed';
  /** Of the running month and this day, newest first. */
  @Optional() @NestedList(() => PastWarning, { max: 50 }) warnings?: PastWarning[];
}

export const LEDGER_KINDS = [
  'grant',
  'reversal',
  'reinstatement',
  'repayment',
  'charge',
  'late_charge',
  'hold_lapsed',
  'period_end',
] as const;

export class LedgerRequest extends Page {
  @Optional() @Choice(LEDGER_KINDS) kind?: (typeof LEDGER_KINDS)[number];
  /** From this moment on. */
  @Optional() @Instant() since?: string;
  /** Before this moment. */
  @Optional() @Instant() until?: string;
  @Optional() @Uuid() agent_id?: string;
  @Optional() @Uuid() person_id?: string;
  @Optional() @Uuid() run_id?: string;
}

export class LedgerTransaction {
  /** Position in the organization's ledger, from 1 without gaps. */
  @Int({ min: 1, max: 9_007_199_254_740_991 }) seq!: number;
  @Uuid() id!: string;
  @Instant() at!: string;
  @Choice(LEDGER_KINDS) kind!: (typeof LEDGER_KINDS)[number];
  @Text({ max: 60 }) actor!: string;
  @Nullable() @Uuid() agent_id!: string | null;
  @Nullable() @Uuid() person_id!: string | null;
  @Nullable() @Uuid() run_id!: string | null;
  @Int(version) price_version!: number;
  @Text({ max: 200 }) idempotency_key!: string;
  /** Account → Stars: debits above zero, credits below; together zero. */
  @FlatMap({ keys: 7, length: 20 }) entries!: Record<string, unknown>;
}

export class Ledger {
  @NestedList(() => LedgerTransaction, { max: 200 }) items!: LedgerTransaction[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class Cap {
  @Uuid() id!: string;
  @Choice(CAP_LAYERS) layer!: (typeof CAP_LAYERS)[number];
  /** Null with layer `agent_day` or `user_agent_month`: for all that have no cap of their own. */
  @Nullable() @Uuid() agent_id!: string | null;
  @Nullable() @Uuid() person_id!: string | null;
  /** Null: no cap. */
  @Nullable() @Int({ min: 0, max: MAX_STARS }) stars!: number | null;
  @Nullable() @Int(amount) raise_to!: number | null;
  @Nullable() @Instant() raise_until!: string | null;
  /** Spent and held in the running period; 0 for a cap of many subjects. */
  @Int(sum) used!: number;
  /** The highest threshold that was warned of in the running period, in parts of a hundred; 0 for none. */
  @Optional() @Int({ min: 0, max: 100 }) warned?: number;
  @Int(version) version!: number;
}

export class CapList {
  @NestedList(() => Cap, { max: 200 }) items!: Cap[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

/** Which cap: `org_month` names nobody, `agent_day` an agent or none for all, `user_agent_month` both or neither. */
class NamedCap {
  @Choice(CAP_LAYERS) layer!: (typeof CAP_LAYERS)[number];
  @Optional() @Uuid() agent_id?: string;
  @Optional() @Uuid() person_id?: string;
}

/** As `NamedCap`; also as a `Cap` names it. */
export class CapRequest {
  @Choice(CAP_LAYERS) layer!: (typeof CAP_LAYERS)[number];
  @Optional() @Nullable() @Uuid() agent_id?: string | null;
  @Optional() @Nullable() @Uuid() person_id?: string | null;
}

export class SetCapRequest extends CapRequest {
  /** Stars per period, null to take the cap away; one of them has to be said. */
  @Optional() @Nullable() @Int({ min: 0, max: MAX_STARS }) stars?: number | null;
  @Optional() @Int(version) if_match?: number;
}

export class RaiseCapRequest extends CapRequest {
  @Int(amount) stars!: number;
  @Instant() until!: string;
}

export class Price {
  @Text({ max: 60 }) action!: string;
  /** What is counted: Stars are per one of it. */
  @Text({ max: 200 }) unit!: string;
  @Int(amount) stars!: number;
}

/** A version that is published and holds from the next period on. */
export class NextPrices {
  @Int(version) price_version!: number;
  /** First day of that period in the organization's time zone. */
  @Text({ max: 10 }) starts_on!: string;
  @NestedList(() => Price, { max: 100 }) items!: Price[];
}

export class Prices {
  /** Prices do not change within a period. */
  @Int(version) price_version!: number;
  @Text({ max: 10 }) starts_on!: string;
  /** Actions that are not listed are free. */
  @NestedList(() => Price, { max: 100 }) items!: Price[];
  @Nullable() @Nested(() => NextPrices) next!: NextPrices | null;
}

export class ProposedCap extends NamedCap {
  /** Stars per period. */
  @Int({ min: 0, max: MAX_STARS }) stars!: number;
}

/** What would have been refused between two moments, had these caps held and no others. */
export class SimulationRequest {
  @Instant() since!: string;
  /** Now when absent; at most a year after `since`. */
  @Optional() @Instant() until?: string;
  @NestedList(() => ProposedCap, { max: 50 }) caps!: ProposedCap[];
}

/** Of one proposed cap. */
export class SimulatedCap extends NamedCap {
  @Int({ min: 0, max: MAX_STARS }) stars!: number;
  /** Reservations it would have been the first to refuse, and their Stars. */
  @Int(sum) refused!: number;
  @Int(sum) refused_stars!: number;
  @Nullable() @Instant() first_refused_at!: string | null;
  /** The most of it that would have been spent or held in one period. */
  @Int(sum) peak!: number;
}

export class Refused {
  @Instant() at!: string;
  @Choice(CAP_LAYERS) layer!: (typeof CAP_LAYERS)[number];
  @Uuid() agent_id!: string;
  @Nullable() @Uuid() person_id!: string | null;
  @Uuid() run_id!: string;
  @Int(amount) stars!: number;
  @Int(sum) cap!: number;
  @Int(sum) used!: number;
}

export class Simulation {
  /** Reservations of the range that were replayed, and how many of them would have been refused. */
  @Int(sum) reservations!: number;
  @Int(sum) refused!: number;
  @Int(sum) refused_stars!: number;
  /** The first one that would have been refused, and by which layer. */
  @Nullable() @Nested(() => Refused) first!: Refused | null;
  /** In the order they were proposed. */
  @NestedList(() => SimulatedCap, { max: 50 }) caps!: SimulatedCap[];
  /** False when there was more than is replayed at once: what is said holds for the time until `covered_until`. */
  @Flag() complete!: boolean;
  @Instant() covered_until!: string;
}
