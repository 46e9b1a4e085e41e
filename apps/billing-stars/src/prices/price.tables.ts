import { p, vaultTable } from '@apollo/tenancy/postgres';

/** Which version of the price book holds for the organization since when: a new one starts with a period. */
export const priceVersions = vaultTable({
  name: 'PriceVersion',
  schema: 'billing_stars',
  table: 'price_versions',
  properties: { version: p.integer(), startsOn: p.date() },
  uniques: [['version']],
});

/** What an action costs in a version, in Stars per unit. */
export const prices = vaultTable({
  name: 'Price',
  schema: 'billing_stars',
  table: 'prices',
  properties: { version: p.integer(), action: p.text(), stars: p.bigint('number') },
  uniques: [['version', 'action']],
});
