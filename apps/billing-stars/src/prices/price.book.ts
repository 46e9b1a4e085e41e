/** What is billed, and what one of it is. */
export const ACTIONS = {
  'agent.step':
    'a step of an agent’s run: one call of a model with up to 4,000 tokens, and again for each further 4,000 begun',
  'agent.delegation': 'a task handed from one persona to another',
  'tool.call': 'a call of a tool that an integration offers; built-in tools are free',
  'document.page': 'a page of a document read into memory',
  'email.draft': 'a drafted e-mail, whether it is approved or not',
  'campaign.touch': 'a draft that a campaign makes for one lead',
  'twin.draft': 'a draft in a person’s own voice',
} as const;

/** A billable action; whatever is not listed is free and never blocked. */
export type BillableAction = keyof typeof ACTIONS;

/** One version of the price book: Stars per unit of each billable action. */
export interface PriceList {
  readonly version: number;
  readonly stars: Readonly<Partial<Record<BillableAction, number>>>;
}

/**
 * The platform's price book. A new version is added here and in `price_book.sql`; each
 * organization takes it on when its next period begins, so prices never change within one. A version that was once
 * published is never changed.
 */
export const PRICE_BOOK: readonly PriceList[] = [
  {
    version: 1,
    stars: {
      'agent.step': 1,
      'agent.delegation': 1,
      'tool.call': 1,
      'document.page': 1,
      'email.draft': 2,
      'campaign.touch': 2,
      'twin.draft': 3,
    },
  },
];
