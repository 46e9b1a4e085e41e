import { LANGUAGES } from './public.names.js';
import { COMMON_ORDER, NAME_ORDERS, nameOrder } from './name.orders.js';

describe('the order of names', () => {
  it.each([
    ['sv', 'sv'],
    ['sv-FI', 'sv'],
    ['es-419', 'es'],
    ['no', 'nb'],
    ['nn-NO', 'nn'],
    ['zh', 'zh'],
    ['zh-TW', 'zh-Hant'],
    ['zh-Hant-HK', 'zh-Hant'],
    ['sr', 'sr'],
    ['sr-Latn', 'sr-Latn'],
    ['sr-ME', 'sr-Latn'],
    ['fr-CA', 'fr-CA'],
    ['tl', 'fil'],
    ['iw', 'he'],
  ])('of %s is the one of %s', (tag, order) => {
    expect(nameOrder(tag)).toBe(order);
  });

  it.each(['en', 'en-US', 'de', 'de-AT', 'de-u-co-phonebk', 'fr', 'fr-FR', 'pt-BR', 'it', 'nl', 'la', 'sv-u-co-trad'])(
    'of %s is known: the common one where the language has none of its own',
    (tag) => {
      expect(nameOrder(tag)).toBe(tag.startsWith('sv') ? 'sv' : COMMON_ORDER);
    },
  );

  it('is one of the list for every language an organization may have', () => {
    const orders = new Set([...LANGUAGES].map(nameOrder));
    expect([...orders].filter((order) => order !== COMMON_ORDER && !NAME_ORDERS.has(order))).toEqual([]);
    expect(orders.size).toBeGreaterThan(50);
  });
});
