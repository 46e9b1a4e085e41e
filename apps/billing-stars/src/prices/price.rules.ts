import type { billingStarsMessages } from '@apollo/contracts';
import { ACTIONS, PRICE_BOOK, type PriceList } from './price.book.js';

const units: ReadonlyMap<string, string> = new Map(Object.entries(ACTIONS));

/** The newest version of a book. */
export function newestOf(book: readonly PriceList[] = PRICE_BOOK): PriceList {
  return book.reduce((newest, list) => (list.version > newest.version ? list : newest));
}

/** A price as people read it. An action that a newer book does not know any more is its own unit. */
export function priceOf(action: string, stars: number): billingStarsMessages.Price {
  return { action, unit: units.get(action) ?? action, stars };
}

/**
 * What holds from the next period on, or null when that is what holds now.
 *
 * @param startsOn first day of the next period
 */
export function nextPrices(
  current: number,
  startsOn: string,
  book: readonly PriceList[] = PRICE_BOOK,
): billingStarsMessages.NextPrices | null {
  const newest = newestOf(book);
  if (newest.version <= current) return null;
  return {
    price_version: newest.version,
    starts_on: startsOn,
    items: Object.entries(newest.stars).map(([action, stars]) => priceOf(action, stars)),
  };
}
