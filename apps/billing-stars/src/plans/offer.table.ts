/** Stars and what they cost, in cents of `CURRENCY`. */
export interface Offer {
  readonly stars: number;
  readonly cents: number;
}

/** ISO 4217; every amount of money here is a whole number of its cents, taxes not included. */
export const CURRENCY = 'EUR';

/** Stars of a month, granted at its beginning and gone at its end. */
export const PLANS = {
  starter: { stars: 2_000, cents: 1_900 },
  team: { stars: 10_000, cents: 7_900 },
  scale: { stars: 50_000, cents: 29_900 },
} as const satisfies Record<string, Offer>;

/** Stars that are bought once and never expire. */
export const PACKS = {
  'pack-1000': { stars: 1_000, cents: 1_200 },
  'pack-5000': { stars: 5_000, cents: 4_900 },
  'pack-20000': { stars: 20_000, cents: 15_900 },
} as const satisfies Record<string, Offer>;

export type PlanName = keyof typeof PLANS;
export type PackName = keyof typeof PACKS;
