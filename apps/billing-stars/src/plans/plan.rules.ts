import type { Offer } from './offer.table.js';

/** What becomes of a wish for another plan: paid for and had at once, or from the next period on. */
export type PlanChange =
  ({ readonly when: 'now' } & Offer) | { readonly when: 'next-period' } | { readonly when: 'never' };

const NOTHING: Offer = { stars: 0, cents: 0 };

/**
 * More Stars a month come at once, for the days that are left, today included: that part of the difference in Stars
 * (rounded up) for that part of the difference in price (rounded down). Fewer come with the next period, which is paid
 * for already. The plan that holds stays as it is.
 *
 * @param current null for no plan
 * @param wanted null for none
 * @param day today in the organization's time zone, `yyyy-mm-dd`
 */
export function planChange(current: Offer | null, wanted: Offer | null, day: string): PlanChange {
  const [from, to] = [current ?? NOTHING, wanted ?? NOTHING];
  if (to.stars === from.stars) return { when: 'never' };
  if (to.stars < from.stars) return { when: 'next-period' };
  const { left, days } = daysLeft(day);
  return {
    when: 'now',
    stars: Math.ceil(((to.stars - from.stars) * left) / days),
    cents: Math.floor(((to.cents - from.cents) * left) / days),
  };
}

/** Days of the month of `day`, and how many of them are left, `day` included. */
export function daysLeft(day: string): { left: number; days: number } {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { left: days - date + 1, days };
}
