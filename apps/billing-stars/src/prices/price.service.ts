import { type billingStarsMessages, DomainError } from '@apollo/contracts';
import { Injectable } from '@nestjs/common';
import { PriceRepository } from './price.repository.js';
import { nextPrices, priceOf } from './price.rules.js';

/** What billable actions cost the acting organization. */
@Injectable()
export class PriceService {
  constructor(private readonly prices: PriceRepository) {}

  /** @throws DomainError `not_found` while no wallet is open */
  async current(): Promise<billingStarsMessages.Prices> {
    const row = await this.prices.current();
    if (!row) throw new DomainError('not_found', 'The organization has no wallet yet.');
    const items = Object.entries(row.stars)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([action, stars]) => priceOf(action, stars));
    return {
      price_version: row.version,
      starts_on: row.starts_on,
      items,
      next: nextPrices(row.version, row.next_period),
    };
  }
}
