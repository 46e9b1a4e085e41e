import { billingStarsMessages, typeOf, WalletWarnedEvent, ZONE_AREAS } from '@apollo/contracts';
import { type FunctionFile, functionFiles } from '@apollo/tenancy/postgres';
import { eventFacts } from '@apollo/testing';
import { billingStarsSchema } from './billing-stars.schema.js';
import { MAX_BATCH } from './holds/batch.rules.js';
import { CURRENCY, PACKS, PLANS } from './plans/offer.table.js';
import { PRICE_BOOK } from './prices/price.book.js';
import { THRESHOLDS } from './warnings/warning.tables.js';

const { MAX_STARS } = billingStarsMessages;

/** The first threshold that nobody was told of yet. */
const nextOf = (warned: string): string =>
  `case ${THRESHOLDS.map((threshold) => `when ${warned} < ${threshold} then ${threshold}`).join(' ')} end`;

describe('the functions of billing-stars', () => {
  let files: FunctionFile[];
  beforeAll(async () => {
    files = await functionFiles(billingStarsSchema);
  });

  /** On one line. */
  const textOf = (name: string): string =>
    (files.find((file) => file.name === `functions/${name}`)?.text ?? '').replaceAll(/\s+/g, ' ');

  const rowsOf = (name: string): string[] =>
    [...textOf(name).matchAll(/\(('[^)]+|\d[^)]+)\)/g)].map(([, row]) => row as string);

  it.each([
    ['holds/release_many', `size not between 1 and ${MAX_BATCH} `],
    ['holds/reserve', `amount > ${MAX_STARS} `],
    ['holds/reserve', nextOf('asked.warned')],
    ['holds/reserve_many', `size not between 1 and ${MAX_BATCH} `],
    ['holds/reserve_many', `u.stars not between 1 and ${MAX_STARS} `],
    ['holds/reserve_many', nextOf('warned_at[asked]')],
    ['holds/settle_many', `size not between 1 and ${MAX_BATCH} `],
    ['holds/settle_many', `u.stars not between 1 and ${MAX_STARS} `],
    ['payments/currency', `select '${CURRENCY}'`],
    ['wallets/check_stars', `stars > ${MAX_STARS} `],
    ['wallets/knows_zone', `'^(${ZONE_AREAS.join('|')})(`],
    ['warnings/warn', `'${typeOf(WalletWarnedEvent)}'`],
    ['warnings/warn_counters', `array[${THRESHOLDS.join(', ')}]`],
    ['warnings/warn_counters', nextOf('k.warned')],
    ['warnings/warn_level', nextOf('warned')],
    ['warnings/warn_wallet', `array[${THRESHOLDS.join(', ')}]`],
  ])('have the numbers of the code: %s says %s', (name, literal) => {
    expect(textOf(name)).toContain(literal);
  });

  it('know the prices and the offers of the code', () => {
    expect(rowsOf('prices/price_book')).toEqual(
      PRICE_BOOK.flatMap(({ version, stars }) =>
        Object.entries(stars).map(([action, price]) => `${version}, '${action}', ${price}::bigint`),
      ),
    );
    expect(rowsOf('plans/offers')).toEqual(
      Object.entries({ plan: PLANS, pack: PACKS }).flatMap(([kind, items]) =>
        Object.entries(items).map(
          ([item, { stars, cents }]) => `'${kind}', '${item}', ${stars}::bigint, ${cents}::bigint`,
        ),
      ),
    );
  });

  it('name a plan’s month alike in each that looks for it', () => {
    const ofMonth = "'plan:' || to_char(w.period, 'YYYY-MM-DD')";
    expect(textOf('plans/renew_plan')).toContain(ofMonth);
    expect(textOf('plans/resume_plan')).toContain(ofMonth);
  });

  it('tell of the events that the contracts declare, and take those', async () => {
    const { declared, written } = await eventFacts(billingStarsSchema, 'billing-stars');
    expect(written).toEqual(declared);
  });
});
