/** One version of the price book: Stars per unit of each billable action. */
export interface PriceList {
  readonly version: number;
  readonly stars: Readonly<Record<string, number>>;
}

/**
 * The platform's price book. A new version is added here and by a migration that replaces `price_book()`; each
 * organization takes it on when its next period begins, so prices never change within one.
 */
export const PRICE_BOOK: readonly PriceList[] = [
  { version: 1, stars: { 'agent.step': 1, 'document.page': 1, 'email.draft': 2, 'lead.research': 5 } },
];
