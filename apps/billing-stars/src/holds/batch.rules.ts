import { MAX_STARS } from '../schema.functions.js';

/** Most reservations, settlements or releases of one call. */
export const MAX_BATCH = 64;

/** How a batch begins: every list is as long as the first, counts from one, and is no longer than a batch may be. */
export const sized = (first: string, others: readonly string[] = []): string =>
  `if size is null or size not between 1 and ${MAX_BATCH} or array[${[first, ...others].map((list) => `array_dims(${list})`).join(', ')}] <> array_fill('[1:' || size || ']', array[${others.length + 1}]) then
    raise exception 'a batch is lists of one length, 1 to ${MAX_BATCH}' using errcode = '22023';
  end if;`;

/** Refuses the whole batch where one of its amounts is none: whoever sent it is then heard alone. */
export const AMOUNTS = `if exists (select from unnest(amounts) as u (stars) where u.stars is null or u.stars not between 1 and ${MAX_STARS}) then
    raise exception 'an amount of Stars is a whole number from 1 to ${MAX_STARS}' using errcode = '22003';
  end if;`;

/** Stars of the wallet that nothing holds. */
export const FREE = 'w.monthly_balance - w.monthly_held + w.package_balance - w.package_held';
